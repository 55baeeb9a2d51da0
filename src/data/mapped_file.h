#pragma once

#include <cstdint>
#include <filesystem>
#include <string_view>
#include <vector>

#include "theriac/data/image.h"

namespace theriac::data {

// A file's bytes through a read-only memory map.
class MappedFile {
 public:
  // Throws Error; `tag` starts its message.
  MappedFile(std::string_view tag, const std::filesystem::path& path);
  ~MappedFile();
  MappedFile(const MappedFile&) = delete;
  MappedFile& operator=(const MappedFile&) = delete;
  std::string_view text() const { return {data_, size_}; }

 private:
  const char* data_ = nullptr;
  std::size_t size_ = 0;
};

// The bytes of a picture's file. kNone, kMissingFile, kUnreadable (no permission, not a regular
// file) or kTooLarge (over 1 GiB), with the system's words in `detail`.
Bad read_picture(const std::filesystem::path& path, std::vector<std::uint8_t>& bytes,
                 std::string& detail);

}  // namespace theriac::data
