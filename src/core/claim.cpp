#include "theriac/core/claim.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <signal.h>
#include <sys/stat.h>
#include <unistd.h>

#include <atomic>
#include <cerrno>
#include <cstdlib>
#include <fstream>
#include <random>
#include <utility>
#include <vector>

#include "core/posix.h"
#include "theriac/core/files.h"

// The file is one line: "host H, pid P, boot B, space N, start S, token T, beat N". Boot, namespace
// and start (of the process, in ticks since the boot) tell a process from a later one with its
// number; the token tells one claim from the next of the same process.

namespace theriac::core {
namespace {

using Clock = std::chrono::steady_clock;

constexpr auto kBeatEvery = std::chrono::seconds(3);
// stat() may see the file gone for an instant while another process puts it back (see try_take).
constexpr int kMissingAllowed = 20;

std::string first_line(const fs::path& path) {
  std::ifstream file(path);
  std::string line;
  std::getline(file, line);
  return line;
}

const std::string& boot_id() {
  static const std::string id = first_line("/proc/sys/kernel/random/boot_id");
  return id;
}

// Field 22 of /proc/PID/stat; the name before it, in brackets, may hold anything.
std::string start_of(const std::string& pid) {
  const std::string line = first_line("/proc/" + pid + "/stat");
  std::size_t at = line.rfind(')');
  for (int field = 2; field < 22 && at != std::string::npos; ++field) at = line.find(' ', at + 1);
  if (at == std::string::npos) return {};
  return line.substr(at + 1, line.find(' ', at + 1) - at - 1);
}

std::string token() {
  static std::atomic<unsigned> count{0};
  std::random_device random;
  return fmt::format("{:08x}{:08x}-{}", random(), random(), count++);
}

// Removes what processes that ended in the middle of taking `path` over have moved aside. Called by
// its holder: what is moved aside now can no longer be put back.
void clear_aside(const fs::path& path) {
  const std::string prefix = path.filename().string() + ".";
  const auto is_token = [](const std::string& text) {
    const auto dash = text.find_first_not_of("0123456789abcdef");
    return dash == 16 && text[dash] == '-' && dash + 1 < text.size() &&
           text.find_first_not_of("0123456789", dash + 1) == std::string::npos;
  };
  std::error_code none;
  std::vector<fs::path> old;
  for (fs::directory_iterator entry(path.has_parent_path() ? path.parent_path() : ".", none), end;
       !none && entry != end; entry.increment(none)) {
    const std::string name = entry->path().filename().string();
    if (name.starts_with(prefix) && is_token(name.substr(prefix.size())))
      old.push_back(entry->path());
  }
  for (const auto& file : old) fs::remove(file, none);
}

std::string field(const std::string& content, const std::string& name) {
  const std::string key = name + " ";
  std::size_t at = content.starts_with(key) ? 0 : content.find(", " + key);
  if (at == std::string::npos) return {};
  at += key.size() + (at == 0 ? 0 : 2);
  return content.substr(at, content.find(',', at) - at);
}

// The namespace that process numbers are of: containers of one machine have their own.
std::string pid_space() {
  std::error_code none;
  return fs::read_symlink("/proc/self/ns/pid", none).string();
}

bool died_here(const std::string& content) {
  if (field(content, "host") != host_name() || field(content, "boot") != boot_id() ||
      field(content, "space") != pid_space())
    return false;
  const std::string pid = field(content, "pid"), start = start_of(pid);
  if (!start.empty()) return start != field(content, "start");
  // Not to be seen in /proc: gone, or of somebody else where /proc is hidden.
  return ::kill(std::atoi(pid.c_str()), 0) != 0 && errno == ESRCH;
}

}  // namespace

Claim::Claim(fs::path path, int descriptor, std::string head)
    : path_(std::move(path)), descriptor_(descriptor), head_(std::move(head)) {}

Claim::Claim(Claim&& other) noexcept
    : path_(std::move(other.path_)),
      descriptor_(std::exchange(other.descriptor_, -1)),
      head_(std::move(other.head_)),
      count_(other.count_),
      last_(other.last_),
      missing_(other.missing_) {}

Claim& Claim::operator=(Claim&& other) noexcept {
  std::swap(path_, other.path_);
  std::swap(descriptor_, other.descriptor_);
  std::swap(head_, other.head_);
  std::swap(count_, other.count_);
  std::swap(last_, other.last_);
  std::swap(missing_, other.missing_);
  return *this;
}

Claim::~Claim() {
  if (descriptor_ < 0) return;
  struct stat mine {
  }, there{};
  if (::fstat(descriptor_, &mine) == 0 && ::stat(path_.c_str(), &there) == 0 &&
      mine.st_ino == there.st_ino && mine.st_dev == there.st_dev)
    ::unlink(path_.c_str());
  ::close(descriptor_);
}

// A full disk is no reason to stop: the file exists, and it has its length from the first write on.
void Claim::write() {
  const std::string line = fmt::format("{}, beat {:020}\n", head_, count_++);
  [[maybe_unused]] const auto written = ::pwrite(descriptor_, line.data(), line.size(), 0);
  ::fdatasync(descriptor_);
  last_ = Clock::now();
}

bool Claim::beat() {
  struct stat mine {
  }, there{};
  if (::stat(path_.c_str(), &there) != 0) return ++missing_ < kMissingAllowed;
  missing_ = 0;
  if (::fstat(descriptor_, &mine) != 0 || mine.st_ino != there.st_ino ||
      mine.st_dev != there.st_dev)
    return false;
  if (Clock::now() - last_ >= kBeatEvery) write();
  return true;
}

Claims::Claims(std::chrono::milliseconds patience) : patience_(patience) {}

bool Claims::silent(const fs::path& path, const std::string& content) {
  auto& seen = seen_[path];
  if (seen.content != content || seen.since == Clock::time_point()) seen = {content, Clock::now()};
  return died_here(content) || Clock::now() - seen.since >= patience_;
}

std::optional<Claim> Claims::try_take(const fs::path& path) {
  posix::make_folders(path.has_parent_path() ? path.parent_path() : fs::path("."));
  for (int attempt = 0; attempt < 2; ++attempt) {
    const int descriptor = ::open(path.c_str(), O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0666);
    if (descriptor >= 0) {
      seen_.erase(path);
      const std::string pid = std::to_string(::getpid());
      Claim claim(path, descriptor,
                  fmt::format("host {}, pid {}, boot {}, space {}, start {}, token {}", host_name(),
                              pid, boot_id(), pid_space(), start_of(pid), token()));
      claim.write();
      clear_aside(path);
      return claim;
    }
    if (errno != EEXIST) posix::cannot_write(path, errno);
    const std::string content = first_line(path);
    if (!silent(path, content)) return std::nullopt;
    // Moving it away is what only one of several can do. Between the look and the move another may
    // have taken it over: then what was moved is a living claim, and it is put back.
    fs::path aside = path;
    aside += "." + token();
    if (::rename(path.c_str(), aside.c_str()) != 0) return std::nullopt;
    const bool same = first_line(aside) == content;
    if (!same) [[maybe_unused]]
      const int linked = ::link(aside.c_str(), path.c_str());
    ::unlink(aside.c_str());
    if (!same) return std::nullopt;
  }
  return std::nullopt;
}

std::string Claims::holder(const fs::path& path) {
  const std::string content = first_line(path);
  if (content.empty()) return fs::exists(path) ? "unknown" : "";
  return died_here(content)
             ? ""
             : fmt::format("host {}, pid {}", field(content, "host"), field(content, "pid"));
}

}  // namespace theriac::core
