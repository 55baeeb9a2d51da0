#include "text/wordnet.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <set>
#include <span>
#include <utility>

#include "theriac/core/error.h"
#include "theriac/core/files.h"
#include "theriac/core/hash.h"
#include "theriac/core/text.h"

namespace theriac::text {
namespace {

constexpr std::array<const char*, WordNet::kPosCount> kPosNames{"noun", "verb", "adj", "adv"};

using Rule = std::pair<std::string_view, std::string_view>;  // ending, what stands for it
constexpr Rule kNounRules[] = {{"s", ""},      {"ses", "s"},   {"ves", "f"},
                               {"xes", "x"},   {"zes", "z"},   {"ches", "ch"},
                               {"shes", "sh"}, {"men", "man"}, {"ies", "y"}};
constexpr Rule kVerbRules[] = {{"s", ""},   {"ies", "y"}, {"es", "e"},  {"es", ""},
                               {"ed", "e"}, {"ed", ""},   {"ing", "e"}, {"ing", ""}};
constexpr Rule kAdjectiveRules[] = {{"er", ""}, {"est", ""}, {"er", "e"}, {"est", "e"}};
constexpr std::array<std::span<const Rule>, WordNet::kPosCount> kRules{
    std::span(kNounRules), std::span(kVerbRules), std::span(kAdjectiveRules), {}};

// Takes the next field, which ends at a blank, off `line`.
std::string_view next_field(std::string_view& line) {
  const auto end = std::min(line.find(' '), line.size());
  const auto field = line.substr(0, end);
  line.remove_prefix(std::min(end + 1, line.size()));
  return field;
}

// -1 when the field is no number.
std::int64_t number(std::string_view field, int base = 10) {
  std::int64_t value = 0;
  const auto* end = field.data() + field.size();
  const auto result = std::from_chars(field.data(), end, value, base);
  return result.ec == std::errc() && result.ptr == end && value >= 0 ? value : -1;
}

std::unordered_map<std::string, std::vector<std::string>> exceptions_from(const std::string& text) {
  std::unordered_map<std::string, std::vector<std::string>> result;
  for (const auto& line : core::split(text, '\n')) {
    auto fields = core::split(core::trim(line), ' ');
    if (fields.size() < 2) continue;
    const auto word = fields[0];
    fields.erase(fields.begin());
    result[word] = std::move(fields);  // of two lines for one word, the last counts
  }
  return result;
}

// Data, index and exceptions of one part of speech.
std::array<std::filesystem::path, 3> files_of(const std::filesystem::path& folder,
                                              std::size_t pos) {
  const std::string name = kPosNames[pos];
  std::array paths{folder / ("data." + name), folder / ("index." + name), folder / (name + ".exc")};
  for (const auto& path : paths)
    if (!std::filesystem::is_regular_file(path))
      throw Error(fmt::format(
          "wordnet: there is no {}; install WordNet (Debian: apt-get install wordnet-base), or "
          "set augment_text.wordnet to the folder with its database files",
          path.string()));
  return paths;
}

// "World_War_II" -> "world war ii"; "'hood" -> "hood"; "" when no letter is left.
std::string letters_and_blanks(std::string_view word) {
  std::string result;
  for (const char c : core::lower_ascii(word)) {
    const bool blank = c == '_' || c == '-' || c == ' ';
    if (blank && !result.empty() && result.back() != ' ') result += ' ';
    if (c >= 'a' && c <= 'z') result += c;
  }
  return std::string(core::trim(result));
}

}  // namespace

WordNet::WordNet(const std::filesystem::path& folder) {
  for (std::size_t pos = 0; pos < kPosCount; ++pos) {
    const auto [data, index, exceptions] = files_of(folder, pos);
    auto& files = files_[pos];
    files.data_path = data;
    files.data = core::read_file(data);
    files.index = core::read_file(index);
    files.exceptions = exceptions_from(core::read_file(exceptions));
  }
}

std::string WordNet::hash(const std::filesystem::path& folder) {
  std::string all;
  for (std::size_t pos = 0; pos < kPosCount; ++pos)
    for (const auto& path : files_of(folder, pos)) all += core::sha256_file(path);
  return core::sha256(all);
}

// The line of `lemma` in the sorted index, after the lemma; empty when there is none.
std::string_view WordNet::entry(const std::string& lemma, Pos pos) const {
  if (lemma.empty()) return {};  // the lines of the licence, which come first, begin with a blank
  const std::string_view index = files_[pos].index;
  std::size_t low = 0, high = index.size();  // starts of lines, or the end
  while (low < high) {
    const auto middle = low + (high - low) / 2;
    const auto before = middle == 0 ? index.npos : index.rfind('\n', middle - 1);
    const auto start = before == index.npos ? 0 : before + 1;
    const auto end = std::min(index.find('\n', start), index.size());
    auto line = index.substr(start, end - start);
    const auto found = next_field(line);
    if (found == lemma) return line;
    if (found < lemma)
      low = std::min(end + 1, index.size());
    else
      high = start;
  }
  return {};
}

// The word and what the exceptions, or else one round of rules, make of it, where it is a lemma.
std::vector<std::string> WordNet::base_forms(const std::string& word, Pos pos) const {
  std::vector<std::string> forms{word};
  const auto& exceptions = files_[pos].exceptions;
  if (const auto found = exceptions.find(word); found != exceptions.end()) {
    forms.insert(forms.end(), found->second.begin(), found->second.end());
  } else {
    for (const auto& [ending, instead] : kRules[pos])
      if (word.ends_with(ending))
        forms.push_back(word.substr(0, word.size() - ending.size()) + std::string(instead));
  }
  std::vector<std::string> result;
  for (auto& form : forms)
    if (!entry(form, pos).empty() && std::ranges::find(result, form) == result.end())
      result.push_back(std::move(form));
  return result;
}

std::vector<std::int64_t> WordNet::synsets(const std::string& word, Pos pos) const {
  std::vector<std::int64_t> result;
  for (const auto& form : base_forms(word, pos)) {
    // pos, number of synsets, number of pointer symbols, those symbols, two counts, offsets
    auto line = entry(form, pos);
    next_field(line);
    const auto synsets = number(next_field(line));
    const auto pointers = number(next_field(line));
    for (std::int64_t i = 0; i < pointers + 2; ++i) next_field(line);
    for (std::int64_t i = 0; i < synsets; ++i) result.push_back(number(next_field(line)));
  }
  return result;
}

// Of one line of data: offset, file, type, number of words (hexadecimal), word, id, word, id, ...
std::vector<std::string> WordNet::words(std::int64_t synset, Pos pos) const {
  const auto& files = files_[pos];
  const auto at = static_cast<std::size_t>(std::max<std::int64_t>(0, synset));
  auto line = std::string_view(files.data).substr(std::min(at, files.data.size()));
  line = line.substr(0, line.find('\n'));
  const auto offset = number(next_field(line));
  next_field(line);
  next_field(line);
  const auto count = number(next_field(line), 16);
  if (synset < 0 || offset != synset || count < 1)
    throw Error(
        fmt::format("wordnet: {} has no synset at byte {}, which its index names; install "
                    "wordnet-base again",
                    files.data_path.string(), synset));
  std::vector<std::string> result;
  for (std::int64_t i = 0; i < count; ++i) {
    auto word = next_field(line);
    result.emplace_back(word.substr(0, word.find('(')));  // "(a)", "(p)", "(ip)": where it stands
    next_field(line);
  }
  return result;
}

std::vector<std::string> WordNet::synonyms(const std::string& word) const {
  std::set<std::string> result;
  for (const auto pos : {kNoun, kVerb, kAdjective, kAdverb})
    for (const auto synset : synsets(word, pos))
      for (const auto& other : words(synset, pos)) result.insert(letters_and_blanks(other));
  result.erase("");
  result.erase(word);
  return {result.begin(), result.end()};
}

}  // namespace theriac::text
