#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace theriac::text {

// Byte-pair encoding of words (Sennrich et al. 2016) as CLIP has it. Ids: 256 bytes in the order
// of their characters below, the same 256 as the end of a word ("</w>"), then one for each merge.
class Bpe {
 public:
  // `merges`: lines of two symbols, best first. Error when one is not made of earlier symbols.
  explicit Bpe(std::string_view merges);
  // Ids of one word; `word` is its bytes, not empty.
  void encode(std::string_view word, std::vector<std::int32_t>& ids) const;
  int size() const { return static_cast<int>(symbols_.size()); }
  // As the vocabulary spells it: every byte a printable character, "</w>" at the end of a word.
  const std::string& symbol(int id) const { return symbols_[static_cast<std::size_t>(id)]; }

 private:
  std::vector<std::string> symbols_;
  std::int32_t byte_id_[256];
  std::unordered_map<std::uint64_t, std::int32_t> merged_;  // pair of ids -> id
};

}  // namespace theriac::text
