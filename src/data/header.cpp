// Formats are known by content, never by suffix (ImageNet has a PNG named .JPEG). OpenCV's readers
// fill what a short file lacks without a word, so containers are walked here to their end.
#include "data/header.h"

#include <fmt/format.h>
#include <zlib.h>

#include <cstring>
#include <string_view>

namespace theriac::data {
namespace {

using Bytes = std::span<const std::uint8_t>;

bool starts(Bytes bytes, std::string_view magic, std::size_t at = 0) {
  return bytes.size() >= at + magic.size() &&
         std::memcmp(bytes.data() + at, magic.data(), magic.size()) == 0;
}

std::uint32_t big32(Bytes bytes, std::size_t at) {
  return std::uint32_t{bytes[at]} << 24 | std::uint32_t{bytes[at + 1]} << 16 |
         std::uint32_t{bytes[at + 2]} << 8 | bytes[at + 3];
}

std::uint32_t little(Bytes bytes, std::size_t at, int count) {
  std::uint32_t value = 0;
  for (int i = count - 1; i >= 0; --i) value = value << 8 | bytes[at + static_cast<std::size_t>(i)];
  return value;
}

void truncated(Header& header, std::string detail) {
  header.bad = Bad::kTruncated;
  header.detail = std::move(detail);
}

void read_png(Bytes bytes, Header& header) {
  if (bytes.size() < 33 || !starts(bytes, "IHDR", 12)) return truncated(header, "PNG header");
  header.width = big32(bytes, 16);
  header.height = big32(bytes, 20);
  for (std::size_t at = 8; bytes.size() - at >= 12;) {
    const std::size_t length = big32(bytes, at);
    if (bytes.size() - at - 12 < length) break;
    const bool critical = (bytes[at + 4] & 0x20) == 0;
    const auto sum = ::crc32(0, bytes.data() + at + 4, static_cast<unsigned>(length + 4));
    if (critical && sum != big32(bytes, at + 8 + length))
      return truncated(header, fmt::format("PNG is damaged in the chunk at byte {}", at));
    if (starts(bytes, "iCCP", at + 4)) {
      header.profile = at;
      header.profile_bytes = length + 12;
    }
    if (starts(bytes, "IEND", at + 4)) return;
    at += 12 + length;
  }
  truncated(header, fmt::format("PNG ends after {} bytes, before its last chunk", bytes.size()));
}

void read_webp(Bytes bytes, Header& header) {
  const std::uint64_t size = std::uint64_t{little(bytes, 4, 4)} + 8;
  if (bytes.size() < 30 || bytes.size() < size)
    return truncated(header, fmt::format("WebP of {} bytes, {} present", size, bytes.size()));
  if (starts(bytes, "VP8X", 12)) {
    header.width = little(bytes, 24, 3) + 1;
    header.height = little(bytes, 27, 3) + 1;
    if ((bytes[20] & 2) != 0) {
      header.bad = Bad::kNotAnImage;
      header.detail = "an animated WebP is not supported; convert it to PNG";
    }
  } else if (starts(bytes, "VP8L", 12)) {
    const std::uint32_t bits = little(bytes, 21, 4);
    header.width = (bits & 0x3fff) + 1;
    header.height = (bits >> 14 & 0x3fff) + 1;
  } else {
    header.width = little(bytes, 26, 2) & 0x3fff;
    header.height = little(bytes, 28, 2) & 0x3fff;
  }
}

void read_bmp(Bytes bytes, Header& header) {
  if (bytes.size() < 30) return truncated(header, "BMP header");
  const bool old = little(bytes, 14, 4) == 12;
  const auto extent = [&](std::size_t at) -> std::int64_t {
    const auto value = static_cast<std::int32_t>(little(bytes, at, 4));
    return value < 0 ? -std::int64_t{value} : value;
  };
  header.width = old ? little(bytes, 18, 2) : extent(18);
  header.height = old ? little(bytes, 20, 2) : extent(22);
  const std::size_t bits = little(bytes, old ? 24 : 28, 2);
  const std::uint32_t compression = old || bytes.size() < 34 ? 0 : little(bytes, 30, 4);
  if (compression > 3) {
    header.bad = Bad::kNotAnImage;
    header.detail = fmt::format("BMP with compression {}", compression);
    return;
  }
  const std::uint64_t row = (static_cast<std::uint64_t>(header.width) * bits + 31) / 32 * 4;
  const bool packed = compression == 1 || compression == 2;
  const std::uint64_t need =
      packed ? little(bytes, 2, 4)
             : little(bytes, 10, 4) + row * static_cast<std::uint64_t>(header.height);
  if (header.width <= 65535 && header.height <= 65535 && bytes.size() < need)
    truncated(header, fmt::format("BMP of {} bytes, {} present", need, bytes.size()));
}

}  // namespace

Header read_header(Bytes bytes) {
  Header header;
  if (starts(bytes, "\xff\xd8\xff")) {
    header.format = Format::kJpeg;
  } else if (starts(bytes, "\x89PNG\r\n\x1a\n")) {
    header.format = Format::kPng;
    read_png(bytes, header);
  } else if (bytes.size() >= 16 && starts(bytes, "RIFF") && starts(bytes, "WEBPVP8", 8)) {
    header.format = Format::kWebp;
    read_webp(bytes, header);
  } else if (bytes.size() >= 18 && starts(bytes, "BM") && little(bytes, 14, 4) <= 256) {
    header.format = Format::kBmp;
    read_bmp(bytes, header);
  } else {
    header.bad = Bad::kNotAnImage;
    if (bytes.empty()) {
      header.detail = "empty file";
    } else if (starts(bytes, "GIF8")) {
      header.detail = "GIF is not supported; convert it to PNG";
    } else if (starts(bytes, std::string_view("II*\0", 4)) ||
               starts(bytes, std::string_view("MM\0*", 4))) {
      header.detail = "TIFF is not supported; convert it to PNG";
    } else if (starts(bytes, "<!DOCTYPE") || starts(bytes, "<html")) {
      header.detail = "a web page";
    } else {
      header.detail = "starts with";
      for (std::size_t i = 0; i < bytes.size() && i < 8; ++i)
        header.detail += fmt::format(" {:02x}", bytes[i]);
    }
  }
  return header;
}

Bad check_size(std::int64_t width, std::int64_t height, std::string& detail) {
  if (width < 1 || height < 1) {
    detail = fmt::format("{} x {} pixels", width, height);
    return Bad::kNotAnImage;
  }
  if (width <= kMaxPixels && height <= kMaxPixels && width * height <= kMaxPixels)
    return Bad::kNone;
  detail = fmt::format("{} x {} pixels, at most {} in all", width, height, kMaxPixels);
  return Bad::kTooLarge;
}

}  // namespace theriac::data
