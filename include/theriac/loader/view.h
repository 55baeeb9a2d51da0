#pragma once

#include <memory>
#include <opencv2/core/mat.hpp>
#include <span>
#include <string_view>
#include <vector>

#include "theriac/config/fields.h"
#include "theriac/core/random.h"

namespace theriac::loader {

// Something done to a picture (CV_8UC3, RGB) with a few numbers; size and type stay.
struct Operation {
  std::string_view name;
  cv::Mat (*apply)(const cv::Mat& rgb, std::span<const double> values);
  // Where the point (x, y) of the result comes from, as a 2 x 3 matrix for (x, y, 1); pixel i
  // covers [i, i + 1). Null: from the same point.
  cv::Matx23d (*source)(cv::Size picture, std::span<const double> values) = nullptr;
};

struct Step {
  const Operation* operation;
  std::vector<double> values;
};

// How the second view of a picture differs from it. The picture is square and has the model's input
// size already: what is drawn are the steps, pure in (size, stream).
class View {
 public:
  virtual ~View() = default;
  virtual std::vector<Step> draw(cv::Size picture, core::Stream& random) const = 0;
};

class ViewConfig : public config::Section {
 public:
  virtual std::unique_ptr<View> build() const = 0;
};

config::Table<ViewConfig>& table();  // jitter, autoaugment, simclr

cv::Mat apply_steps(const cv::Mat& rgb, const std::vector<Step>& steps);
// Draws and applies.
cv::Mat augment(const cv::Mat& rgb, const View& view, core::Stream& random);
// Share of `mark` (a rectangle of the input; empty = all of it) that is inside the view drawn by
// this stream; reflections do not count.
double visible(cv::Rect mark, cv::Size picture, const View& view, core::Stream random);

}  // namespace theriac::loader
