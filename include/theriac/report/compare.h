#pragma once

#include <filesystem>
#include <string>
#include <vector>

namespace theriac::report {

struct RunFolders {
  std::filesystem::path experiment, stages;
};

// Several experiments together: what each selection rule chooses, seeds and methods against each
// other. Numbers of different protocols are never averaged. Returns the tables as text of at most
// `width` columns (0: unlimited); with `out` also writes tables/, figures/ and index.html there
// (other files in it stay).
std::string compare(const std::vector<RunFolders>& runs, const std::filesystem::path& out = {},
                    int width = 0);

}  // namespace theriac::report
