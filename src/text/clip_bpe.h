#pragma once

#include <memory>
#include <string>

#include "theriac/text/tokenizer.h"

namespace theriac::text {

struct ClipBpeConfig final : TokenizerConfig {
  std::string vocabulary_file;  // "": where scripts/fetch_assets.sh puts it
  void describe(config::Fields& fields) override;
  std::unique_ptr<Tokenizer> build(const Captions& captions) const override;
  std::unique_ptr<Tokenizer> load(const std::string& serialised) const override;
};

// The tokenizer with other merges than CLIP's; `merges` is as Bpe takes it.
std::unique_ptr<Tokenizer> clip_bpe(std::string merges);

}  // namespace theriac::text
