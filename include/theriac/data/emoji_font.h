#pragma once

#include <string>
#include <vector>

namespace theriac::data {

// Where distributions put Noto Color Emoji.
std::vector<std::string> emoji_font_places();

// `font` when given, else the first of `places` that exists. Throws Error that says what to
// install.
std::string find_emoji_font(const std::string& font = {},
                            const std::vector<std::string>& places = emoji_font_places());

}  // namespace theriac::data
