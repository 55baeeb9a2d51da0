#pragma once

#include <optional>
#include <string>
#include <vector>

namespace theriac::experiment {

struct CommandResult {
  int code = 0;           // exit code, or 128 + signal
  std::string out, said;  // stdout; stderr without its last newline
};

// Runs another program, found in PATH, to its end; nullopt where there is no such program.
std::optional<CommandResult> run_command(const std::vector<std::string>& arguments);

}  // namespace theriac::experiment
