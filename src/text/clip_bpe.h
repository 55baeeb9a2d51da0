#pragma once

#include <memory>
#include <string>

#include "theriac/text/tokenizer.h"

namespace theriac::text {

// What becomes of a caption with more tokens than the context.
enum class LongCaptions {
  kKeepEnd,  // the last place is the end token's
  kCut,      // the end token is lost: the text encoder then reads its output at the start token, so
             // that all such captions have one embedding; what the paper's code does
};

struct ClipBpeConfig final : TokenizerConfig {
  std::string vocabulary_file;  // "": where scripts/fetch_assets.sh puts it
  LongCaptions long_captions = LongCaptions::kKeepEnd;
  void describe(config::Fields& fields) override;
  std::unique_ptr<Tokenizer> build(const Captions& captions) const override;
  std::unique_ptr<Tokenizer> load(const std::string& serialised) const override;
};

// The tokenizer with other merges than CLIP's; `merges` is as Bpe takes it.
std::unique_ptr<Tokenizer> clip_bpe(std::string merges,
                                    LongCaptions long_captions = LongCaptions::kKeepEnd);

}  // namespace theriac::text
