// CLIP's tokenizer (Radford et al. 2021), equal to open_clip's SimpleTokenizer with clean='lower'
// (https://github.com/mlfoundations/open_clip): cleaned text is split into contractions, runs of
// letters, single numbers and runs of anything else; each is byte-pair encoded.
// Deviations: see clean_caption() for what of ftfy is missing, and "<end_of_text>" in a caption is
// ordinary text, so that no caption can place the token that the text encoder reads its output at.
#include "text/clip_bpe.h"

#include <algorithm>
#include <array>
#include <limits>
#include <stdexcept>
#include <utility>

#include "text/bpe.h"
#include "text/caption.h"
#include "text/clip_vocabulary.h"
#include "text/unicode.h"
#include "theriac/core/hash.h"

namespace theriac::text {
namespace {

enum class Kind { kNone, kLetter, kNumber, kOther };

// U+0345 is a mark whose capital is a letter: ignoring case, the classes of CLIP's expression all
// leave it out.
Kind kind(char32_t c) {
  if (c < 0x80) {
    if ((c | 0x20) >= U'a' && (c | 0x20) <= U'z') return Kind::kLetter;
    if (c >= U'0' && c <= U'9') return Kind::kNumber;
    return c == U' ' ? Kind::kNone : Kind::kOther;
  }
  if (is_letter(c)) return Kind::kLetter;
  if (is_number(c)) return Kind::kNumber;
  return is_space(c) || c == 0x0345 ? Kind::kNone : Kind::kOther;
}

// Length of a contraction at the start of `text`, or 0. A long s is an s, ignoring case.
std::size_t contraction(std::u32string_view text) {
  constexpr std::array<std::u32string_view, 8> kEndings{U"s",  U"\u017F", U"t",  U"re",
                                                        U"ve", U"m",      U"ll", U"d"};
  if (text[0] != U'\'') return 0;
  for (const auto ending : kEndings)
    if (text.substr(1).starts_with(ending)) return 1 + ending.size();
  return 0;
}

// Length of the word at the start of `text`; 0 when that is between words.
std::size_t word_length(std::u32string_view text) {
  if (const auto length = contraction(text)) return length;
  const auto first = kind(text[0]);
  if (first == Kind::kNone) return 0;
  std::size_t length = 1;
  if (first != Kind::kNumber)
    while (length < text.size() && kind(text[length]) == first) ++length;
  return length;
}

const std::string kCutMark = "cut ";  // before the packed merges, which start with another byte

class ClipBpe final : public Tokenizer {
 public:
  ClipBpe(std::string merges, bool cut)
      : merges_(std::move(merges)),
        bpe_(merges_),
        cut_(cut),
        id_(core::sha256(merges_).substr(0, 16) + (cut ? "-cut" : "")) {}

  std::vector<std::int32_t> encode(std::string_view text, int context) const override {
    if (context < 2) throw std::invalid_argument("encode: context is less than start and end");
    std::vector<std::int32_t> ids{start_id()};
    const auto most = static_cast<std::size_t>(context);
    words(text, most, ids);
    if (!cut_ && ids.size() >= most) ids.resize(most - 1);
    ids.push_back(end_id());
    if (ids.size() > most) ids.resize(most);
    return ids;
  }

  std::vector<std::string> pieces(std::string_view text) const override {
    std::vector<std::int32_t> ids;
    words(text, std::numeric_limits<std::size_t>::max(), ids);
    std::vector<std::string> result;
    for (const auto id : ids) result.push_back(bpe_.symbol(id));
    return result;
  }

  int vocabulary() const override { return bpe_.size() + 2; }
  int start_id() const override { return bpe_.size(); }
  int end_id() const override { return bpe_.size() + 1; }
  int pad_id() const override { return 0; }  // also "!"; what follows the end token is not read
  std::string serialise() const override { return (cut_ ? kCutMark : "") + pack(merges_); }
  std::string id() const override { return id_; }

 private:
  // Stops at the word that makes `most` ids.
  void words(std::string_view caption, std::size_t most, std::vector<std::int32_t>& ids) const {
    const auto cleaned = clean_caption(caption);
    for (std::u32string_view rest = cleaned; !rest.empty() && ids.size() < most;) {
      const auto length = word_length(rest);
      if (length > 0) bpe_.encode(encode_utf8(rest.substr(0, length)), ids);
      rest.remove_prefix(std::max<std::size_t>(1, length));
    }
  }

  std::string merges_;
  Bpe bpe_;
  bool cut_;
  std::string id_;
};

}  // namespace

std::unique_ptr<Tokenizer> clip_bpe(std::string merges, LongCaptions long_captions) {
  return std::make_unique<ClipBpe>(std::move(merges), long_captions == LongCaptions::kCut);
}

void ClipBpeConfig::describe(config::Fields& fields) {
  fields.path("vocabulary_file", vocabulary_file,
              "bpe_simple_vocab_16e6.txt.gz; default: what scripts/fetch_assets.sh fetched");
  fields.choice("long_captions", long_captions,
                "captions that are too long keep the end token, or are cut without it, which gives "
                "all of them one embedding (what the paper's code does)",
                {{"keep_end", LongCaptions::kKeepEnd}, {"cut", LongCaptions::kCut}});
}

std::unique_ptr<Tokenizer> ClipBpeConfig::build(const Captions&) const {
  return clip_bpe(read_clip_merges(vocabulary_file), long_captions);
}

std::unique_ptr<Tokenizer> ClipBpeConfig::load(const std::string& serialised) const {
  if (serialised.starts_with(kCutMark))
    return clip_bpe(unpack(serialised.substr(kCutMark.size())), LongCaptions::kCut);
  return clip_bpe(unpack(serialised));
}

}  // namespace theriac::text
