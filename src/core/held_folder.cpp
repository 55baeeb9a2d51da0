#include <fmt/core.h>
#include <sys/stat.h>

#include <algorithm>
#include <mutex>
#include <optional>
#include <vector>

#include "core/posix.h"
#include "theriac/core/error.h"
#include "theriac/core/files.h"

namespace theriac::core {
namespace {

struct Held {
  struct Place {
    fs::path path;
    dev_t device = 0;
    ino_t inode = 0;
  };
  fs::path folder;
  std::vector<Place> places;  // the folder, and files of it
};

std::mutex held_mutex;
Held held;  // no folder: nothing is held

bool is_inside(const fs::path& path, const fs::path& folder) {
  const auto relative = path.lexically_normal().lexically_relative(folder);
  return !relative.empty() && *relative.begin() != "..";
}

std::optional<Held::Place> look(const fs::path& path) {
  struct stat info {};
  if (::stat(path.c_str(), &info) != 0) return std::nullopt;
  return Held::Place{path, info.st_dev, info.st_ino};
}

bool is_there(const Held::Place& place) {
  const auto now = look(place.path);
  return now && now->device == place.device && now->inode == place.inode;
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
  const auto place = look(whole);
  if (!place) removed(whole);
  const std::lock_guard lock(held_mutex);
  held = {whole, {*place}};
}

void HeldFolder::watch(const fs::path& file) {
  const auto place = look(fs::absolute(file));
  const std::lock_guard lock(held_mutex);
  if (!place) removed(held.folder);
  held.places.push_back(*place);
}

HeldFolder::~HeldFolder() {
  const std::lock_guard lock(held_mutex);
  held = {};
}

void posix::check_held(const fs::path& folder) {
  const std::lock_guard lock(held_mutex);
  if (held.folder.empty() || !is_inside(fs::absolute(folder), held.folder)) return;
  if (!std::all_of(held.places.begin(), held.places.end(), is_there)) removed(held.folder);
}

}  // namespace theriac::core
