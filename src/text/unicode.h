#pragma once

#include <string>
#include <string_view>

// What of Unicode the tokenizer needs, equal to Python 3.11 (Unicode 14) and, for letters and
// numbers, to the `regex` module.

namespace theriac::text {

// As Python's bytes.decode("utf-8", errors="replace"): U+FFFD for each broken sequence.
std::u32string decode_utf8(std::string_view bytes);
std::string encode_utf8(std::u32string_view text);

bool is_letter(char32_t c);  // \p{L}
bool is_number(char32_t c);  // \p{N}
bool is_space(char32_t c);   // str.isspace()

std::u32string lower(std::u32string_view text);  // str.lower(), final sigma included
std::u32string nfc(std::u32string_view text);    // canonical composition

// ftfy's: ligatures and digraphs of Latin letters, half-width and full-width forms.
std::u32string plain_forms(std::u32string_view text);
// The character that byte `c` (0x80 to 0x9F) is in Windows-1252; itself where that has none.
char32_t windows_1252(char32_t c);

}  // namespace theriac::text
