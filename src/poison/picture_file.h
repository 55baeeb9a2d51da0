#pragma once

#include <opencv2/core/mat.hpp>
#include <string>
#include <string_view>

#include "theriac/config/fields.h"

namespace theriac::poison {

// The picture in trigger.image. Error, beginning with the trigger's name, when it is none.
cv::Mat read_picture(std::string_view trigger, const std::string& path);

// 16 digits of the file's SHA-256.
std::string picture_hash(const std::string& path);

// `image` belongs to the choice `pattern: image`, and to no other.
void check_image(bool wanted, const std::string& path, config::Problems& problems);

// Every pixel is the mean over the area that it covers, in integers: the same on every machine.
cv::Mat resample_area(const cv::Mat& rgb, cv::Size size);

}  // namespace theriac::poison
