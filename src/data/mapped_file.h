#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
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
  // Place, size and time of the file, which stand for its contents; "" when it changed so shortly
  // before it was opened that another change might get the same time.
  const std::string& stamp() const { return stamp_; }

 private:
  const char* data_ = nullptr;
  std::size_t size_ = 0;
  std::string stamp_;
};

// The bytes of a picture's file. kNone, kMissingFile, kUnreadable (no permission, not a regular
// file) or kTooLarge (over 1 GiB), with the system's words in `detail`.
Bad read_picture(const std::filesystem::path& path, std::vector<std::uint8_t>& bytes,
                 std::string& detail);

// Whether `path` is `root` or below it once symlinks and ".." are followed; what does not exist
// counts by its name. Otherwise `detail` says where it leads.
bool is_inside(const std::filesystem::path& root, const std::filesystem::path& path,
               std::string& detail);

}  // namespace theriac::data
