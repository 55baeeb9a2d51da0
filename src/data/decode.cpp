#include <exception>
#include <opencv2/imgcodecs.hpp>
#include <opencv2/imgproc.hpp>

#include "data/header.h"

namespace theriac::data {

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

  Decoded result;
  try {
    const cv::Mat view(1, static_cast<int>(bytes.size()), CV_8UC1,
                       const_cast<std::uint8_t*>(bytes.data()));
    const cv::Mat bgr = cv::imdecode(view, cv::IMREAD_COLOR | cv::IMREAD_IGNORE_ORIENTATION);
    if (!bgr.empty()) cv::cvtColor(bgr, result.rgb, cv::COLOR_BGR2RGB);
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
