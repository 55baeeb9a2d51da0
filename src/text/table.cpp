#include "text/clip_bpe.h"
#include "text/sentencepiece.h"
#include "theriac/text/tokenizer.h"

namespace theriac::text {

config::Table<TokenizerConfig>& table() {
  static config::Table<TokenizerConfig> instance(
      "tokenizer",
      {
          config::entry<TokenizerConfig, ClipBpeConfig>("clip_bpe",
                                                        "CLIP's own 49,408 pieces, lower case"),
          config::entry<TokenizerConfig, SentencePieceConfig>(
              "sentencepiece", "pieces learned from the run's own captions, lower case"),
      });
  return instance;
}

}  // namespace theriac::text
