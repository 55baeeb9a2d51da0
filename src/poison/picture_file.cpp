#include "poison/picture_file.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cstdint>
#include <opencv2/core.hpp>

#include "theriac/core/error.h"
#include "theriac/core/files.h"
#include "theriac/core/hash.h"
#include "theriac/data/image.h"

namespace theriac::poison {
namespace {

// Pixel `to` of a row of `out` pixels covers [to * in, (to + 1) * in) where a pixel of the row of
// `in` is `out` long: the first one it touches, and by how much each.
struct Span {
  int first, last;  // closed
  std::int64_t low, high;
};

Span span(int to, int in, int out) {
  const std::int64_t low = std::int64_t{to} * in, high = low + in;
  return {static_cast<int>(low / out), static_cast<int>((high - 1) / out), low, high};
}

std::int64_t overlap(const Span& span, int pixel, int length) {
  const std::int64_t begin = std::int64_t{pixel} * length;
  return std::min(span.high, begin + length) - std::max(span.low, begin);
}

}  // namespace

cv::Mat read_picture(std::string_view trigger, const std::string& path) {
  const std::string bytes = core::read_file(path);
  auto decoded = data::decode({reinterpret_cast<const std::uint8_t*>(bytes.data()), bytes.size()});
  if (decoded.bad != data::Bad::kNone) {
    throw Error(
        fmt::format("{}: trigger.image {} cannot be used ({}); expected a PNG, JPEG, WebP "
                    "or BMP file",
                    trigger, path, data::word(decoded.bad)));
  }
  return decoded.rgb;
}

std::string picture_hash(const std::string& path) { return core::sha256_file(path).substr(0, 16); }

void check_image(bool wanted, const std::string& path, config::Problems& problems) {
  if (wanted && path.empty()) problems.add("image", "is missing; pattern: image needs a file");
  if (!wanted && !path.empty())
    problems.add("image", "has no effect; it is used with pattern: image");
}

cv::Mat resample_area(const cv::Mat& rgb, cv::Size size) {
  cv::Mat result(size, CV_8UC3);
  const std::int64_t total = std::int64_t{rgb.cols} * rgb.rows;
  for (int y = 0; y < size.height; ++y) {
    const Span rows = span(y, rgb.rows, size.height);
    for (int x = 0; x < size.width; ++x) {
      const Span columns = span(x, rgb.cols, size.width);
      std::array<std::int64_t, 3> sum{};
      for (int v = rows.first; v <= rows.last; ++v) {
        for (int u = columns.first; u <= columns.last; ++u) {
          const std::int64_t area = overlap(rows, v, size.height) * overlap(columns, u, size.width);
          const auto& pixel = rgb.at<cv::Vec3b>(v, u);
          for (int c = 0; c < 3; ++c) sum[static_cast<std::size_t>(c)] += area * pixel[c];
        }
      }
      for (int c = 0; c < 3; ++c)
        result.at<cv::Vec3b>(y, x)[c] =
            static_cast<std::uint8_t>((sum[static_cast<std::size_t>(c)] + total / 2) / total);
    }
  }
  return result;
}

}  // namespace theriac::poison
