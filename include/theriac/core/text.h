#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace theriac::core {

std::vector<std::string> split(std::string_view text, char separator);
std::string join(const std::vector<std::string>& parts, std::string_view separator);
std::string_view trim(std::string_view text);
std::string lower_ascii(std::string_view text);
bool valid_utf8(std::string_view text);
// The candidate nearest to `word` by edit distance, or "" when none is near enough to suggest.
std::string nearest(std::string_view word, const std::vector<std::string>& candidates);

// One word of a POSIX shell that means exactly `text`; quoted only where it has to be.
std::string shell_quoted(std::string_view text);

}  // namespace theriac::core
