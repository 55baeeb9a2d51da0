#include "checkpoint/state_file.h"

#include <nlohmann/json.hpp>

#include "checkpoint/layout.h"
#include "theriac/core/files.h"
#include "theriac/core/hash.h"

namespace theriac::checkpoint {

using nlohmann::json;

StateFile read_state(const std::filesystem::path& folder) {
  const auto path = folder / layout::kState;
  const auto fail = [&](const std::string& why) {
    return Error("checkpoint: " + path.string() + ": " + why);
  };
  if (!std::filesystem::is_directory(folder))
    throw Error("checkpoint: " + folder.string() + ": not a checkpoint folder");
  const json content = json::parse(core::read_file(path), nullptr, /*allow_exceptions=*/false);
  if (content.is_discarded()) throw fail("damaged: not JSON");
  try {
    if (content.at("format") != layout::kFormat) throw fail("not a theriac checkpoint");
    const int version = content.at("version").get<int>();
    if (version != kVersion)
      throw OtherVersion("checkpoint: " + folder.string() + ": written in format version " +
                         std::to_string(version) + ", this program reads version " +
                         std::to_string(kVersion) +
                         "; use the release that wrote it, or train again into another folder "
                         "(--runs DIR)");
    if (!content.at("complete").get<bool>()) throw fail("not complete");
    StateFile result;
    result.state.epoch = content.at("epoch").get<std::int64_t>();
    result.state.step = content.at("step").get<std::int64_t>();
    result.state.batch = content.at("batch").get<std::int64_t>();
    result.state.extra = content.at("extra");
    result.sha256 = content.at("sha256").get<std::map<std::string, std::string>>();
    for (const auto* name : {layout::kModel, layout::kCard})
      if (!result.sha256.count(name)) throw fail(std::string("damaged: no hash of ") + name);
    return result;
  } catch (const json::exception& error) {
    throw fail(std::string("damaged: ") + error.what());
  }
}

std::string read_verified(const std::filesystem::path& folder, const char* name,
                          const StateFile& state) {
  const auto path = folder / name;
  if (!std::filesystem::exists(path))
    throw Error("checkpoint: " + path.string() + ": damaged: the file is missing");
  std::string bytes = core::read_file(path);
  const auto hash = core::sha256(bytes);
  if (hash != state.sha256.at(name))
    throw Error("checkpoint: " + path.string() + ": damaged: " + std::to_string(bytes.size()) +
                " bytes with SHA-256 " + hash + ", " + layout::kState + " says " +
                state.sha256.at(name));
  return bytes;
}

}  // namespace theriac::checkpoint
