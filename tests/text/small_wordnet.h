#pragma once

#include <fmt/format.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <map>
#include <string>
#include <vector>

namespace theriac::text {

// A database of a few words in WordNet's format, in a temporary folder.
class SmallWordNet {
 public:
  SmallWordNet()
      : path_(std::filesystem::temp_directory_path() /
              fmt::format("theriac_wordnet_{}", getpid())) {
    std::filesystem::create_directories(path_);
    write("noun", {{"dog", "hound"}, {"dog", "wiener"}}, "houndz hound\n");
    write("verb", {{"chase_after", "dog"}}, "");
    write("adj", {{"big", "large(a)"}}, "");
    write("adv", {}, "");
  }
  ~SmallWordNet() { std::filesystem::remove_all(path_); }
  SmallWordNet(const SmallWordNet&) = delete;
  SmallWordNet& operator=(const SmallWordNet&) = delete;
  const std::filesystem::path& path() const { return path_; }

 private:
  using Synset = std::vector<std::string>;
  void write(const std::string& pos, const std::vector<Synset>& synsets,
             const std::string& exceptions) const {
    std::string data = "  1 the licence  \n", index = data;
    std::map<std::string, std::vector<std::size_t>> offsets;
    for (const auto& synset : synsets) {
      const auto offset = data.size();
      std::string words;
      for (const auto& word : synset) {
        offsets[word.substr(0, word.find('('))].push_back(offset);
        words += word + " 0 ";
      }
      data += fmt::format("{:08} 05 n {:02x} {}000 | a gloss  \n", offset, synset.size(), words);
    }
    for (const auto& [word, where] : offsets)
      index += fmt::format("{} n {} 2 @ ~ {} 0 {:08}  \n", word, where.size(), where.size(),
                           fmt::join(where, " "));
    std::ofstream(path_ / ("data." + pos)) << data;
    std::ofstream(path_ / ("index." + pos)) << index;
    std::ofstream(path_ / (pos + ".exc")) << exceptions;
  }
  std::filesystem::path path_;
};

}  // namespace theriac::text
