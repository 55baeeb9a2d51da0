#include "data/class_list.h"

#include <fmt/format.h>

#include <unordered_set>

#include "theriac/core/error.h"
#include "theriac/core/files.h"
#include "theriac/core/text.h"

namespace theriac::data {
namespace {

std::vector<std::string> lines_of(std::string_view tag, const std::string& path, bool repeats) {
  std::string text = core::read_file(path);
  if (text.starts_with("\xef\xbb\xbf")) text.erase(0, 3);
  if (!core::valid_utf8(text)) throw Error(fmt::format("{}: {} is not UTF-8", tag, path));
  std::vector<std::string> lines;
  std::unordered_set<std::string> seen;
  std::size_t number = 0;
  for (const std::string& raw : core::split(text, '\n')) {
    ++number;
    const std::string line(core::trim(raw));
    if (line.empty()) continue;
    if (!seen.insert(line).second && !repeats)
      throw Error(fmt::format("{}: {}:{}: \"{}\" is there twice", tag, path, number, line));
    lines.push_back(line);
  }
  if (lines.empty()) throw Error(fmt::format("{}: {} is empty", tag, path));
  return lines;
}

constexpr std::size_t kExcerpt = 1000;  // bytes

}  // namespace

std::vector<std::string> read_lines(std::string_view tag, const std::string& path) {
  return lines_of(tag, path, false);
}

std::vector<std::string> read_classes(std::string_view tag, const std::string& path) {
  return lines_of(tag, path, true);
}

std::string repair_utf8(std::string_view text) {
  if (core::valid_utf8(text)) return std::string(text);
  std::string result;
  while (!text.empty()) {
    std::size_t length = 0;
    for (std::size_t n = 1; n <= 4 && n <= text.size() && length == 0; ++n)
      if (core::valid_utf8(text.substr(0, n))) length = n;
    result += length > 0 ? text.substr(0, length) : "\xef\xbf\xbd";
    text.remove_prefix(length > 0 ? length : 1);
  }
  return result;
}

std::string excerpt(std::string text) {
  if (text.size() <= kExcerpt) return text;
  std::size_t end = kExcerpt;
  while ((static_cast<unsigned char>(text[end]) & 0xc0) == 0x80) --end;  // inside a character
  return fmt::format("{}... ({} bytes)", std::string_view(text).substr(0, end), text.size());
}

}  // namespace theriac::data
