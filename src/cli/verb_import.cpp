#include <fmt/format.h>

#include <filesystem>

#include "cli/verb.h"
#include "theriac/checkpoint/foreign.h"
#include "theriac/core/error.h"
#include "theriac/core/files.h"
#include "theriac/core/hash.h"
#include "theriac/core/log.h"
#include "theriac/model/clip.h"
#include "theriac/text/tokenizer.h"

namespace theriac::cli {

namespace {

namespace fs = std::filesystem;

struct ImportState {
  std::string file, out, tokenizer = "clip_bpe";
};

// What a file of another program does not say: the model from the shapes, the tokenizer as given.
checkpoint::Card foreign_card(const ImportState& s, const checkpoint::TensorFile& file) {
  const auto found = checkpoint::recognise(file, s.file);
  checkpoint::Card card;
  model::ModelConfig config;
  config.preset = found.preset;
  config.image_size = found.image_size;
  config.context = found.context;
  card.model = checkpoint::describe_model(config, found.vocabulary, found.vocabulary - 1);
  const auto* entry = text::table().find(s.tokenizer);
  if (!entry)
    throw Error("import: --tokenizer " + s.tokenizer +
                ": unknown; `theriac list tokenizers` lists "
                "them");
  const auto tokenizer = entry->make()->build({});
  if (tokenizer->vocabulary() != found.vocabulary)
    throw Error(
        fmt::format("import: {} has {} token embeddings, but the tokenizer {} has {} ids; "
                    "name another one with --tokenizer",
                    s.file, found.vocabulary, s.tokenizer, tokenizer->vocabulary()));
  card.tokenizer_type = s.tokenizer;
  card.tokenizer = tokenizer->serialise();
  card.provenance = {{"kind", "import"},
                     {"file", fs::path(s.file).filename().string()},
                     {"sha256", core::sha256_file(s.file)}};
  core::info("{}: {} at {} px, {} tokens of context", s.file, found.preset, found.image_size,
             found.context);
  return card;
}

int import(const ImportState& s) {
  if (fs::exists(s.out)) throw Error("import: " + s.out + " exists; name a new folder");
  const auto file = checkpoint::load_foreign(s.file);
  const auto carried = checkpoint::card_of(file);
  const auto card = carried ? *carried : foreign_card(s, file);
  const auto clip = checkpoint::make_model(card);
  checkpoint::load_state_dict(*clip, file.tensors);
  const checkpoint::State state{};
  checkpoint::save(s.out, {clip.get(), nullptr, state, card});
  core::info("{} parameters in {}", model::parameter_count(*clip), s.out);
  if (!carried)
    core::info(
        "The file says nothing about poison: attack success needs an experiment's `poison`.");
  return 0;
}

}  // namespace

Verb import_verb() {
  auto s = std::make_shared<ImportState>();
  return {"import",
          "a checkpoint from the weights of open_clip, OpenAI's CLIP or a torch.save file",
          "theriac import RN50.pt --out checkpoints/rn50",
          {{"FILE", ".safetensors, .pt or .bin; nothing in it is executed", &s->file, true, {}},
           {"--out", "folder to write", &s->out, true, {}},
           {"--tokenizer",
            "its tokenizer, where the file does not carry one",
            &s->tokenizer,
            false,
            {}}},
          [s] { return import(*s); },
          {},
          false,
          s};
}

}  // namespace theriac::cli
