#include <fcntl.h>
#include <fmt/core.h>
#include <signal.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

#include <atomic>
#include <cerrno>
#include <charconv>

#include "core/posix.h"
#include "theriac/core/files.h"

namespace theriac::core {
namespace {

fs::path parent(const fs::path& target) {
  return target.has_parent_path() ? target.parent_path() : fs::path(".");
}

// What processes of this machine left behind when they were killed.
void remove_leftovers(const fs::path& target, const std::string& prefix) {
  std::error_code ignored;
  for (const auto& entry : fs::directory_iterator(parent(target), ignored)) {
    const std::string name = entry.path().filename().string();
    if (name.rfind(prefix, 0) != 0) continue;
    const std::string tail = name.substr(prefix.size());
    int pid = 0;
    const auto [end, error] = std::from_chars(tail.data(), tail.data() + tail.size(), pid);
    if (error == std::errc() && pid > 0 && *end == '-' && ::kill(pid, 0) != 0 && errno == ESRCH)
      fs::remove_all(entry.path(), ignored);
  }
}

void sync_tree(const fs::path& folder) {
  for (const auto& entry : fs::recursive_directory_iterator(folder))
    if (entry.is_regular_file() || entry.is_directory()) posix::sync_path(entry.path());
  posix::sync_path(folder);
}

}  // namespace

StagedFolder::StagedFolder(fs::path target) : target_(std::move(target)) {
  static std::atomic<unsigned> serial{0};
  if (!target_.has_filename()) target_ = target_.parent_path();
  posix::make_folders(parent(target_));
  const std::string prefix =
      fmt::format(".{}.staging-{}-", target_.filename().string(), host_name());
  remove_leftovers(target_, prefix);
  staging_ = parent(target_) / fmt::format("{}{}-{}", prefix, ::getpid(), serial++);
  std::error_code error;
  fs::remove_all(staging_, error);
  if (::mkdir(staging_.c_str(), 0777) != 0) posix::cannot_write(target_, errno);
}

StagedFolder::~StagedFolder() {
  std::error_code ignored;
  fs::remove_all(staging_, ignored);
}

void StagedFolder::commit() {
  posix::check_held(parent(target_));
  try {
    sync_tree(staging_);
  } catch (const fs::filesystem_error& error) {  // somebody removes it
    posix::cannot_write(target_, error.code().value());
  }
  if (::rename(staging_.c_str(), target_.c_str()) != 0) {
    if (errno != ENOTEMPTY && errno != EEXIST && errno != ENOTDIR)
      posix::cannot_write(target_, errno);
    // The old target takes the staging folder's place and goes with the destructor.
    if (::renameat2(AT_FDCWD, staging_.c_str(), AT_FDCWD, target_.c_str(), RENAME_EXCHANGE) != 0) {
      if (errno != EINVAL && errno != ENOSYS) posix::cannot_write(target_, errno);
      std::error_code error;  // a file system without exchange: remove, then rename
      fs::remove_all(target_, error);
      if (::rename(staging_.c_str(), target_.c_str()) != 0) posix::cannot_write(target_, errno);
    }
  }
  posix::sync_path(parent(target_));
}

}  // namespace theriac::core
