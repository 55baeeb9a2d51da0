#include "text/bpe.h"

#include <fmt/format.h>

#include <queue>
#include <tuple>

#include "text/unicode.h"
#include "theriac/core/error.h"
#include "theriac/core/text.h"

namespace theriac::text {
namespace {

constexpr std::string_view kWordEnd = "</w>";

bool printable(int byte) {
  return (byte >= 33 && byte <= 126) || (byte >= 161 && byte <= 172) || byte >= 174;
}

std::uint64_t pair_key(std::int32_t first, std::int32_t second) {
  return static_cast<std::uint64_t>(first) << 32 | static_cast<std::uint32_t>(second);
}

// Symbols of a word as a list: `next` skips those that were merged into their left neighbour.
struct Symbol {
  std::int32_t id;
  int previous, next;
};

}  // namespace

Bpe::Bpe(std::string_view merges) {
  // Bytes that print stand for themselves and come first; the others for U+0100 and on.
  for (const bool first : {true, false})
    for (int byte = 0; byte < 256; ++byte)
      if (printable(byte) == first) {
        byte_id_[byte] = static_cast<std::int32_t>(symbols_.size());
        const auto code = first ? byte : 0x100 + static_cast<int>(symbols_.size()) - 188;
        symbols_.push_back(encode_utf8(std::u32string(1, static_cast<char32_t>(code))));
      }
  for (int i = 0; i < 256; ++i)
    symbols_.push_back(symbols_[static_cast<std::size_t>(i)] + std::string(kWordEnd));

  std::unordered_map<std::string, std::int32_t> ids;
  for (const auto& symbol : symbols_) ids.emplace(symbol, static_cast<std::int32_t>(ids.size()));
  std::int64_t number = 0;
  for (const auto& line : core::split(merges, '\n')) {
    ++number;
    const auto blank = line.find(' ');
    const auto first = ids.find(line.substr(0, blank));
    const auto second = blank == line.npos ? ids.end() : ids.find(line.substr(blank + 1));
    if (first == ids.end() || second == ids.end())
      throw Error(
          fmt::format("clip_bpe: merge {} is '{}'; expected two symbols that earlier merges made",
                      number, line.substr(0, 60)));
    const auto id = static_cast<std::int32_t>(ids.size());
    auto symbol = first->first + second->first;
    if (!ids.emplace(symbol, id).second)
      throw Error(fmt::format("clip_bpe: merge {} makes '{}' a second time", number, symbol));
    merged_.emplace(pair_key(first->second, second->second), id);
    symbols_.push_back(std::move(symbol));
  }
}

// Merges the pair of lowest rank, the leftmost of equals, until none is left. A merge makes only
// symbols whose own merges rank later, so one at a time gives what CLIP's passes over the word do.
void Bpe::encode(std::string_view word, std::vector<std::int32_t>& ids) const {
  std::vector<Symbol> symbols;
  const auto size = static_cast<int>(word.size());
  for (int i = 0; i < size; ++i) {
    const auto id = byte_id_[static_cast<unsigned char>(word[static_cast<std::size_t>(i)])];
    symbols.push_back({i + 1 == size ? id + 256 : id, i - 1, i + 1});
  }
  const auto at = [&](int i) -> Symbol& { return symbols[static_cast<std::size_t>(i)]; };

  using Candidate = std::tuple<std::int32_t, int, std::int32_t, std::int32_t>;  // merged, left, ids
  std::priority_queue<Candidate, std::vector<Candidate>, std::greater<>> queue;
  const auto consider = [&](int left) {
    if (left < 0 || at(left).next >= size) return;
    const auto first = at(left).id, second = at(at(left).next).id;
    if (const auto found = merged_.find(pair_key(first, second)); found != merged_.end())
      queue.emplace(found->second, left, first, second);
  };
  for (int i = 0; i + 1 < size; ++i) consider(i);
  while (!queue.empty()) {
    const auto [merged, left, first, second] = queue.top();
    queue.pop();
    const int right = at(left).next;
    if (at(left).id != first || right >= size || at(right).id != second) continue;  // is no more
    at(left).id = merged;
    at(left).next = at(right).next;
    if (at(left).next < size) at(at(left).next).previous = left;
    at(right).id = -1;
    consider(at(left).previous);
    consider(left);
  }
  for (int i = 0; i < size; i = at(i).next) ids.push_back(at(i).id);
}

}  // namespace theriac::text
