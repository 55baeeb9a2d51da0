#include <fmt/format.h>
#include <torch/types.h>

#include <cstdio>

#include "cli/checkpoint_model.h"
#include "cli/verb.h"
#include "theriac/checkpoint/safetensors.h"
#include "theriac/config/document.h"
#include "theriac/core/error.h"
#include "theriac/core/log.h"
#include "theriac/data/source.h"
#include "theriac/evaluate/session.h"
#include "theriac/train/device.h"

namespace theriac::cli {

namespace {

struct EmbedState {
  std::string checkpoint, csv, image = "image", caption = "caption", out, device = "auto";
};

int embed(const EmbedState& s) {
  const auto loaded = load_model(s.checkpoint);
  config::Choice<data::SourceConfig> choice(&data::table, "csv");
  auto settings = config::Document::parse("{}", "--csv");
  for (const auto& [key, value] :
       {std::pair{"path", s.csv}, {"image_key", s.image}, {"caption_key", s.caption}})
    settings.merge(config::Document::single(
        key, config::Document::parse("'" + value + "'", std::string("--") + key)));
  config::read(settings, *choice.section());
  data::SourceContext context;
  context.section = "csv";
  context.image_size = static_cast<int>(loaded.model->image_size());
  const auto source = choice->build(context);

  evaluate::Session session({{"csv", source, ""}}, std::nullopt, {},
                            train::resolve_device(s.device));
  session.set_model(loaded.model, loaded.tokenizer, loaded.loaded.hash, 0, 0);
  const auto& images = session.images(session.data().front());
  std::int64_t bad = 0;
  for (const auto& [reason, count] : images.bad) bad += count;
  if (bad > 0)
    throw Error(
        fmt::format("embed: {} of {} pictures cannot be used, so rows would not match the "
                    "file; `theriac data check` lists them",
                    bad, source->size()));
  std::vector<std::string> captions;
  for (std::int64_t i = 0; i < source->size(); ++i) captions.push_back(source->row(i).caption);
  checkpoint::TensorFile file;
  file.tensors["image"] = images.clean_ND;
  file.tensors["text"] = session.embed_texts(captions);
  file.metadata["checkpoint"] = loaded.loaded.hash;
  checkpoint::save_tensors(s.out, file);
  core::info("{} rows of width {} in {}", source->size(), images.clean_ND.size(1), s.out);
  return 0;
}

}  // namespace

Verb embed_verb() {
  auto s = std::make_shared<EmbedState>();
  return {"embed",
          "image and text embeddings of a CSV file's rows, as safetensors (unit rows)",
          "theriac embed runs/stages/pretrain-5bd0e1aa94c2 --csv pairs.csv --out "
          "embeddings.safetensors",
          {{"CHECKPOINT", "a checkpoint's or a stage's folder", &s->checkpoint, true, {}},
           {"--csv", "file with an image and a caption column", &s->csv, true, {}},
           {"--image-column", "name of the image column", &s->image, false, {}},
           {"--caption-column", "name of the caption column", &s->caption, false, {}},
           {"--out", "safetensors file to write", &s->out, true, {}},
           {"--device", "auto, cpu, cuda or cuda:N", &s->device, false, {}}},
          [s] { return embed(*s); },
          {},
          false,
          s};
}

}  // namespace theriac::cli
