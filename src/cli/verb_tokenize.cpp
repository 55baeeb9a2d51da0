#include <fmt/format.h>

#include <cstdio>
#include <iostream>
#include <nlohmann/json.hpp>

#include "cli/checkpoint_model.h"
#include "cli/experiment_file.h"
#include "cli/verb.h"
#include "theriac/config/document.h"
#include "theriac/core/error.h"
#include "theriac/core/text.h"
#include "theriac/experiment/workspace.h"
#include "theriac/text/tokenizer.h"

namespace theriac::cli {

namespace {

struct TokenizeState {
  std::string from, tokenizer;
  std::vector<std::string> texts, sets;
  int context = 77;
  bool json = false;
};

struct OnlyTokenizer final : config::Section {
  config::Choice<text::TokenizerConfig> tokenizer{&text::table};
  void describe(config::Fields& fields) override {
    fields.component("tokenizer", tokenizer, "text to ids", config::Need::kRequired);
  }
};

// One that needs no captions to learn from: a type, or its settings as in an experiment file.
std::shared_ptr<const text::Tokenizer> stand_alone(const std::string& settings) {
  const bool is_type = settings.find('{') == settings.npos;
  const auto value = is_type ? "{type: " + settings + "}" : settings;
  OnlyTokenizer read;
  config::read(config::Document::parse("tokenizer: " + value, "--tokenizer"), read);
  return read.tokenizer->build([](const auto&) {});
}

std::shared_ptr<const text::Tokenizer> tokenizer(const TokenizeState& s) {
  if (!s.tokenizer.empty()) return stand_alone(s.tokenizer);
  if (s.from.empty())
    throw Error("tokenize: name an experiment file or a checkpoint, or give --tokenizer clip_bpe");
  const std::filesystem::path path = s.from;
  if (std::filesystem::is_directory(path)) return load_model(s.from).tokenizer;
  ExperimentFile file{s.from, s.sets, false};
  const auto config = file.load_first();
  experiment::DataCache cache;
  return experiment::Workspace(config, cache).train_tokenizer();
}

void print(const TokenizeState& s, const text::Tokenizer& tokenizer, const std::string& text) {
  const auto ids = tokenizer.encode(text, s.context);
  if (s.json) {
    fmt::print("{}\n", nlohmann::json(ids).dump());
    return;
  }
  fmt::print("{}\n  {}\n  {}\n", text, core::join(tokenizer.pieces(text), " "),
             fmt::join(ids, " "));
}

int tokenize(const TokenizeState& s) {
  const auto model = tokenizer(s);
  auto texts = s.texts;
  if (!s.tokenizer.empty() && !s.from.empty()) texts.insert(texts.begin(), s.from);
  for (const auto& text : texts) print(s, *model, text);
  if (texts.empty())
    for (std::string line; std::getline(std::cin, line);) print(s, *model, line);
  return 0;
}

}  // namespace

Verb tokenize_verb() {
  auto s = std::make_shared<TokenizeState>();
  return {"tokenize",
          "ids of texts, given or one a line on stdin, from start to end token",
          "theriac tokenize configs/quickstart.yaml \"a photo of a banana\"",
          {{"FROM",
            "experiment file (its tokenizer is trained first) or checkpoint; not with --tokenizer",
            &s->from,
            false,
            {}},
           {"TEXT", "texts; none: lines of stdin", &s->texts, false, {}},
           {"--tokenizer",
            "instead of FROM: clip_bpe, or with settings \"{type: clip_bpe, ...}\"",
            &s->tokenizer,
            false,
            {}},
           {"--set", "change one setting of the file: a.b=c (repeatable)", &s->sets, false, {}},
           {"--context", "longest sequence", &s->context, false, {}},
           {"--json", "one JSON array of ids a line", &s->json, false, {}}},
          [s] { return tokenize(*s); },
          {},
          false,
          s};
}

}  // namespace theriac::cli
