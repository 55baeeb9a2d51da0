#pragma once

#include <filesystem>
#include <string>

#include "theriac/checkpoint/checkpoint.h"
#include "theriac/core/error.h"

namespace theriac::checkpoint {

// The checkpoint is whole but of another version: not damage.
class OtherVersion : public Error {
 public:
  using Error::Error;
};

struct StateFile {
  State state;
  std::map<std::string, std::string> sha256;  // by file name
};
StateFile read_state(const std::filesystem::path& folder);

// The file's bytes, compared with its hash in `state`. Error says which file and why.
std::string read_verified(const std::filesystem::path& folder, const char* name,
                          const StateFile& state);

}  // namespace theriac::checkpoint
