#pragma once

#include <opencv2/core/mat.hpp>

#include "theriac/config/fields.h"
#include "theriac/core/random.h"
#include "theriac/poison/plan.h"

namespace theriac::loader {

// To the model's input size: crop = shorter side to `size`, centre crop; squash = both sides to
// `size`. Antialiased bicubic as Pillow does it (data.md 3.3); identity when the size fits.
cv::Mat fit(const cv::Mat& rgb, int size, poison::Geometry geometry);

// The second view of a picture that has the model's input size: random resized crop, horizontal
// flip, rotation, colour jitter, in this order; one warp, reflected at the picture's border.
// Defaults are the quickstart's.
struct ViewConfig final : config::Section {
  double crop_min = 0.73;    // smallest side of the crop, as a fraction of the side; 1 = no crop
  double flip = 0.5;         // probability
  double rotation = 17;      // degrees, uniform in +-
  double brightness = 0.08;  // factors uniform in 1 +- x, as in torchvision's ColorJitter
  double contrast = 0.08;
  double saturation = 0.16;
  void describe(config::Fields& fields) override;
};

cv::Mat augment(const cv::Mat& rgb, const ViewConfig& config, core::Stream& random);
// Share of `mark` (a rectangle of the input; empty = all of it) that is inside the view drawn by
// this stream; reflections do not count.
double visible(cv::Rect mark, cv::Size picture, const ViewConfig& config, core::Stream random);

}  // namespace theriac::loader
