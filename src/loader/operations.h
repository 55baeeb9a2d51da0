#pragma once

#include <algorithm>
#include <cstdint>
#include <span>
#include <string_view>

#include "theriac/loader/view.h"

namespace theriac::loader {

// The operations of AutoAugment and SimCLR, each with the result of Pillow (9 to 12) for every
// byte. Values: shear_x, shear_y (tangent), translate_x, translate_y (pixels, whole), rotate
// (degrees, counter-clockwise), brightness, color, contrast, sharpness (factors, 1 = nothing),
// posterize (bits kept), solarize (threshold), hue (turns in +-0.5), blur (standard deviation),
// crop (x, y, width, height; back to the picture's size, bilinear); auto_contrast, equalize,
// invert, grey, flip have none.
std::span<const Operation> operations();
const Operation& operation(std::string_view name);  // std::logic_error when there is none

// One table a colour, or an affine map, or a look at each pixel:
cv::Mat brightness(const cv::Mat& rgb, std::span<const double> factor);
cv::Mat contrast(const cv::Mat& rgb, std::span<const double> factor);
cv::Mat posterize(const cv::Mat& rgb, std::span<const double> bits);
cv::Mat solarize(const cv::Mat& rgb, std::span<const double> threshold);
cv::Mat invert(const cv::Mat& rgb, std::span<const double>);
cv::Mat auto_contrast(const cv::Mat& rgb, std::span<const double>);
cv::Mat equalize(const cv::Mat& rgb, std::span<const double>);

cv::Mat rotate(const cv::Mat& rgb, std::span<const double> degrees);
cv::Mat shear_x(const cv::Mat& rgb, std::span<const double> tangent);
cv::Mat shear_y(const cv::Mat& rgb, std::span<const double> tangent);
cv::Mat translate_x(const cv::Mat& rgb, std::span<const double> pixels);
cv::Mat translate_y(const cv::Mat& rgb, std::span<const double> pixels);
cv::Mat crop(const cv::Mat& rgb, std::span<const double> rectangle);
cv::Mat flip(const cv::Mat& rgb, std::span<const double>);
cv::Matx23d rotate_source(cv::Size picture, std::span<const double> degrees);
cv::Matx23d shear_x_source(cv::Size picture, std::span<const double> tangent);
cv::Matx23d shear_y_source(cv::Size picture, std::span<const double> tangent);
cv::Matx23d translate_x_source(cv::Size picture, std::span<const double> pixels);
cv::Matx23d translate_y_source(cv::Size picture, std::span<const double> pixels);
cv::Matx23d crop_source(cv::Size picture, std::span<const double> rectangle);
cv::Matx23d flip_source(cv::Size picture, std::span<const double>);

cv::Mat color(const cv::Mat& rgb, std::span<const double> factor);
cv::Mat sharpness(const cv::Mat& rgb, std::span<const double> factor);
cv::Mat grey(const cv::Mat& rgb, std::span<const double>);
cv::Mat hue(const cv::Mat& rgb, std::span<const double> turns);
cv::Mat blur(const cv::Mat& rgb, std::span<const double> sigma);

// Pillow's conversion to mode L.
inline int luma(int r, int g, int b) { return (19595 * r + 38470 * g + 7471 * b + 32768) >> 16; }

// Pillow's Image.blend of two bytes: single precision, clamped, then truncated.
inline std::uint8_t blend(int base, int value, float factor) {
  const float mixed = static_cast<float>(base) + factor * static_cast<float>(value - base);
  return static_cast<std::uint8_t>(std::min(std::max(mixed, 0.0F), 255.0F));
}

}  // namespace theriac::loader
