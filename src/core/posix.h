#pragma once

#include <cstdint>
#include <filesystem>
#include <string_view>

namespace theriac::core::posix {

namespace fs = std::filesystem;

// Throws Error with Exit::kCannotWrite: the path, the reason of `error` (an errno), what is free
// where the disk is full, and what to do. `needed` is the number of bytes that did not fit, if
// known.
[[noreturn]] void cannot_write(const fs::path& path, int error, std::uint64_t needed = 0);

// A file descriptor that closes itself.
class Descriptor {
 public:
  explicit Descriptor(int value) : value_(value) {}
  ~Descriptor();
  Descriptor(const Descriptor&) = delete;
  Descriptor& operator=(const Descriptor&) = delete;
  int get() const { return value_; }
  int close();  // 0 or an errno

 private:
  int value_;
};

void make_folders(const fs::path& folder);  // throws as above; also what check_held() throws
// Error when `folder` is in a HeldFolder that was removed.
void check_held(const fs::path& folder);
void write_all(int descriptor, std::string_view bytes, const fs::path&);  // throws as above
void sync_path(const fs::path& path);  // fsync of a file or folder; throws as above

}  // namespace theriac::core::posix
