#include "cli/run_folders.h"

#include <algorithm>

#include "theriac/core/error.h"

namespace theriac::cli {

namespace fs = std::filesystem;

std::vector<fs::path> experiments(const fs::path& folder) {
  if (fs::exists(folder / "plan.json"))
    return {folder.filename().empty() ? folder.parent_path() : folder};
  std::vector<fs::path> result;
  if (fs::is_directory(folder))
    for (const auto& entry : fs::directory_iterator(folder))
      if (fs::exists(entry.path() / "plan.json")) result.push_back(entry.path());
  std::sort(result.begin(), result.end());
  if (result.empty())
    throw Error("no experiment in " + folder.string() +
                "; name runs/<name> or a folder that holds such folders");
  return result;
}

fs::path stages_of(const fs::path& experiment) {
  return fs::absolute(experiment).lexically_normal().parent_path() / "stages";
}

}  // namespace theriac::cli
