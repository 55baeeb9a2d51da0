#include "theriac/core/assets.h"

#include <cstdlib>

namespace theriac::core {

std::filesystem::path cache_folder() {
  const char* cache = std::getenv("XDG_CACHE_HOME");
  if (cache && *cache) return std::filesystem::path(cache) / "theriac";
  const char* home = std::getenv("HOME");
  return std::filesystem::path(home ? home : "") / ".cache" / "theriac";
}

std::filesystem::path asset(std::string_view name) { return cache_folder() / "assets" / name; }

}  // namespace theriac::core
