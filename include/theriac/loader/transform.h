#pragma once

#include <opencv2/core/mat.hpp>

#include "theriac/poison/plan.h"

namespace theriac::loader {

// To the model's input size: crop = shorter side to `size`, centre crop; squash = both sides to
// `size`. Antialiased bicubic as Pillow does it (data.md 3.3); identity when the size fits.
cv::Mat fit(const cv::Mat& rgb, int size, poison::Geometry geometry);

}  // namespace theriac::loader
