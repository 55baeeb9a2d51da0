#include "theriac/core/files.h"

#include <fcntl.h>
#include <fmt/core.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <unistd.h>

#include <atomic>
#include <cerrno>
#include <charconv>
#include <cmath>
#include <cstdio>
#include <cstring>

#include "core/posix.h"
#include "theriac/core/error.h"
#include "theriac/core/text.h"

namespace theriac::core {
namespace {

fs::path folder_of(const fs::path& path) {
  return path.has_parent_path() ? path.parent_path() : fs::path(".");
}

// Length of the file up to and including its last '\n'.
off_t complete_length(int descriptor, off_t size) {
  char buffer[4096];
  while (size > 0) {
    const auto n = std::min<off_t>(size, sizeof buffer);
    if (::pread(descriptor, buffer, static_cast<std::size_t>(n), size - n) != n) return size;
    for (off_t i = n; i > 0; --i)
      if (buffer[i - 1] == '\n') return size - n + i;
    size -= n;
  }
  return 0;
}

}  // namespace

void make_folder(const fs::path& path) { posix::make_folders(path); }

std::string read_file(const fs::path& path) {
  const auto fail = [&](int error) {
    throw Error(fmt::format("cannot read {}: {}", path.string(), std::strerror(error)));
  };
  const posix::Descriptor file(::open(path.c_str(), O_RDONLY | O_CLOEXEC));
  if (file.get() < 0) fail(errno);
  struct stat info {};
  if (::fstat(file.get(), &info) != 0) fail(errno);
  if (S_ISDIR(info.st_mode)) fail(EISDIR);
  std::string bytes;
  std::size_t used = 0;
  bytes.resize(static_cast<std::size_t>(info.st_size) + 1);
  while (true) {
    const ssize_t n = ::read(file.get(), bytes.data() + used, bytes.size() - used);
    if (n < 0 && errno == EINTR) continue;
    if (n < 0) fail(errno);
    if (n == 0) break;
    used += static_cast<std::size_t>(n);
    if (used == bytes.size()) bytes.resize(bytes.size() * 2);
  }
  bytes.resize(used);
  return bytes;
}

void write_file(const fs::path& path, std::string_view bytes) {
  static std::atomic<unsigned> serial{0};
  const fs::path folder = folder_of(path);
  posix::make_folders(folder);
  const fs::path temporary =
      folder / fmt::format(".{}.{}-{}.tmp", path.filename().string(), ::getpid(), serial++);
  posix::Descriptor file(::open(temporary.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0666));
  if (file.get() < 0) posix::cannot_write(path, errno);
  const auto fail = [&](int error) {
    file.close();  // frees its blocks with the name, before what is free is counted
    ::unlink(temporary.c_str());
    posix::cannot_write(path, error, bytes.size());
  };
  for (std::string_view rest = bytes; !rest.empty();) {
    const ssize_t n = ::write(file.get(), rest.data(), rest.size());
    if (n < 0 && errno == EINTR) continue;
    if (n < 0) fail(errno);
    rest.remove_prefix(static_cast<std::size_t>(n));
  }
  if (::fsync(file.get()) != 0) fail(errno);
  if (const int error = file.close()) fail(error);
  if (::rename(temporary.c_str(), path.c_str()) != 0) fail(errno);
  posix::sync_path(folder);
}

LineFile::LineFile(const fs::path& path) : descriptor_(-1), path_(path) {
  posix::make_folders(folder_of(path));
  descriptor_ = ::open(path.c_str(), O_RDWR | O_CREAT | O_APPEND | O_CLOEXEC, 0666);
  if (descriptor_ < 0) posix::cannot_write(path, errno);
  struct stat info {};
  if (::fstat(descriptor_, &info) != 0 || !S_ISREG(info.st_mode)) return;
  const off_t length = complete_length(descriptor_, info.st_size);
  if (length < info.st_size && ::ftruncate(descriptor_, length) != 0) {
    const int error = errno;
    ::close(descriptor_);
    posix::cannot_write(path, error);
  }
}

LineFile::~LineFile() { ::close(descriptor_); }

void LineFile::append(std::string_view line) {
  std::string bytes(line);
  bytes += '\n';
  try {
    posix::write_all(descriptor_, bytes, path_);
  } catch (const Error&) {  // what follows must not continue half a line
    struct stat info {};
    if (::fstat(descriptor_, &info) == 0 && S_ISREG(info.st_mode)) {
      [[maybe_unused]] const int ignored =
          ::ftruncate(descriptor_, complete_length(descriptor_, info.st_size));
    }
    throw;
  }
}

void LineFile::sync() {
  if (::fsync(descriptor_) != 0 && errno != EINVAL) posix::cannot_write(path_, errno);
}

std::uint64_t free_bytes(const fs::path& path) {
  fs::path place = fs::absolute(path);
  struct statvfs info {};
  while (::statvfs(place.c_str(), &info) != 0) {
    if (place == place.root_path() || !place.has_parent_path()) return 0;
    place = place.parent_path();
  }
  return static_cast<std::uint64_t>(info.f_bavail) * info.f_frsize;
}

std::string human_bytes(std::uint64_t bytes) {
  if (bytes < 1024) return fmt::format("{} B", bytes);
  const char* const units[] = {"KiB", "MiB", "GiB", "TiB", "PiB", "EiB"};
  double value = static_cast<double>(bytes) / 1024;
  std::size_t unit = 0;
  while (value >= 1023.5 && unit < 5) value /= 1024, ++unit;
  return fmt::format("{:.{}f} {}", value, value < 9.95 ? 1 : 0, units[unit]);
}

std::uint64_t parse_bytes(std::string_view text) {
  const auto bad = [&] {
    return Error(
        fmt::format("'{}' is not a size; expected a number with a unit, such as 200GiB", text));
  };
  const std::string_view trimmed = trim(text);
  double value = 0;
  const char* const end = trimmed.data() + trimmed.size();
  const auto [rest, error] = std::from_chars(trimmed.data(), end, value);
  if (error != std::errc() || !(value >= 0)) throw bad();
  const std::string unit = lower_ascii(trim({rest, static_cast<std::size_t>(end - rest)}));
  double scale = 1;
  if (!unit.empty() && unit != "b") {
    constexpr std::string_view kPrefixes = "kmgtp";
    const auto power = kPrefixes.find(unit[0]);
    const bool binary = unit.size() == 3 && unit.substr(1) == "ib";
    if (power == std::string_view::npos || !(binary || unit.size() == 1 || unit.substr(1) == "b"))
      throw bad();
    scale = std::pow(binary ? 1024.0 : 1000.0, static_cast<double>(power + 1));
  }
  if (value * scale > 9e18) throw bad();
  return static_cast<std::uint64_t>(value * scale);
}

}  // namespace theriac::core
