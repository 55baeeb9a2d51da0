#pragma once

#include <cstdint>
#include <memory>
#include <string>

#include "theriac/text/tokenizer.h"

namespace theriac::text {

struct SentencePieceConfig final : TokenizerConfig {
  enum class Model { kBpe, kUnigram };
  std::int64_t vocabulary = 400;
  Model model_type = Model::kBpe;
  double character_coverage = 1;
  void describe(config::Fields& fields) override;
  std::unique_ptr<Tokenizer> build(const Captions& captions) const override;
  std::unique_ptr<Tokenizer> load(const std::string& serialised) const override;
};

}  // namespace theriac::text
