#include <fmt/core.h>
#include <sys/stat.h>

#include <mutex>

#include "core/posix.h"
#include "theriac/core/error.h"
#include "theriac/core/files.h"

namespace theriac::core {
namespace {

struct Held {
  fs::path folder;
  dev_t device = 0;
  ino_t inode = 0;
};

std::mutex held_mutex;
Held held;  // no folder: nothing is held

bool is_inside(const fs::path& path, const fs::path& folder) {
  const auto relative = path.lexically_normal().lexically_relative(folder);
  return !relative.empty() && *relative.begin() != "..";
}

[[noreturn]] void removed(const fs::path& folder) {
  throw Error(fmt::format("{} was removed while it was being written; the same command begins it "
                          "anew",
                          folder.string()),
              Exit::kCannotWrite);
}

}  // namespace

HeldFolder::HeldFolder(const fs::path& folder) {
  const fs::path whole = fs::absolute(folder).lexically_normal();
  struct stat info {};
  if (::stat(whole.c_str(), &info) != 0) removed(whole);
  const std::lock_guard lock(held_mutex);
  held = {whole, info.st_dev, info.st_ino};
}

HeldFolder::~HeldFolder() {
  const std::lock_guard lock(held_mutex);
  held = {};
}

void posix::check_held(const fs::path& folder) {
  const std::lock_guard lock(held_mutex);
  if (held.folder.empty() || !is_inside(fs::absolute(folder), held.folder)) return;
  struct stat info {};
  if (::stat(held.folder.c_str(), &info) != 0 || info.st_dev != held.device ||
      info.st_ino != held.inode)
    removed(held.folder);
}

}  // namespace theriac::core
