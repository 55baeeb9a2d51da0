#include "text/sentencepiece.h"
#include "theriac/text/tokenizer.h"

namespace theriac::text {

config::Table<TokenizerConfig>& table() {
  static config::Table<TokenizerConfig> instance(
      "tokenizer",
      {
          config::entry<TokenizerConfig, SentencePieceConfig>(
              "sentencepiece", "pieces learned from the run's own captions, lower case"),
      });
  return instance;
}

}  // namespace theriac::text
