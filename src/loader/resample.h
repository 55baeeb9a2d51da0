#pragma once

#include <opencv2/core/mat.hpp>

namespace theriac::loader {

// The part `window` of `rgb` (CV_8UC3) resized to `full`, antialiased bicubic.
cv::Mat resize_bicubic(const cv::Mat& rgb, cv::Size full, cv::Rect window);
// All of it, antialiased bilinear.
cv::Mat resize_bilinear(const cv::Mat& rgb, cv::Size full);

}  // namespace theriac::loader
