#include "data/mapped_file.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <ctime>

#include "theriac/core/error.h"

namespace theriac::data {
namespace {

constexpr std::int64_t kMaxFile = std::int64_t{1} << 30;

struct Descriptor {
  // O_NONBLOCK: opening a named pipe must not wait for its writer.
  explicit Descriptor(const std::filesystem::path& path)
      : number(::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK)) {}
  ~Descriptor() {
    if (number >= 0) ::close(number);
  }
  Descriptor(const Descriptor&) = delete;
  Descriptor& operator=(const Descriptor&) = delete;
  int number;
};

constexpr std::time_t kSettled = 2;  // seconds; coarser file systems keep times of two seconds

std::string make_stamp(const std::filesystem::path& path, const struct stat& status) {
  if (std::time(nullptr) - status.st_mtim.tv_sec < kSettled) return {};
  return fmt::format("{} {} {} {}.{:09}", std::filesystem::absolute(path).string(), status.st_ino,
                     status.st_size, status.st_mtim.tv_sec, status.st_mtim.tv_nsec);
}

}  // namespace

MappedFile::MappedFile(std::string_view tag, const std::filesystem::path& path) {
  const Descriptor file(path);
  struct stat status {};
  if (file.number < 0 || ::fstat(file.number, &status) != 0)
    throw Error(fmt::format("{}: cannot open {}: {}", tag, path.string(), std::strerror(errno)));
  if (!S_ISREG(status.st_mode))
    throw Error(fmt::format("{}: {} is not a regular file", tag, path.string()));
  size_ = static_cast<std::size_t>(status.st_size);
  stamp_ = make_stamp(path, status);
  if (size_ == 0) return;
  void* const data = ::mmap(nullptr, size_, PROT_READ, MAP_PRIVATE, file.number, 0);
  if (data == MAP_FAILED)
    throw Error(fmt::format("{}: cannot map {}: {}", tag, path.string(), std::strerror(errno)));
  data_ = static_cast<const char*>(data);
}

MappedFile::~MappedFile() {
  if (data_) ::munmap(const_cast<char*>(data_), size_);
}

Bad read_picture(const std::filesystem::path& path, std::vector<std::uint8_t>& bytes,
                 std::string& detail) {
  const Descriptor file(path);
  if (file.number < 0) {
    const int error = errno;
    detail = fmt::format("{}: {}", path.string(), std::strerror(error));
    return error == ENOENT || error == ENOTDIR ? Bad::kMissingFile : Bad::kUnreadable;
  }
  struct stat status {};
  if (::fstat(file.number, &status) != 0 || !S_ISREG(status.st_mode)) {
    detail = fmt::format("{}: not a regular file", path.string());
    return Bad::kUnreadable;
  }
  if (status.st_size > kMaxFile) {
    detail = fmt::format("{}: {} bytes, at most {}", path.string(), status.st_size, kMaxFile);
    return Bad::kTooLarge;
  }
  bytes.resize(static_cast<std::size_t>(status.st_size));
  std::size_t done = 0;
  while (done < bytes.size()) {
    const ssize_t count = ::read(file.number, bytes.data() + done, bytes.size() - done);
    if (count < 0 && errno == EINTR) continue;
    if (count < 0) {
      detail = fmt::format("{}: {}", path.string(), std::strerror(errno));
      return Bad::kUnreadable;
    }
    if (count == 0) break;  // became shorter meanwhile
    done += static_cast<std::size_t>(count);
  }
  bytes.resize(done);
  return Bad::kNone;
}

bool is_inside(const std::filesystem::path& root, const std::filesystem::path& path,
               std::string& detail) {
  std::error_code failure;
  const auto folder = std::filesystem::weakly_canonical(std::filesystem::absolute(root), failure);
  const auto file =
      failure ? std::filesystem::path() : std::filesystem::weakly_canonical(path, failure);
  if (failure) {
    detail = fmt::format("{}: {}", path.string(), failure.message());
    return false;
  }
  const auto [rest, ignored] =
      std::mismatch(folder.begin(), folder.end(), file.begin(), file.end());
  if (rest == folder.end()) return true;
  detail = fmt::format("{} is not in {}", file.string(), folder.string());
  return false;
}

}  // namespace theriac::data
