#pragma once

#include <string>

namespace theriac::core {

// How this program was built. `commit` is empty outside a git checkout; `dirty` means that tracked
// files were changed.
struct BuildInfo {
  std::string version;
  std::string commit;
  bool dirty = false;
  std::string compiler;
  std::string build_type;
  std::string flags;
  std::string sanitizer;
  std::string torch;
  std::string torch_directory;  // holds include/ and lib/
};

const BuildInfo& build_info();

}  // namespace theriac::core
