#include "theriac/loader/view.h"

#include <cmath>

namespace theriac::loader {
namespace {

using Polygon = std::vector<cv::Point2d>;

// The part of a convex polygon where a x + b y <= c.
Polygon cut(const Polygon& polygon, double a, double b, double c) {
  Polygon result;
  for (std::size_t i = 0; i < polygon.size(); ++i) {
    const auto p = polygon[i], q = polygon[(i + 1) % polygon.size()];
    const double over_p = a * p.x + b * p.y - c, over_q = a * q.x + b * q.y - c;
    if (over_p <= 0) result.push_back(p);
    if ((over_p < 0 && over_q > 0) || (over_p > 0 && over_q < 0))
      result.push_back(p + (q - p) * (over_p / (over_p - over_q)));
  }
  return result;
}

double area(const Polygon& polygon) {
  double twice = 0;
  for (std::size_t i = 0; i < polygon.size(); ++i)
    twice += polygon[i].cross(polygon[(i + 1) % polygon.size()]);
  return std::abs(twice) / 2;
}

}  // namespace

cv::Mat apply_steps(const cv::Mat& rgb, const std::vector<Step>& steps) {
  CV_Assert(rgb.type() == CV_8UC3);
  cv::Mat result = rgb;
  for (const auto& step : steps) result = step.operation->apply(result, step.values);
  return result;
}

cv::Mat augment(const cv::Mat& rgb, const View& view, core::Stream& random) {
  CV_Assert(rgb.cols == rgb.rows);
  return apply_steps(rgb, view.draw(rgb.size(), random));
}

double visible(cv::Rect mark, cv::Size picture, const View& view, core::Stream random) {
  if (mark.empty()) mark = cv::Rect({}, picture);
  const double w = picture.width, h = picture.height;
  Polygon shown{{0, 0}, {w, 0}, {w, h}, {0, h}};  // the result's corners, taken back step by step
  const auto steps = view.draw(picture, random);
  for (auto step = steps.rbegin(); step != steps.rend(); ++step) {
    if (!step->operation->source) continue;
    const auto m = step->operation->source(picture, step->values);
    for (auto& p : shown)
      p = {m(0, 0) * p.x + m(0, 1) * p.y + m(0, 2), m(1, 0) * p.x + m(1, 1) * p.y + m(1, 2)};
  }
  shown = cut(shown, -1, 0, -mark.x);
  shown = cut(shown, 1, 0, mark.x + mark.width);
  shown = cut(shown, 0, -1, -mark.y);
  shown = cut(shown, 0, 1, mark.y + mark.height);
  return area(shown) / static_cast<double>(mark.area());
}

}  // namespace theriac::loader
