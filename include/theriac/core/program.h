#pragma once

#include <filesystem>
#include <string>

namespace theriac::core {

// The file by which people start this program: the launcher, where it stands above
// libexec/theriac/, else the program itself. Absolute.
std::string program_path();

// The folder that bin/, libexec/ and share/ are in, if this program is installed; it need not be.
std::filesystem::path installed_folder();

}  // namespace theriac::core
