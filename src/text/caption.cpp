// The cleaning of ftfy 6.3 (https://ftfy.readthedocs.io) with its default settings, but for the
// repair of wrong encodings, and open_clip's own around it.
#include "text/caption.h"

#include <algorithm>

#include "text/html.h"
#include "text/unicode.h"

namespace theriac::text {
namespace {

constexpr char32_t kEscape = 0x1B;
constexpr int kMostRounds = 32;  // each takes off one layer of "&amp;amp;amp;..."

bool is_control(char32_t c) {
  return c <= 0x08 || c == 0x0B || (c >= 0x0E && c <= 0x1F) || c == 0x7F ||
         (c >= 0x206A && c <= 0x206F) || c == 0xFEFF || (c >= 0xFFF9 && c <= 0xFFFC);
}

char32_t straight_quote(char32_t c) {
  if (c == 0x02BC || (c >= 0x2018 && c <= 0x201B)) return U'\'';
  return c >= 0x201C && c <= 0x201F ? U'"' : c;
}

// The length of a terminal's escape sequence (ESC [ numbers letter) at the start of `text`, or 0.
std::size_t terminal_escape(std::u32string_view text) {
  if (text.size() < 3 || text[0] != kEscape || text[1] != U'[') return 0;
  std::size_t at = 2;
  while (at < text.size() && (text[at] == U';' || (text[at] >= U'0' && text[at] <= U'9'))) ++at;
  const char32_t last = at < text.size() ? text[at] | 0x20 : 0;
  return last >= U'a' && last <= U'z' && text[at] < 0x80 ? at + 1 : 0;
}

std::u32string without_controls(std::u32string_view text) {
  std::u32string result;
  for (std::size_t at = 0; at < text.size();) {
    if (const auto length = terminal_escape(text.substr(at))) {
      at += length;
    } else {
      if (!is_control(text[at])) result += text[at];
      ++at;
    }
  }
  return result;
}

std::u32string fix_line(std::u32string text, bool entities) {
  for (int round = 0; round < kMostRounds; ++round) {
    auto fixed = entities ? unescape_strict(text) : text;
    std::ranges::transform(fixed, fixed.begin(), windows_1252);
    fixed = plain_forms(fixed);
    std::ranges::transform(fixed, fixed.begin(), straight_quote);
    fixed = nfc(without_controls(fixed));
    if (fixed == text) break;
    text = std::move(fixed);
  }
  return text;
}

// Line by line; what it does to line breaks is left out, since all white space is one later.
std::u32string fix_text(std::u32string_view text) {
  std::u32string result;
  bool entities = true;
  for (std::size_t at = 0; at < text.size();) {
    const auto end = std::min(text.find(U'\n', at), text.size() - 1) + 1;
    const auto line = text.substr(at, end - at);
    entities = entities && line.find(U'<') == line.npos;  // from a tag on it may be HTML itself
    result += fix_line(std::u32string(line), entities);
    at = end;
  }
  return result;
}

std::u32string single_blanks(std::u32string_view text) {
  std::u32string result;
  bool blank = false;
  for (const char32_t c : text) {
    if (is_space(c)) {
      blank = !result.empty();
      continue;
    }
    if (blank) result += U' ';
    blank = false;
    result += c;
  }
  return result;
}

}  // namespace

std::u32string clean_caption(std::string_view utf8) {
  auto text = decode_utf8(utf8);
  const auto ordinary = [](char32_t c) { return c >= 0x20 && c < 0x7F && c != U'&'; };
  if (!std::ranges::all_of(text, ordinary)) text = unescape_html(unescape_html(fix_text(text)));
  return lower(single_blanks(text));
}

}  // namespace theriac::text
