// Character references of HTML 5, by the rules of Python's html.unescape
// (https://html.spec.whatwg.org/multipage/parsing.html#character-reference-state).
#include "text/html.h"

#include <algorithm>
#include <iterator>

#include "text/unicode.h"
#include "theriac/core/text.h"

namespace theriac::text {
namespace {

struct Entity {
  std::string_view name;  // with its semicolon if it has one
  char32_t first, second;
};
struct Capital {
  char32_t from, to[3];
};
#include "text/html_entities.inc"

constexpr std::size_t kLongestName = 32;

const Entity* entity(std::string_view name) {
  const auto* row = std::ranges::lower_bound(kEntities, name, {}, &Entity::name);
  return row != std::end(kEntities) && row->name == name ? row : nullptr;
}

std::u32string characters(char32_t first, char32_t second) {
  std::u32string result(1, first);
  if (second) result += second;
  return result;
}

// Names are ASCII; anything else never matches one.
std::string narrow(std::u32string_view text) {
  std::string result;
  for (const char32_t c : text) result += c < 0x80 ? static_cast<char>(c) : '\x7f';
  return result;
}

int digit(char32_t c, int base) {
  if (c >= U'0' && c <= U'9') return static_cast<int>(c - U'0');
  if (base == 16 && c >= U'a' && c <= U'f') return static_cast<int>(c - U'a') + 10;
  if (base == 16 && c >= U'A' && c <= U'F') return static_cast<int>(c - U'A') + 10;
  return -1;
}

bool not_a_character(char32_t c) {
  return (c >= 0x1 && c <= 0x8) || c == 0xB || (c >= 0xE && c <= 0x1F) || c == 0x7F ||
         (c >= 0xFDD0 && c <= 0xFDEF) || (c & 0xFFFE) == 0xFFFE;
}

std::u32string numbered(char32_t number) {
  if (number == 0 || (number >= 0xD800 && number <= 0xDFFF) || number > 0x10FFFF) return U"\uFFFD";
  if (not_a_character(number)) return {};
  return {windows_1252(number)};
}

// What the reference that starts at text[0] == '&' stands for, and its length; length 0: none.
struct Reference {
  std::u32string value;
  std::size_t length = 0;
};

Reference numeric(std::u32string_view text) {
  const bool hex = text.size() > 2 && (text[2] == U'x' || text[2] == U'X');
  const int base = hex ? 16 : 10;
  const std::size_t from = hex ? 3 : 2;
  std::size_t at = from;
  char32_t number = 0;
  for (; at < text.size() && digit(text[at], base) >= 0; ++at)
    number = std::min<char32_t>(0x110000, number * static_cast<char32_t>(base) +
                                              static_cast<char32_t>(digit(text[at], base)));
  if (at == from) return {};
  if (at < text.size() && text[at] == U';') ++at;
  return {numbered(number), at};
}

Reference named(std::u32string_view text) {
  const auto end = text.substr(1, kLongestName).find_first_of(U"\t\n\f <&#;");
  std::size_t length = std::min(end, text.substr(1, kLongestName).size());
  if (length == 0) return {};
  if (1 + length < text.size() && text[1 + length] == U';') ++length;
  const auto name = narrow(text.substr(1, length));
  for (std::size_t n = length; n > 1; --n)
    if (const auto* found = entity(std::string_view(name).substr(0, n)))
      return {
          characters(found->first, found->second) + std::u32string(text.substr(1 + n, length - n)),
          1 + length};
  return {std::u32string(text.substr(0, 1 + length)), 1 + length};
}

Reference html5(std::u32string_view text) {
  return text.size() > 1 && text[1] == U'#' ? numeric(text) : named(text);
}

std::u32string in_capitals(const Entity& found) {
  std::u32string result;
  for (const char32_t c : characters(found.first, found.second)) {
    const auto* row = std::ranges::lower_bound(kCapitals, c, {}, &Capital::from);
    if (row == std::end(kCapitals) || row->from != c) {
      result += c;
      continue;
    }
    for (const char32_t to : row->to)
      if (to) result += to;
  }
  return result;
}

Reference strict(std::u32string_view text) {
  const auto is_name = [](char32_t c) {
    return digit(c, 10) >= 0 || (c >= U'a' && c <= U'z') || (c >= U'A' && c <= U'Z');
  };
  const bool number = text.size() > 1 && text[1] == U'#';
  const std::size_t from = number ? 2 : 1;
  std::size_t at = from;
  while (at < text.size() && is_name(text[at])) ++at;
  if (at == from || at - from > 24 || at == text.size() || text[at] != U';') return {};
  const auto whole = text.substr(0, at + 1);
  if (number) {
    auto value = unescape_html(whole);
    if (value.find(U';') != value.npos) return {};
    return {std::move(value), whole.size()};
  }
  const auto name = narrow(whole.substr(1));
  if (const auto* found = entity(name))
    return {characters(found->first, found->second), whole.size()};
  const auto small = core::lower_ascii(name);
  const auto* found = entity(small);
  const bool capitals = std::ranges::none_of(name, [](char c) { return c >= 'a' && c <= 'z'; });
  if (!found || !capitals || unescape_html(whole) != whole) return {};
  return {in_capitals(*found), whole.size()};
}

std::u32string replaced(std::u32string_view text, Reference (*read)(std::u32string_view)) {
  std::u32string result;
  for (std::size_t at = 0; at < text.size();) {
    const auto next = std::min(text.find(U'&', at), text.size());
    result += text.substr(at, next - at);
    at = next;
    if (at == text.size()) break;
    auto reference = read(text.substr(at));
    if (reference.length == 0) reference = {U"&", 1};
    result += reference.value;
    at += reference.length;
  }
  return result;
}

}  // namespace

std::u32string unescape_html(std::u32string_view text) { return replaced(text, html5); }
std::u32string unescape_strict(std::u32string_view text) { return replaced(text, strict); }

}  // namespace theriac::text
