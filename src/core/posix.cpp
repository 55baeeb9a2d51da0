#include "core/posix.h"

#include <fcntl.h>
#include <fmt/core.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <string>
#include <system_error>

#include "theriac/core/error.h"
#include "theriac/core/files.h"

namespace theriac::core::posix {
namespace {

std::string reason(const fs::path& path, int error, std::uint64_t needed) {
  switch (error) {
    case ENOSPC:
    case EDQUOT: {
      const std::string full = error == ENOSPC ? "the disk is full" : "the disk quota is used up";
      const std::string need =
          needed > 0 ? fmt::format("{} needed, ", human_bytes(needed)) : std::string();
      return fmt::format("{} ({}{} free); free some space or choose a folder on another disk", full,
                         need, human_bytes(free_bytes(path)));
    }
    case EACCES:
    case EPERM:
      return fmt::format(
          "no permission (as user {}); change the permissions or choose another folder", geteuid());
    case EROFS:
      return "the file system is read-only; choose another folder";
    case ENOTDIR:
    case EEXIST:
      return "a part of the path is a file, not a folder; choose another path";
    case EFBIG:
      return fmt::format(
          "the file would be larger than allowed ({} needed); raise the limit (ulimit -f)",
          human_bytes(needed));
    case EMFILE:
    case ENFILE:
      return "too many open files; raise the limit (ulimit -n)";
    default:
      return std::strerror(error);
  }
}

}  // namespace

void cannot_write(const fs::path& path, int error, std::uint64_t needed) {
  throw Error(fmt::format("cannot write {}: {}", path.string(), reason(path, error, needed)),
              Exit::kCannotWrite);
}

Descriptor::~Descriptor() { close(); }

int Descriptor::close() {
  if (value_ < 0) return 0;
  const int result = ::close(value_);
  value_ = -1;
  return result == 0 ? 0 : errno;
}

void make_folders(const fs::path& folder) {
  check_held(folder);
  std::error_code error;
  if (!folder.empty()) fs::create_directories(folder, error);
  if (error) cannot_write(folder, error.value());
}

void write_all(int descriptor, std::string_view bytes, const fs::path& path) {
  while (!bytes.empty()) {
    const ssize_t n = ::write(descriptor, bytes.data(), bytes.size());
    if (n < 0 && errno == EINTR) continue;
    if (n < 0) cannot_write(path, errno, bytes.size());
    bytes.remove_prefix(static_cast<std::size_t>(n));
  }
}

void sync_path(const fs::path& path) {
  const Descriptor descriptor(::open(path.c_str(), O_RDONLY | O_CLOEXEC));
  if (descriptor.get() < 0) cannot_write(path, errno);
  // Some network file systems refuse fsync of a folder; the rename is then as safe as they allow.
  if (::fsync(descriptor.get()) != 0 && errno != EINVAL && errno != ENOTSUP)
    cannot_write(path, errno);
}

}  // namespace theriac::core::posix
