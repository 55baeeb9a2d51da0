#include <torch/types.h>

#include "checkpoint/card.h"
#include "checkpoint/layout.h"
#include "checkpoint/safetensors_write.h"
#include "theriac/checkpoint/checkpoint.h"
#include "theriac/core/files.h"
#include "theriac/core/hash.h"
#include "theriac/model/clip.h"

namespace theriac::checkpoint {

using nlohmann::json;

void save(const std::filesystem::path& folder, const Contents& contents) {
  core::StagedFolder staged(folder);
  json hashes = json::object();
  const auto write = [&](const char* name, const std::string& bytes) {
    core::write_file(staged.path() / name, bytes);
    hashes[name] = core::sha256(bytes);
  };
  const std::string card = to_json(contents.card).dump();
  write(layout::kModel, to_bytes({state_dict(*contents.model), {{layout::kCardKey, card}}}));
  if (contents.optimizer) write(layout::kOptimizer, to_bytes({*contents.optimizer, {}}));
  write(layout::kCard, card + "\n");
  const json state = {{"format", layout::kFormat},
                      {"version", kVersion},
                      {"complete", true},
                      {"epoch", contents.state.epoch},
                      {"step", contents.state.step},
                      {"batch", contents.state.batch},
                      {"extra", contents.state.extra},
                      {"sha256", hashes}};
  core::write_file(staged.path() / layout::kState, state.dump(2) + "\n");
  staged.commit();
}

}  // namespace theriac::checkpoint
