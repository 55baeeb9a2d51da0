#pragma once

#include <cstdint>
#include <opencv2/core/mat.hpp>
#include <span>
#include <string>
#include <string_view>
#include <vector>

// Everywhere between decoding and collation an image is a cv::Mat of type CV_8UC3 in **RGB** order
// (not OpenCV's BGR), rows top to bottom, continuous.

namespace theriac::data {

// Why a file is not a usable picture; the words of `theriac data check` and of skip counts.
enum class Bad {
  kNone,
  kMissingFile,
  kUnreadable,
  kNotAnImage,
  kTruncated,
  kTooLarge,
  kEmptyCaption,
  kBadUtf8,
  kBadRow,   // of an index: wrong number of fields, unknown label
  kOutside,  // a path that leads out of the folder that holds the pictures
};
std::string_view word(Bad bad);  // "missing file", "not an image", ...

inline constexpr std::int64_t kMaxPixels = 178'956'970;  // refused above: decompression bombs

struct Decoded {
  cv::Mat rgb;  // empty when bad
  Bad bad = Bad::kNone;
  std::string detail;  // the decoder's words, or sizes
};

// JPEG, PNG, WebP, BMP. EXIF orientation is ignored, as in the reference's loader. Grey, palette,
// alpha, CMYK and 16-bit pictures become 8-bit RGB as Pillow's convert("RGB") makes them (16-bit
// grey is cut off at 255, 16-bit colours keep their high byte). Never throws for bad bytes.
// `minimum_side`: a JPEG may be decoded at 1/2, 1/4, 1/8 scale as long as the shorter side stays at
// least this long; 0 = full size.
Decoded decode(std::span<const std::uint8_t> bytes, int minimum_side = 0);

std::vector<std::uint8_t> encode_png(const cv::Mat& rgb);
std::vector<std::uint8_t> encode_jpeg(const cv::Mat& rgb, int quality);

}  // namespace theriac::data
