#pragma once

#include <filesystem>
#include <string_view>

namespace theriac::core {

// What is kept for every checkout: $XDG_CACHE_HOME/theriac, else ~/.cache/theriac. It need not
// exist.
std::filesystem::path cache_folder();

// Where scripts/fetch_assets.sh puts the file `name`; it need not be there.
std::filesystem::path asset(std::string_view name);

}  // namespace theriac::core
