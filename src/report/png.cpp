#include <zlib.h>

#include <array>
#include <stdexcept>
#include <utility>

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

// Compresses row by row: a large picture is there once, not also as rows and as a bound of bytes.
class Deflater {
 public:
  Deflater() {
    if (deflateInit(&stream_, 2) != Z_OK) throw std::runtime_error("png: compression failed");
  }
  ~Deflater() { deflateEnd(&stream_); }
  Deflater(const Deflater&) = delete;
  Deflater& operator=(const Deflater&) = delete;

  void add(const char* bytes, std::size_t size, int flush = Z_NO_FLUSH) {
    stream_.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(bytes));
    stream_.avail_in = static_cast<uInt>(size);
    do {
      stream_.next_out = reinterpret_cast<Bytef*>(buffer_.data());
      stream_.avail_out = static_cast<uInt>(buffer_.size());
      if (deflate(&stream_, flush) == Z_STREAM_ERROR)
        throw std::runtime_error("png: compression failed");
      out_.append(buffer_.data(), buffer_.size() - stream_.avail_out);
    } while (stream_.avail_out == 0);
  }
  std::string take() {
    add(nullptr, 0, Z_FINISH);
    return std::move(out_);
  }

 private:
  z_stream stream_{};
  std::array<char, 1 << 15> buffer_{};
  std::string out_;
};

}  // namespace

std::string encode_png(const std::string& rgb, unsigned width, unsigned height) {
  Deflater packed;
  const std::size_t stride = std::size_t{width} * 3;
  for (std::size_t y = 0; y < height; ++y) {
    packed.add("\0", 1);  // no filter
    packed.add(rgb.data() + y * stride, stride);
  }
  const std::string header =
      big_endian(width) + big_endian(height) + std::string("\x08\x02\0\0\0", 5);
  return "\x89PNG\r\n\x1a\n" + chunk("IHDR", header) + chunk("IDAT", packed.take()) +
         chunk("IEND", "");
}

}  // namespace theriac::report
