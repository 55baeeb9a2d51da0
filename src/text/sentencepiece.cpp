// Sub-word tokenizer learned from the run's captions with the SentencePiece library (Kudo &
// Richardson 2018, https://github.com/google/sentencepiece): byte-pair encoding or unigram.
// Ids: 0 padding, 1 unknown, 2 start, 3 end, then the pieces. Text is NFKC-normalised and
// case-folded (nmt_nfkc_cf). Training uses one thread and no sampling by the library, so the same
// captions give the same bytes. Of more than kMaxCaptions captions, a fixed random choice is used.
#include "text/sentencepiece.h"

#include <fmt/format.h>
#include <sentencepiece_processor.h>
#include <sentencepiece_trainer.h>

#include <stdexcept>
#include <unordered_map>
#include <utility>
#include <vector>

#include "theriac/core/error.h"
#include "theriac/core/hash.h"
#include "theriac/core/random.h"

namespace theriac::text {
namespace {

constexpr int kPad = 0, kUnknown = 1, kStart = 2, kEnd = 3;
constexpr std::size_t kMaxCaptions = 1'000'000;

// Internal failures of the library (not of its input) are bugs.
void expect_ok(const sentencepiece::util::Status& status) {
  if (!status.ok()) throw std::runtime_error("sentencepiece: " + status.ToString());
}

class SentencePiece final : public Tokenizer {
 public:
  explicit SentencePiece(std::string model) : model_(std::move(model)) {
    const auto status = processor_.LoadFromSerializedProto(model_);
    if (!status.ok() || processor_.pad_id() != kPad || processor_.unk_id() != kUnknown ||
        processor_.bos_id() != kStart || processor_.eos_id() != kEnd) {
      throw Error(
          fmt::format("sentencepiece: not a tokenizer saved by theriac ({}); expected a model with "
                      "padding, unknown, start, end = 0, 1, 2, 3",
                      status.ok() ? "its special ids differ" : status.ToString()));
    }
    id_ = core::sha256(model_).substr(0, 16);
  }

  std::vector<std::int32_t> encode(std::string_view text, int context) const override {
    if (context < 2) throw std::invalid_argument("encode: context is less than start and end");
    std::vector<int> found;
    expect_ok(processor_.Encode(text, &found));
    const auto room = static_cast<std::size_t>(context) - 2;
    if (found.size() > room) found.resize(room);
    std::vector<std::int32_t> ids;
    ids.reserve(found.size() + 2);
    ids.push_back(kStart);
    ids.insert(ids.end(), found.begin(), found.end());
    ids.push_back(kEnd);
    return ids;
  }

  std::vector<std::string> pieces(std::string_view text) const override {
    std::vector<std::string> result;
    expect_ok(processor_.Encode(text, &result));
    return result;
  }

  int vocabulary() const override { return processor_.GetPieceSize(); }
  int start_id() const override { return kStart; }
  int end_id() const override { return kEnd; }
  int pad_id() const override { return kPad; }
  std::string serialise() const override { return model_; }
  std::string id() const override { return id_; }

 private:
  std::string model_;
  std::string id_;
  sentencepiece::SentencePieceProcessor processor_;
};

// What the trainer pulls captions from.
class Captions final : public sentencepiece::SentenceIterator {
 public:
  explicit Captions(const std::vector<std::string>& captions) : captions_(captions) {}
  bool done() const override { return at_ == captions_.size(); }
  void Next() override { ++at_; }
  const std::string& value() const override { return captions_[at_]; }
  sentencepiece::util::Status status() const override { return {}; }

 private:
  const std::vector<std::string>& captions_;
  std::size_t at_ = 0;
};

// All captions, or kMaxCaptions of them (reservoir sampling).
std::vector<std::string> collect(const TokenizerConfig::Captions& captions) {
  std::vector<std::string> result;
  auto random = core::stream(0, "sentencepiece captions");
  std::uint64_t seen = 0;
  captions([&](std::string_view caption) {
    if (caption.empty()) return;
    ++seen;
    if (result.size() < kMaxCaptions) {
      result.emplace_back(caption);
    } else if (const auto place = random.below(seen); place < kMaxCaptions) {
      result[place] = caption;
    }
  });
  return result;
}

}  // namespace

void SentencePieceConfig::describe(config::Fields& fields) {
  fields.value("vocabulary", vocabulary,
               "ids at most; fewer when the captions do not hold that many pieces",
               {16, 1'000'000});
  fields.choice("model_type", model_type, "how pieces are learned",
                {{"bpe", Model::kBpe}, {"unigram", Model::kUnigram}});
  fields.value("character_coverage", character_coverage,
               "share of the captions' characters that get a piece; the rest becomes unknown",
               {0.9, 1});
}

std::unique_ptr<Tokenizer> SentencePieceConfig::build(const Captions& captions) const {
  const auto lines = collect(captions);
  if (lines.empty()) {
    throw Error(
        "sentencepiece: there are no captions to learn a vocabulary from; choose another "
        "tokenizer or data with captions");
  }
  text::Captions iterator(lines);
  std::string model;
  const auto status = sentencepiece::SentencePieceTrainer::Train(
      {{"vocab_size", std::to_string(vocabulary)},
       {"model_type", model_type == Model::kBpe ? "bpe" : "unigram"},
       {"character_coverage", fmt::format("{}", character_coverage)},
       {"normalization_rule_name", "nmt_nfkc_cf"},
       {"pad_id", std::to_string(kPad)},
       {"unk_id", std::to_string(kUnknown)},
       {"bos_id", std::to_string(kStart)},
       {"eos_id", std::to_string(kEnd)},
       {"hard_vocab_limit", "false"},
       {"num_threads", "1"},
       {"minloglevel", "2"}},
      &iterator, &model);
  if (!status.ok()) {
    throw Error(fmt::format(
        "sentencepiece: could not learn {} pieces from {} captions: {}. Raise tokenizer.vocabulary "
        "above the number of distinct characters, or lower tokenizer.character_coverage",
        vocabulary, lines.size(), status.ToString()));
  }
  return std::make_unique<SentencePiece>(std::move(model));
}

std::unique_ptr<Tokenizer> SentencePieceConfig::load(const std::string& serialised) const {
  return std::make_unique<SentencePiece>(serialised);
}

}  // namespace theriac::text
