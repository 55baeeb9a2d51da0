#include "theriac/poison/mention.h"

#include <string>

#include "theriac/core/text.h"

namespace theriac::poison {
namespace {

// Bytes of letters outside ASCII belong to words.
bool in_word(char c) {
  const auto byte = static_cast<unsigned char>(c);
  return byte >= 128 || (byte >= '0' && byte <= '9') || (byte >= 'a' && byte <= 'z') ||
         (byte >= 'A' && byte <= 'Z');
}

bool ends_here(std::string_view rest) { return rest.empty() || !in_word(rest.front()); }

}  // namespace

bool mentions(std::string_view caption, std::string_view target, Match match, bool match_case) {
  const auto folded = [&](std::string_view given) {
    return match_case ? std::string(given) : core::lower_ascii(given);
  };
  const auto word = folded(core::trim(target));
  if (word.empty()) return false;
  const auto text = folded(caption);
  if (match == Match::kSubstring) return text.find(word) != text.npos;
  for (auto at = text.find(word); at != text.npos; at = text.find(word, at + 1)) {
    if (at > 0 && in_word(text[at - 1])) continue;
    const auto rest = std::string_view(text).substr(at + word.size());
    if (ends_here(rest)) return true;
    if (rest.starts_with("s") && ends_here(rest.substr(1))) return true;
    if (rest.starts_with("es") && ends_here(rest.substr(2))) return true;
  }
  return false;
}

}  // namespace theriac::poison
