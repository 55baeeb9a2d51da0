// Rotations, shears and shifts as Pillow's Image.transform(AFFINE, NEAREST) makes them: the
// result's pixel centres are taken back with 16 bits of fraction, outside is black (Geometry.c).
// Matrices are those of Pillow's Image.rotate and of torchvision's affine with centre (0, 0).
#include <cmath>
#include <cstring>
#include <numbers>

#include "loader/operations.h"
#include "loader/resample.h"

namespace theriac::loader {
namespace {

int fixed(double value) { return static_cast<int>(std::floor(value * 65536.0 + 0.5)); }

cv::Mat nearest(const cv::Mat& rgb, const cv::Matx23d& m) {
  const int xx = fixed(m(0, 0)), xy = fixed(m(0, 1)), yx = fixed(m(1, 0)), yy = fixed(m(1, 1));
  int left = fixed(m(0, 2) + m(0, 0) * 0.5 + m(0, 1) * 0.5);
  int top = fixed(m(1, 2) + m(1, 0) * 0.5 + m(1, 1) * 0.5);
  cv::Mat result = cv::Mat::zeros(rgb.size(), CV_8UC3);
  for (int y = 0; y < rgb.rows; ++y, left += xy, top += yy) {
    auto* out = result.ptr<std::uint8_t>(y);
    int from_x = left, from_y = top;
    for (int x = 0; x < rgb.cols; ++x, out += 3, from_x += xx, from_y += yx) {
      const int column = from_x >> 16, row = from_y >> 16;
      if (column >= 0 && column < rgb.cols && row >= 0 && row < rgb.rows)
        std::memcpy(out, rgb.ptr<std::uint8_t>(row, column), 3);
    }
  }
  return result;
}

cv::Rect rectangle_of(std::span<const double> values) {
  return {static_cast<int>(values[0]), static_cast<int>(values[1]), static_cast<int>(values[2]),
          static_cast<int>(values[3])};
}

}  // namespace

cv::Matx23d rotate_source(cv::Size picture, std::span<const double> degrees) {
  double turn = std::fmod(degrees[0], 360.0);
  if (turn < 0) turn += 360;
  const double angle = -turn * (std::numbers::pi / 180);
  const auto rounded = [](double value) { return std::round(value * 1e15) / 1e15; };
  const double cos = rounded(std::cos(angle)), sin = rounded(std::sin(angle));
  const double x = picture.width / 2.0, y = picture.height / 2.0;
  return {cos, sin, cos * -x + sin * -y + x, -sin, cos, -sin * -x + cos * -y + y};
}

cv::Matx23d shear_x_source(cv::Size, std::span<const double> tangent) {
  return {1, tangent[0], 0, 0, 1, 0};
}

cv::Matx23d shear_y_source(cv::Size, std::span<const double> tangent) {
  return {1, 0, 0, tangent[0], 1, 0};
}

cv::Matx23d translate_x_source(cv::Size, std::span<const double> pixels) {
  return {1, 0, -std::trunc(pixels[0]), 0, 1, 0};
}

cv::Matx23d translate_y_source(cv::Size, std::span<const double> pixels) {
  return {1, 0, 0, 0, 1, -std::trunc(pixels[0])};
}

cv::Matx23d crop_source(cv::Size picture, std::span<const double> r) {
  return {r[2] / picture.width, 0, r[0], 0, r[3] / picture.height, r[1]};
}

cv::Matx23d flip_source(cv::Size picture, std::span<const double>) {
  return {-1, 0, static_cast<double>(picture.width), 0, 1, 0};
}

cv::Mat rotate(const cv::Mat& rgb, std::span<const double> degrees) {
  return degrees[0] == 0 ? rgb.clone() : nearest(rgb, rotate_source(rgb.size(), degrees));
}

cv::Mat shear_x(const cv::Mat& rgb, std::span<const double> tangent) {
  return nearest(rgb, shear_x_source(rgb.size(), tangent));
}

cv::Mat shear_y(const cv::Mat& rgb, std::span<const double> tangent) {
  return nearest(rgb, shear_y_source(rgb.size(), tangent));
}

cv::Mat translate_x(const cv::Mat& rgb, std::span<const double> pixels) {
  return nearest(rgb, translate_x_source(rgb.size(), pixels));
}

cv::Mat translate_y(const cv::Mat& rgb, std::span<const double> pixels) {
  return nearest(rgb, translate_y_source(rgb.size(), pixels));
}

cv::Mat crop(const cv::Mat& rgb, std::span<const double> rectangle) {
  return resize_bilinear(rgb(rectangle_of(rectangle)), rgb.size());
}

cv::Mat flip(const cv::Mat& rgb, std::span<const double>) {
  cv::Mat result(rgb.size(), CV_8UC3);
  for (int y = 0; y < rgb.rows; ++y) {
    const auto* in = rgb.ptr<cv::Vec3b>(y);
    auto* out = result.ptr<cv::Vec3b>(y);
    for (int x = 0; x < rgb.cols; ++x) out[x] = in[rgb.cols - 1 - x];
  }
  return result;
}

}  // namespace theriac::loader
