#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "theriac/config/fields.h"

namespace theriac::text {

// Text to ids. encode() gives start token, pieces, end token, at most `context` ids (over-long text
// is cut, the end token kept at the last position). Thread-safe and pure.
class Tokenizer {
 public:
  virtual ~Tokenizer() = default;
  virtual std::vector<std::int32_t> encode(std::string_view text, int context) const = 0;
  virtual std::vector<std::string> pieces(std::string_view text) const = 0;  // for people
  virtual int vocabulary() const = 0;                                        // number of ids
  virtual int start_id() const = 0;
  virtual int end_id() const = 0;  // the text encoder reads its output here
  virtual int pad_id() const = 0;
  // The tokenizer as bytes that load() below reads again; saved in run folders and checkpoints.
  virtual std::string serialise() const = 0;
  // Hash of what decides the ids.
  virtual std::string id() const = 0;
};

class TokenizerConfig : public config::Section {
 public:
  // `captions` calls its argument once per training caption, in order; used by tokenizers that are
  // trained on the run's captions, ignored by the others.
  using Captions = std::function<void(const std::function<void(std::string_view)>&)>;
  virtual std::unique_ptr<Tokenizer> build(const Captions& captions) const = 0;
  virtual std::unique_ptr<Tokenizer> load(const std::string& serialised) const = 0;
};

config::Table<TokenizerConfig>& table();  // clip_bpe, sentencepiece

}  // namespace theriac::text
