#include "text/unicode.h"

#include <algorithm>
#include <iterator>
#include <utility>
#include <vector>

namespace theriac::text {
namespace {

struct Range {
  char32_t first, last;
};
struct LowerRun {
  char32_t first, last;
  int step, added;
};
struct Replacement {
  char32_t from, to[3];
};
struct Decomposition {
  char32_t composed, first, second;
  bool made;
};
struct ClassRange {
  char32_t first, last;
  int value;
};
#include "text/unicode_tables.inc"

// The row of a sorted table of ranges that holds `c`, or null.
template <class Row, std::size_t n>
const Row* row_of(const Row (&rows)[n], char32_t c) {
  const auto* row = std::upper_bound(std::begin(rows), std::end(rows), c,
                                     [](char32_t value, const Row& r) { return value < r.first; });
  return row != std::begin(rows) && c <= std::prev(row)->last ? std::prev(row) : nullptr;
}

bool in(const auto& ranges, char32_t c) { return row_of(ranges, c) != nullptr; }

char32_t simple_lower(char32_t c) {
  const auto* run = row_of(kLower, c);
  if (!run || (c - run->first) % static_cast<char32_t>(run->step) != 0) return c;
  return static_cast<char32_t>(static_cast<int>(c) + run->added);
}

// The capital sigma at `at` ends a word: a cased letter before it and none after it, both seen
// through characters that case ignores.
bool ends_word(std::u32string_view text, std::size_t at) {
  const auto cased_next = [](auto from, auto to) {
    from = std::find_if(from, to, [](char32_t c) { return !in(kCaseIgnorable, c); });
    return from != to && in(kCased, *from);
  };
  const auto here = text.begin() + static_cast<std::ptrdiff_t>(at);
  return cased_next(std::make_reverse_iterator(here), text.rend()) &&
         !cased_next(here + 1, text.end());
}

}  // namespace

std::u32string decode_utf8(std::string_view bytes) {
  std::u32string text;
  text.reserve(bytes.size());
  for (std::size_t i = 0; i < bytes.size();) {
    const auto byte = [&](std::size_t at) { return static_cast<unsigned char>(bytes[at]); };
    const unsigned lead = byte(i++);
    if (lead < 0x80) {
      text += lead;
      continue;
    }
    const int more = lead >= 0xC2 && lead <= 0xDF   ? 1
                     : lead >= 0xE0 && lead <= 0xEF ? 2
                     : lead >= 0xF0 && lead <= 0xF4 ? 3
                                                    : 0;
    char32_t c = more == 0 ? 0 : lead & (0x3Fu >> more);
    // The second byte's range keeps out over-long forms, surrogates and what is above U+10FFFF.
    unsigned low = lead == 0xE0 ? 0xA0 : lead == 0xF0 ? 0x90 : 0x80;
    unsigned high = lead == 0xED ? 0x9F : lead == 0xF4 ? 0x8F : 0xBF;
    int read = 0;
    for (; read < more && i < bytes.size() && byte(i) >= low && byte(i) <= high; ++read, ++i) {
      c = c << 6 | (byte(i) & 0x3Fu);
      low = 0x80, high = 0xBF;
    }
    text += more > 0 && read == more ? c : U'\uFFFD';
  }
  return text;
}

std::string encode_utf8(std::u32string_view text) {
  std::string bytes;
  bytes.reserve(text.size());
  for (const char32_t c : text) {
    const auto tail = [&](int shift) { bytes += static_cast<char>(0x80 | ((c >> shift) & 0x3F)); };
    if (c < 0x80) {
      bytes += static_cast<char>(c);
    } else if (c < 0x800) {
      bytes += static_cast<char>(0xC0 | c >> 6);
      tail(0);
    } else if (c < 0x10000) {
      bytes += static_cast<char>(0xE0 | c >> 12);
      tail(6), tail(0);
    } else {
      bytes += static_cast<char>(0xF0 | c >> 18);
      tail(12), tail(6), tail(0);
    }
  }
  return bytes;
}

bool is_letter(char32_t c) { return in(kLetters, c); }
bool is_number(char32_t c) { return in(kNumbers, c); }
bool is_space(char32_t c) { return in(kSpaces, c); }

std::u32string lower(std::u32string_view text) {
  std::u32string result;
  result.reserve(text.size());
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] == U'\u0130') {  // dotted capital I, the one that becomes two
      result += U"i\u0307";
    } else if (text[i] == U'\u03A3') {
      result += ends_word(text, i) ? U'\u03C2' : U'\u03C3';
    } else {
      result += simple_lower(text[i]);
    }
  }
  return result;
}

std::u32string plain_forms(std::u32string_view text) {
  std::u32string result;
  result.reserve(text.size());
  for (const char32_t c : text) {
    const auto* row = std::ranges::lower_bound(kReplacements, c, {}, &Replacement::from);
    if (row == std::end(kReplacements) || row->from != c) {
      result += c;
    } else {
      for (const char32_t to : row->to)
        if (to) result += to;
    }
  }
  return result;
}

char32_t windows_1252(char32_t c) { return c >= 0x80 && c < 0xA0 ? kWindows1252[c - 0x80] : c; }

namespace {

// Hangul syllables are composed by arithmetic (Unicode, section 3.12).
constexpr char32_t kHangul = 0xAC00, kLead = 0x1100, kVowel = 0x1161, kTail = 0x11A7;
constexpr char32_t kLeads = 19, kVowels = 21, kTails = 28, kSyllables = kLeads * kVowels * kTails;

int combining_class(char32_t c) {
  const auto* row = row_of(kCombiningClasses, c);
  return row ? row->value : 0;
}

void decompose(char32_t c, std::u32string& out) {
  if (c - kHangul < kSyllables) {
    const char32_t index = c - kHangul;
    out += kLead + index / (kVowels * kTails);
    out += kVowel + index / kTails % kVowels;
    if (index % kTails) out += kTail + index % kTails;
    return;
  }
  const auto* row = std::ranges::lower_bound(kDecompositions, c, {}, &Decomposition::composed);
  if (row == std::end(kDecompositions) || row->composed != c) {
    out += c;
    return;
  }
  decompose(row->first, out);
  if (row->second) decompose(row->second, out);
}

using Pair = std::pair<char32_t, char32_t>;

// Pairs that compose, sorted.
const std::vector<std::pair<Pair, char32_t>>& compositions() {
  static const auto rows = [] {
    std::vector<std::pair<Pair, char32_t>> result;
    for (const auto& row : kDecompositions)
      if (row.made) result.push_back({{row.first, row.second}, row.composed});
    std::ranges::sort(result);
    return result;
  }();
  return rows;
}

// What two neighbours become, or 0.
char32_t composed(char32_t first, char32_t second) {
  if (first - kLead < kLeads && second - kVowel < kVowels)
    return kHangul + ((first - kLead) * kVowels + second - kVowel) * kTails;
  if (first - kHangul < kSyllables && (first - kHangul) % kTails == 0 &&
      second - kTail - 1 < kTails - 1)
    return first + second - kTail;
  const Pair pair{first, second};
  const auto& rows = compositions();
  const auto row = std::ranges::lower_bound(rows, pair, {}, &std::pair<Pair, char32_t>::first);
  return row != rows.end() && row->first == pair ? row->second : 0;
}

// Marks after a base character are in the order of their classes.
void order_marks(std::u32string& text) {
  for (auto from = text.begin(); from != text.end();) {
    if (combining_class(*from) == 0) {
      ++from;
      continue;
    }
    const auto to =
        std::find_if(from, text.end(), [](char32_t c) { return combining_class(c) == 0; });
    std::stable_sort(
        from, to, [](char32_t a, char32_t b) { return combining_class(a) < combining_class(b); });
    from = to;
  }
}

}  // namespace

std::u32string nfc(std::u32string_view text) {
  if (std::ranges::all_of(text, [](char32_t c) { return c < 0x300; })) return std::u32string(text);
  std::u32string parts;
  for (const char32_t c : text) decompose(c, parts);
  order_marks(parts);
  std::u32string result;
  std::size_t starter = std::u32string::npos;  // where the last base character is in `result`
  int last_class = 0;                          // of what stands last after it
  for (const char32_t c : parts) {
    const int own = combining_class(c);
    const bool next = starter != result.npos && starter + 1 == result.size();
    if (starter != result.npos && (next || (last_class != 0 && last_class < own))) {
      if (const char32_t made = composed(result[starter], c)) {
        result[starter] = made;
        continue;
      }
    }
    if (own == 0) starter = result.size();
    last_class = own;
    result += c;
  }
  return result;
}

}  // namespace theriac::text
