// Random swap and random deletion of EDA (Wei & Zou, EMNLP 2019, https://arxiv.org/abs/1901.11196).
// Deviations: one of the enabled operations per call, as in CleanCLIP's use of one EDA sentence;
// punctuation and case are kept (the tokenizer folds case); swaps are of two distinct places.
// Synonym replacement and insertion need WordNet and come later.
#include "theriac/text/augment.h"

#include <algorithm>
#include <vector>

namespace theriac::text {
namespace {

using Words = std::vector<std::string_view>;

Words words_of(std::string_view text) {
  constexpr std::string_view kSpace = " \t\n\v\f\r";
  Words words;
  for (auto from = text.find_first_not_of(kSpace); from != text.npos;) {
    const auto to = std::min(text.find_first_of(kSpace, from), text.size());
    words.push_back(text.substr(from, to - from));
    from = text.find_first_not_of(kSpace, to);
  }
  return words;
}

std::string joined(const Words& words) {
  std::string result;
  for (const auto word : words) {
    if (!result.empty()) result += ' ';
    result += word;
  }
  return result;
}

void swap_words(Words& words, double rate, core::Stream& random) {
  const auto times = std::max<std::int64_t>(
      1, static_cast<std::int64_t>(rate * static_cast<double>(words.size())));
  for (std::int64_t i = 0; i < times; ++i) {
    const auto first = random.below(words.size());
    const auto second = (first + 1 + random.below(words.size() - 1)) % words.size();
    std::swap(words[first], words[second]);
  }
}

void delete_words(Words& words, double rate, core::Stream& random) {
  Words kept;
  for (const auto word : words)
    if (!random.chance(rate)) kept.push_back(word);
  if (kept.empty()) kept.push_back(words[random.below(words.size())]);
  words = std::move(kept);
}

}  // namespace

void AugmentConfig::describe(config::Fields& fields) {
  fields.value("swap", swap, "may swap words");
  fields.value("delete", remove, "may delete words");
  fields.value("rate", rate, "share of the words that are swapped or deleted", {0, 1});
}

void AugmentConfig::check(config::Problems& problems) const {
  if ((swap || remove) && rate == 0) {
    problems.add("rate", "0 leaves captions as they are; set swap and delete to false for that");
  }
}

std::string augment(std::string_view caption, const AugmentConfig& config, core::Stream& random) {
  auto words = words_of(caption);
  if (words.size() < 2 || !(config.swap || config.remove)) return std::string(caption);
  const bool swaps = config.swap && !(config.remove && random.chance(0.5));
  (swaps ? swap_words : delete_words)(words, config.rate, random);
  return joined(words);
}

}  // namespace theriac::text
