#pragma once

#include <opencv2/core/mat.hpp>

namespace theriac::poison {

// picture := (1 - alpha) picture + alpha mark, rounded to the nearest grey level (the reference
// truncates). Both CV_8UC3 and of one size; alpha in [0, 1] is rounded to a multiple of 2^-16, so
// that integers do the rest and every machine gives the same bytes.
void blend(cv::Mat picture, const cv::Mat& mark, double alpha);

}  // namespace theriac::poison
