#pragma once

#include <string>
#include <string_view>

namespace theriac::text {

// Python's html.unescape: character references of HTML 5, also without their semicolon.
std::u32string unescape_html(std::u32string_view text);
// ftfy's narrower one: named references that end in a semicolon, also in capitals ("&EACUTE;"), and
// numeric ones.
std::u32string unescape_strict(std::u32string_view text);

}  // namespace theriac::text
