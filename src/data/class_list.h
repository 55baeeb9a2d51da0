#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace theriac::data {

// The lines of a text file without blank ones, trimmed. `tag` starts the message of an Error: file
// unreadable, empty, not UTF-8, a line twice.
std::vector<std::string> read_lines(std::string_view tag, const std::string& path);

// The same for class names in the order of their numbers, where a name may be there twice, as two
// of ImageNet's are.
std::vector<std::string> read_classes(std::string_view tag, const std::string& path);

// `text` with every byte that is not part of valid UTF-8 replaced by U+FFFD.
std::string repair_utf8(std::string_view text);

// Text for people: what is longer than 1,000 bytes is cut there and ends in its length.
std::string excerpt(std::string text);

}  // namespace theriac::data
