#include "theriac/core/program.h"

#include <filesystem>

namespace theriac::core {

namespace fs = std::filesystem;

std::string program_path() {
  const fs::path self = fs::read_symlink("/proc/self/exe");
  const fs::path above = installed_folder();
  for (const fs::path& launcher : {above / "theriac", above / "bin" / "theriac"})
    if (fs::is_regular_file(launcher)) return launcher.string();
  return self.string();
}

fs::path installed_folder() {
  return fs::read_symlink("/proc/self/exe").parent_path().parent_path().parent_path();
}

}  // namespace theriac::core
