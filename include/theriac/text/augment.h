#pragma once

#include <memory>
#include <string>
#include <string_view>

#include "theriac/config/fields.h"
#include "theriac/core/random.h"

namespace theriac::text {

// Second view of a caption, after EDA (Wei & Zou 2019): one of the enabled operations, chosen
// uniformly, on n = max(1, rate * words) words. The paper's code: all four, letters_only, rate 0.1.
struct AugmentConfig final : config::Section {
  bool swap = true;
  bool remove = true;  // key `delete`
  bool synonyms = false;
  bool insert = false;
  double rate = 0.2;
  bool letters_only = false;
  bool once = false;  // for whoever draws the stream: the same view in every epoch
  std::string wordnet = "/usr/share/wordnet";
  bool needs_wordnet() const { return synonyms || insert; }
  // Of WordNet's contents, in place of its path; empty when it is not needed. Error when missing.
  std::string wordnet_hash() const;
  void describe(config::Fields& fields) override;
  void check(config::Problems& problems) const override;
};

// Words are separated by white space. swap: n random swaps; delete: each word with probability
// `rate`, never all; synonyms: n distinct words that are no stop words, each replaced everywhere by
// one of its WordNet synonyms; insert: n synonyms of random words at random places. What follows
// the first 4,096 words stays as it is. A caption without words, or where the operation has nothing
// to do, is returned unchanged.
class Augmenter {
 public:
  // Error when WordNet is needed and missing.
  explicit Augmenter(const AugmentConfig& config);
  ~Augmenter();
  // Thread-safe.
  std::string operator()(std::string_view caption, core::Stream& random) const;

 private:
  struct State;
  std::unique_ptr<const State> state_;
};

}  // namespace theriac::text
