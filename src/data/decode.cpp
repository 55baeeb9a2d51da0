#include <exception>
#include <opencv2/imgcodecs.hpp>
#include <opencv2/imgproc.hpp>
#include <vector>

#include "data/header.h"

namespace theriac::data {
namespace {

constexpr int kAsStored = cv::IMREAD_IGNORE_ORIENTATION;

// Grey with 16 bits is cut off at 255, as Pillow's convert("RGB") does.
bool is_deep_grey(Format format, std::span<const std::uint8_t> bytes) {
  return format == Format::kPng && bytes[24] == 16 && bytes[25] == 0;
}

// Colour profiles are ignored, and for a faulty one libpng would write a warning to stderr.
std::vector<std::uint8_t> without_profile(std::span<const std::uint8_t> png, const Header& header) {
  std::vector<std::uint8_t> result(png.begin(), png.end());
  const auto start = result.begin() + static_cast<std::ptrdiff_t>(header.profile);
  result.erase(start, start + static_cast<std::ptrdiff_t>(header.profile_bytes));
  return result;
}

cv::Mat decode_rgb(const cv::Mat& bytes, bool deep_grey) {
  cv::Mat rgb;
  if (deep_grey) {
    cv::Mat grey;
    cv::imdecode(bytes, cv::IMREAD_ANYDEPTH | kAsStored).convertTo(grey, CV_8U);
    if (!grey.empty()) cv::cvtColor(grey, rgb, cv::COLOR_GRAY2RGB);
  } else {
    const cv::Mat bgr = cv::imdecode(bytes, cv::IMREAD_COLOR | kAsStored);
    if (!bgr.empty()) cv::cvtColor(bgr, rgb, cv::COLOR_BGR2RGB);
  }
  return rgb;
}

}  // namespace

Decoded decode(std::span<const std::uint8_t> bytes, int minimum_side) {
  Header header = read_header(bytes);
  if (header.bad == Bad::kNotAnImage) return {{}, header.bad, header.detail};
  if (header.format == Format::kJpeg) return decode_jpeg(bytes, minimum_side);
  std::string detail;
  if (header.width > 0)
    if (const Bad bad = check_size(header.width, header.height, detail); bad != Bad::kNone)
      return {{}, bad, detail};
  if (header.bad != Bad::kNone) return {{}, header.bad, header.detail};
  if (header.width == 0) return {{}, Bad::kNotAnImage, "a picture without width"};

  std::vector<std::uint8_t> copy;
  if (header.profile > 0) bytes = copy = without_profile(bytes, header);

  Decoded result;
  try {
    const cv::Mat view(1, static_cast<int>(bytes.size()), CV_8UC1,
                       const_cast<std::uint8_t*>(bytes.data()));
    result.rgb = decode_rgb(view, is_deep_grey(header.format, bytes));
  } catch (const std::exception& error) {
    detail = error.what();
  }
  if (result.rgb.empty()) {
    result.bad = Bad::kTruncated;
    result.detail = detail.empty() ? "damaged picture data" : detail;
  }
  return result;
}

}  // namespace theriac::data
