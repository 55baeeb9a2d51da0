#include <fcntl.h>
#include <fmt/core.h>
#include <sys/file.h>
#include <unistd.h>

#include <cerrno>
#include <chrono>
#include <thread>
#include <utility>

#include "core/posix.h"
#include "theriac/core/error.h"
#include "theriac/core/files.h"
#include "theriac/core/interrupt.h"
#include "theriac/core/text.h"

namespace theriac::core {
namespace {

std::string me() { return fmt::format("host {}, pid {}", host_name(), ::getpid()); }

}  // namespace

std::string host_name() {
  char name[256] = "unknown";
  ::gethostname(name, sizeof name - 1);
  return name;
}

std::optional<FileLock> FileLock::try_acquire(const fs::path& path) {
  posix::make_folders(path.has_parent_path() ? path.parent_path() : fs::path("."));
  const int descriptor = ::open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0666);
  if (descriptor < 0) posix::cannot_write(path, errno);
  FileLock lock(descriptor);
  // holder() takes a shared lock for an instant: a few tries, so that it never looks like a holder.
  for (int attempt = 0;; ++attempt) {
    if (::flock(descriptor, LOCK_EX | LOCK_NB) == 0) break;
    if (errno != EWOULDBLOCK && errno != EINTR)
      throw Error(fmt::format("cannot lock {}: this file system has no locks (flock); use another",
                              path.string()),
                  Exit::kCannotWrite);
    if (attempt == 3) return std::nullopt;
    std::this_thread::sleep_for(std::chrono::milliseconds(5));
  }
  const std::string text = me();  // for people only, so a full disk does not matter here
  if (::ftruncate(descriptor, 0) == 0) {
    [[maybe_unused]] const auto n = ::pwrite(descriptor, text.data(), text.size(), 0);
  }
  return lock;
}

FileLock FileLock::acquire(const fs::path& path, void (*waiting)(const std::string& holder)) {
  for (bool told = false;; told = true) {
    if (auto lock = try_acquire(path)) return std::move(*lock);
    if (!told && waiting) waiting(holder(path));
    if (stop_requested())
      throw Interrupted(fmt::format("stopped while waiting for {}", path.string()));
    std::this_thread::sleep_for(std::chrono::milliseconds(100));
  }
}

std::string FileLock::holder(const fs::path& path) {
  const posix::Descriptor file(::open(path.c_str(), O_RDONLY | O_CLOEXEC));
  if (file.get() < 0) return "";
  if (::flock(file.get(), LOCK_SH | LOCK_NB) == 0) return "";
  char text[512];
  const ssize_t n = ::pread(file.get(), text, sizeof text, 0);
  const auto holder = trim({text, n > 0 ? static_cast<std::size_t>(n) : 0});
  return holder.empty() ? "unknown" : std::string(holder);
}

FileLock::FileLock(FileLock&& other) noexcept : descriptor_(std::exchange(other.descriptor_, -1)) {}

FileLock& FileLock::operator=(FileLock&& other) noexcept {
  std::swap(descriptor_, other.descriptor_);
  return *this;
}

FileLock::~FileLock() {
  if (descriptor_ >= 0) ::close(descriptor_);
}

}  // namespace theriac::core
