#include "theriac/data/image.h"

#include <opencv2/imgcodecs.hpp>
#include <opencv2/imgproc.hpp>
#include <stdexcept>

#include "theriac/data/source.h"

namespace theriac::data {
namespace {

std::vector<std::uint8_t> encode(const cv::Mat& rgb, const char* extension,
                                 const std::vector<int>& options) {
  cv::Mat bgr;
  cv::cvtColor(rgb, bgr, cv::COLOR_RGB2BGR);
  std::vector<std::uint8_t> bytes;
  if (!cv::imencode(extension, bgr, bytes, options))
    throw std::runtime_error(std::string("cannot encode a picture as ") + extension);
  return bytes;
}

}  // namespace

std::string_view word(Bad bad) {
  switch (bad) {
    case Bad::kNone:
      return "good";
    case Bad::kMissingFile:
      return "missing file";
    case Bad::kUnreadable:
      return "unreadable";
    case Bad::kNotAnImage:
      return "not an image";
    case Bad::kTruncated:
      return "truncated";
    case Bad::kTooLarge:
      return "too large";
    case Bad::kEmptyCaption:
      return "empty caption";
    case Bad::kBadUtf8:
      return "bad UTF-8";
    case Bad::kBadRow:
      return "bad row";
    case Bad::kOutside:
      return "outside its folder";
  }
  throw std::logic_error("data::word: no such reason");
}

std::vector<std::uint8_t> encode_png(const cv::Mat& rgb) {
  return encode(rgb, ".png", {cv::IMWRITE_PNG_COMPRESSION, 6});
}

std::vector<std::uint8_t> encode_jpeg(const cv::Mat& rgb, int quality) {
  return encode(rgb, ".jpg", {cv::IMWRITE_JPEG_QUALITY, quality});
}

Decoded pixels(const Sample& sample, int minimum_side) {
  if (sample.bad != Bad::kNone) return {{}, sample.bad, sample.detail};
  if (!sample.pixels.empty()) return {sample.pixels, Bad::kNone, {}};
  return decode(sample.encoded, minimum_side);
}

}  // namespace theriac::data
