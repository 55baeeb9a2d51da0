// EDA (Wei & Zou, EMNLP 2019, https://arxiv.org/abs/1901.11196).
// Deviations: swaps are of two distinct places; an inserted synonym is drawn from all, where EDA
// takes the first of an unordered set; synonyms without a letter ("9") do not count; without
// letters_only() punctuation around a word and the case of the others are kept.
#include "text/eda.h"

#include <algorithm>
#include <array>
#include <unordered_map>
#include <utility>

#include "text/unicode.h"

namespace theriac::text::eda {
namespace {

constexpr int kTries = 10;  // words asked for a synonym before an insertion is given up

constexpr std::array<std::string_view, 127> kStopWords{
    "i",       "me",      "my",      "myself",   "we",         "our",    "ours",    "ourselves",
    "you",     "your",    "yours",   "yourself", "yourselves", "he",     "him",     "his",
    "himself", "she",     "her",     "hers",     "herself",    "it",     "its",     "itself",
    "they",    "them",    "their",   "theirs",   "themselves", "what",   "which",   "who",
    "whom",    "this",    "that",    "these",    "those",      "am",     "is",      "are",
    "was",     "were",    "be",      "been",     "being",      "have",   "has",     "had",
    "having",  "do",      "does",    "did",      "doing",      "a",      "an",      "the",
    "and",     "but",     "if",      "or",       "because",    "as",     "until",   "while",
    "of",      "at",      "by",      "for",      "with",       "about",  "against", "between",
    "into",    "through", "during",  "before",   "after",      "above",  "below",   "to",
    "from",    "up",      "down",    "in",       "out",        "on",     "off",     "over",
    "under",   "again",   "further", "then",     "once",       "here",   "there",   "when",
    "where",   "why",     "how",     "all",      "any",        "both",   "each",    "few",
    "more",    "most",    "other",   "some",     "such",       "no",     "nor",     "not",
    "only",    "own",     "same",    "so",       "than",       "too",    "very",    "s",
    "t",       "can",     "will",    "just",     "don",        "should", "now"};

bool is_ascii_letter(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); }

// A word between its punctuation: "(Dogs," is "(", "dogs", ",". No key: not made of letters.
struct Parts {
  std::string before, key, after;
};

Parts parts_of(const std::string& word) {
  const auto first = std::ranges::find_if(word, is_ascii_letter);
  const auto last = std::find_if(word.rbegin(), word.rend(), is_ascii_letter).base();
  if (first == word.end() || !std::all_of(first, last, is_ascii_letter)) return {word, "", ""};
  Parts parts{{word.begin(), first}, {first, last}, {last, word.end()}};
  for (char& c : parts.key) c = static_cast<char>(c | 0x20);
  return parts;
}

std::int64_t count(const Words& words, double rate) {
  return std::max<std::int64_t>(
      1, static_cast<std::int64_t>(rate * static_cast<double>(words.size())));
}

template <class T>
T any_of(const std::vector<T>& items, core::Stream& random) {
  return items[random.below(items.size())];
}

}  // namespace

Words words_of(std::string_view caption) {
  constexpr std::string_view kSpace = " \t\n\v\f\r";
  Words words;
  for (auto from = caption.find_first_not_of(kSpace); from != caption.npos;) {
    const auto to = std::min(caption.find_first_of(kSpace, from), caption.size());
    words.emplace_back(caption.substr(from, to - from));
    from = caption.find_first_not_of(kSpace, to);
  }
  return words;
}

std::string joined(const Words& words) {
  std::string result;
  for (const auto& word : words) {
    if (!result.empty()) result += ' ';
    result += word;
  }
  return result;
}

std::string letters_only(std::string_view caption) {
  std::string result;
  for (const char32_t c : lower(decode_utf8(caption))) {
    if (c == U'\'' || c == U'\u2019') continue;
    result += c >= U'a' && c <= U'z' ? static_cast<char>(c) : ' ';
  }
  return joined(words_of(result));
}

void swap(Words& words, double rate, core::Stream& random) {
  const auto times = count(words, rate);
  for (std::int64_t i = 0; i < times; ++i) {
    const auto first = random.below(words.size());
    const auto second = (first + 1 + random.below(words.size() - 1)) % words.size();
    std::swap(words[first], words[second]);
  }
}

void remove(Words& words, double rate, core::Stream& random) {
  Words kept;
  for (const auto& word : words)
    if (!random.chance(rate)) kept.push_back(word);
  if (kept.empty()) kept.push_back(any_of(words, random));
  words = std::move(kept);
}

void replace(Words& words, double rate, const WordNet& wordnet, core::Stream& random) {
  Words keys;
  std::unordered_map<std::string, std::vector<std::size_t>> places;  // of each key
  for (std::size_t i = 0; i < words.size(); ++i) {
    const auto key = parts_of(words[i]).key;
    if (key.empty() || std::ranges::find(kStopWords, key) != kStopWords.end()) continue;
    auto& found = places[key];
    if (found.empty()) keys.push_back(key);
    found.push_back(i);
  }
  random.shuffle(keys);
  auto left = count(words, rate);
  for (const auto& key : keys) {
    if (left == 0) break;
    const auto synonyms = wordnet.synonyms(key);
    if (synonyms.empty()) continue;
    const auto synonym = any_of(synonyms, random);
    for (const auto place : places[key]) {
      const auto parts = parts_of(words[place]);
      words[place] = parts.before + synonym + parts.after;
    }
    --left;
  }
}

void insert(Words& words, double rate, const WordNet& wordnet, core::Stream& random) {
  const auto times = count(words, rate);
  for (std::int64_t i = 0; i < times; ++i)
    for (int tries = 0; tries < kTries; ++tries) {
      const auto synonyms = wordnet.synonyms(parts_of(any_of(words, random)).key);
      if (synonyms.empty()) continue;
      auto synonym = any_of(synonyms, random);
      const auto place = static_cast<std::ptrdiff_t>(random.below(words.size()));
      words.insert(words.begin() + place, std::move(synonym));
      break;
    }
}

}  // namespace theriac::text::eda
