#pragma once

#include <string>

namespace theriac::core {

// The file by which people start this program: the launcher, where it stands above
// libexec/theriac/, else the program itself. Absolute.
std::string program_path();

}  // namespace theriac::core
