#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>

#include "theriac/data/image.h"

namespace theriac::data {

enum class Format { kUnknown, kJpeg, kPng, kWebp, kBmp };

// What a picture's first bytes say, read before anything is allocated for its pixels.
struct Header {
  Format format = Format::kUnknown;
  std::int64_t width = 0, height = 0;  // 0 for JPEG: its own decoder reads them
  Bad bad = Bad::kNone;                // kNotAnImage, kTruncated (the container's end is missing)
  std::string detail;
  std::size_t profile = 0, profile_bytes = 0;  // place of a PNG's colour profile; 0: it has none
};

Header read_header(std::span<const std::uint8_t> bytes);

// Bad::kTooLarge with the sizes in words, or kNone.
Bad check_size(std::int64_t width, std::int64_t height, std::string& detail);

Decoded decode_jpeg(std::span<const std::uint8_t> bytes, int minimum_side);

}  // namespace theriac::data
