#pragma once

#include <filesystem>
#include <vector>

namespace theriac::cli {

// `folder` is an experiment's folder, or a folder of runs with one or more of them. Error when it
// holds none.
std::vector<std::filesystem::path> experiments(const std::filesystem::path& folder);

// Where the stages of an experiment lie: beside its folder.
std::filesystem::path stages_of(const std::filesystem::path& experiment);

}  // namespace theriac::cli
