// The second view of a caption: one operation of EDA per call, as in CleanCLIP's use of it.
#include "theriac/text/augment.h"

#include <optional>
#include <vector>

#include "text/eda.h"

namespace theriac::text {
namespace {

constexpr std::ptrdiff_t kMostWords = 4096;

enum class Operation { kSwap, kRemove, kReplace, kInsert };

Operation chosen(const AugmentConfig& config, core::Stream& random) {
  // The draw that this choice of two had before there were more: results stay what they were.
  if (config.swap && config.remove && !config.needs_wordnet())
    return random.chance(0.5) ? Operation::kRemove : Operation::kSwap;
  std::vector<Operation> enabled;
  if (config.swap) enabled.push_back(Operation::kSwap);
  if (config.remove) enabled.push_back(Operation::kRemove);
  if (config.synonyms) enabled.push_back(Operation::kReplace);
  if (config.insert) enabled.push_back(Operation::kInsert);
  return enabled.size() == 1 ? enabled[0] : enabled[random.below(enabled.size())];
}

}  // namespace

struct Augmenter::State {
  AugmentConfig config;
  std::optional<WordNet> wordnet;
};

void AugmentConfig::describe(config::Fields& fields) {
  fields.value("swap", swap, "may swap words");
  fields.value("delete", remove, "may delete words");
  fields.value("synonyms", synonyms, "may replace words by WordNet synonyms");
  fields.value("insert", insert, "may insert WordNet synonyms of its words");
  fields.value("rate", rate, "share of the words that the operation changes", {0, 1});
  fields.value("letters_only", letters_only,
               "first lower case and nothing but the letters a to z, as EDA does");
  fields.value(
      "once", once,
      "a caption's second view is drawn once and the same in every epoch (what the paper's "
      "code does); false: drawn anew");
  fields.path("wordnet", wordnet, "folder of WordNet's database, for synonyms and insert");
}

std::string AugmentConfig::wordnet_hash() const {
  return needs_wordnet() ? WordNet::hash(wordnet) : std::string();
}

void AugmentConfig::check(config::Problems& problems) const {
  if ((swap || remove || needs_wordnet()) && rate == 0) {
    problems.add("rate",
                 "0 leaves captions as they are; set swap, delete, synonyms and insert to false "
                 "for that");
  }
}

Augmenter::Augmenter(const AugmentConfig& config) {
  auto state = std::make_unique<State>(State{config, {}});
  if (config.needs_wordnet()) state->wordnet.emplace(config.wordnet);
  state_ = std::move(state);
}

Augmenter::~Augmenter() = default;

std::string Augmenter::operator()(std::string_view caption, core::Stream& random) const {
  const auto& config = state_->config;
  auto words = eda::words_of(config.letters_only ? eda::letters_only(caption) : caption);
  if (words.empty()) return std::string(caption);
  const bool enabled =
      config.needs_wordnet() || (words.size() > 1 && (config.swap || config.remove));
  if (!enabled) return config.letters_only ? eda::joined(words) : std::string(caption);
  eda::Words rest;
  if (std::ssize(words) > kMostWords) {
    rest.assign(words.begin() + kMostWords, words.end());
    words.resize(kMostWords);
  }
  switch (chosen(config, random)) {
    case Operation::kSwap:
      if (words.size() > 1) eda::swap(words, config.rate, random);
      break;
    case Operation::kRemove:
      eda::remove(words, config.rate, random);
      break;
    case Operation::kReplace:
      eda::replace(words, config.rate, *state_->wordnet, random);
      break;
    case Operation::kInsert:
      eda::insert(words, config.rate, *state_->wordnet, random);
      break;
  }
  words.insert(words.end(), rest.begin(), rest.end());
  return eda::joined(words);
}

}  // namespace theriac::text
