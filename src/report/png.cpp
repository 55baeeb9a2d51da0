#include <zlib.h>

#include <stdexcept>

#include "report/raster.h"

namespace theriac::report {

namespace {

std::string big_endian(std::size_t value) {
  std::string bytes;
  for (const int shift : {24, 16, 8, 0}) bytes += static_cast<char>(value >> shift & 0xFF);
  return bytes;
}

std::string chunk(const std::string& type, const std::string& data) {
  const std::string body = type + data;
  const auto sum =
      crc32(0, reinterpret_cast<const Bytef*>(body.data()), static_cast<uInt>(body.size()));
  return big_endian(data.size()) + body + big_endian(sum);
}

}  // namespace

std::string encode_png(const std::string& rgb, unsigned width, unsigned height) {
  std::string rows;
  rows.reserve(rgb.size() + height);
  const std::size_t stride = std::size_t{width} * 3;
  for (std::size_t y = 0; y < height; ++y) (rows += '\0').append(rgb, y * stride, stride);
  auto size = compressBound(static_cast<uLong>(rows.size()));
  std::string packed(size, '\0');
  if (compress2(reinterpret_cast<Bytef*>(packed.data()), &size,
                reinterpret_cast<const Bytef*>(rows.data()), static_cast<uLong>(rows.size()),
                2) != Z_OK)
    throw std::runtime_error("png: compression failed");
  packed.resize(size);
  const std::string header =
      big_endian(width) + big_endian(height) + std::string("\x08\x02\0\0\0", 5);
  return "\x89PNG\r\n\x1a\n" + chunk("IHDR", header) + chunk("IDAT", packed) + chunk("IEND", "");
}

}  // namespace theriac::report
