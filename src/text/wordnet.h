#pragma once

#include <array>
#include <cstdint>
#include <filesystem>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace theriac::text {

// WordNet's database files (Fellbaum 1998; the format is wndb(5WN), Debian's package wordnet-base).
// Thread-safe.
class WordNet {
 public:
  // Error when the folder does not hold the database; it says what to install.
  explicit WordNet(const std::filesystem::path& folder);
  // Of the contents of the folder's database; Error as above.
  static std::string hash(const std::filesystem::path& folder);
  // Byte offsets of the synsets of a lower-case word in one part of speech's data file, its base
  // forms' included; as NLTK's synsets().
  enum Pos { kNoun, kVerb, kAdjective, kAdverb, kPosCount };
  std::vector<std::int64_t> synsets(const std::string& word, Pos pos) const;
  // All words of all synsets of `word` (a to z), as EDA takes them: sorted, lower case, '_' and '-'
  // to blanks, other characters dropped, without `word` itself.
  std::vector<std::string> synonyms(const std::string& word) const;

 private:
  struct Files {
    std::filesystem::path data_path;
    std::string index, data;
    std::unordered_map<std::string, std::vector<std::string>> exceptions;
  };
  std::string_view entry(const std::string& lemma, Pos pos) const;
  std::vector<std::string> base_forms(const std::string& word, Pos pos) const;
  std::vector<std::string> words(std::int64_t synset, Pos pos) const;
  std::array<Files, kPosCount> files_;
};

}  // namespace theriac::text
