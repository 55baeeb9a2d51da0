#include <fmt/format.h>

#include "cli/checkpoint_model.h"
#include "cli/verb.h"
#include "theriac/checkpoint/safetensors.h"
#include "theriac/core/error.h"
#include "theriac/core/log.h"

namespace theriac::cli {

namespace {

struct ExportState {
  std::string checkpoint, to = "open_clip", out;
};

int write_weights(const ExportState& s) {
  if (!s.out.ends_with(".safetensors"))
    throw Error("export: --out " + s.out +
                ": open_clip knows the format by its name; end it with "
                ".safetensors");
  const auto folder = checkpoint_folder(s.checkpoint);
  checkpoint::load(folder, false);  // Error when it is damaged
  // A checkpoint's own file has open_clip's names, and the card travels in it.
  const auto file = checkpoint::load_tensors(folder / "model.safetensors");
  checkpoint::save_tensors(s.out, file);
  core::info("{} tensors in {}; the card (tokenizer, poison, provenance) is in its metadata",
             file.tensors.size(), s.out);
  return 0;
}

}  // namespace

Verb export_verb() {
  auto s = std::make_shared<ExportState>();
  return {"export",
          "a checkpoint's weights as one file for other programs",
          "theriac export runs/stages/pretrain-5bd0e1aa94c2 --to open_clip --out rn50.safetensors",
          {{"CHECKPOINT", "a checkpoint's or a stage's folder", &s->checkpoint, true, {}},
           {"--to", "what will read it", &s->to, false, {"open_clip"}},
           {"--out", ".safetensors file to write", &s->out, true, {}}},
          [s] { return write_weights(*s); },
          {},
          false,
          s};
}

}  // namespace theriac::cli
