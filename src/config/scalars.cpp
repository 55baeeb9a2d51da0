#include "config/scalars.h"

#include <fmt/core.h>

#include <algorithm>
#include <charconv>
#include <cmath>

#include "theriac/core/text.h"

namespace theriac::config {
namespace {

bool starts_like_decimal(std::string_view text) {
  if (!text.empty() && text[0] == '-') text.remove_prefix(1);
  if (text.empty() || text[0] < '0' || text[0] > '9') return false;
  return !(text.size() > 1 && text[0] == '0' && text[1] >= '0' && text[1] <= '9');
}

bool plain_is_safe(std::string_view text) {
  const auto letter = [](char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); };
  if (text.empty() || !(letter(text[0]) || text[0] == '/' || text[0] == '_')) return false;
  if (text.back() == ' ' || text.size() > 200) return false;
  for (const char c : text)
    if (!letter(c) && !(c >= '0' && c <= '9') &&
        std::string_view(" _-./+%@").find(c) == std::string_view::npos)
      return false;
  const std::string lower = core::lower_ascii(text);
  for (const auto* word :
       {"true", "false", "null", "yes", "no", "on", "off", "y", "n", "nan", "inf", "infinity"})
    if (lower == word) return false;
  return true;
}

}  // namespace

std::string read_scalar(const Document::Node& node, bool& value) {
  const bool yes = node.text == "true";
  if (!node.is_scalar() || node.quoted || (!yes && node.text != "false")) return "true or false";
  value = yes;
  return "";
}

std::string read_scalar(const Document::Node& node, std::int64_t& value) {
  if (!node.is_scalar() || node.quoted || !starts_like_decimal(node.text)) return "an integer";
  const char* const end = node.text.data() + node.text.size();
  const auto [stop, error] = std::from_chars(node.text.data(), end, value);
  if (error == std::errc::result_out_of_range && stop == end)
    return "an integer of at most 63 bits";
  return error == std::errc() && stop == end ? "" : "an integer";
}

std::string read_scalar(const Document::Node& node, double& value) {
  if (!node.is_scalar() || node.quoted || !starts_like_decimal(node.text)) return "a number";
  const char* const end = node.text.data() + node.text.size();
  const auto [stop, error] = std::from_chars(node.text.data(), end, value);
  if (error == std::errc::result_out_of_range && stop == end) return "a number that a double holds";
  return error == std::errc() && stop == end && std::isfinite(value) ? "" : "a number";
}

std::string read_scalar(const Document::Node& node, std::string& value) {
  if (!node.is_scalar()) return "text";
  value = node.text;
  return "";
}

std::string number_text(double value) {
  const double size = std::fabs(value);
  char buffer[64];
  const bool fixed = size == 0 || (size >= 1e-4 && size < 1e15);
  const auto result =
      std::to_chars(buffer, buffer + sizeof buffer, value,
                    fixed ? std::chars_format::fixed : std::chars_format::scientific);
  std::string text(buffer, result.ptr);
  const std::size_t e = text.find('e');
  if (e == std::string::npos) return text;
  std::string exponent = text.substr(e + 2);  // "1e-05" -> "1e-5", "1e+20" -> "1e20"
  exponent.erase(0, std::min(exponent.find_first_not_of('0'), exponent.size() - 1));
  return text.substr(0, e + 1) + (text[e + 1] == '-' ? "-" : "") + exponent;
}

std::string range_text(Range range) {
  const bool low = std::isfinite(range.low), high = std::isfinite(range.high);
  if (low && high) return fmt::format("[{}, {}]", number_text(range.low), number_text(range.high));
  if (low) return ">= " + number_text(range.low);
  return high ? "<= " + number_text(range.high) : "";
}

std::string expected_in(Range range) {
  const std::string text = range_text(range);
  return text[0] == '[' ? "a value in " + text : "a value " + text;
}

std::string yaml_text(std::string_view text) {
  if (plain_is_safe(text)) return std::string(text);
  std::string result = "\"";
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    if (c == '"' || c == '\\')
      result += {'\\', c};
    else if (c == '\n')
      result += "\\n";
    else if (c == '\t')
      result += "\\t";
    else if (byte < 0x20 || byte == 0x7F)
      result += fmt::format("\\x{:02x}", byte);
    else
      result += c;
  }
  return result + '"';
}

std::string suggestion(std::string_view word, const std::vector<std::string>& known,
                       const std::string& otherwise) {
  const std::string near = core::nearest(word, known);
  return near.empty() ? otherwise : fmt::format("; did you mean '{}'?", near);
}

std::string table_list(const AnyTable& table) {
  const auto names = table.names();
  std::size_t width = 0;
  for (const auto& [name, doc] : names) width = std::max(width, name.size());
  std::string text = fmt::format("the choices of {} are:", table.seam());
  for (const auto& [name, doc] : names) text += fmt::format("\n    {:{}}  {}", name, width, doc);
  return text;
}

std::string unknown_type(const AnyTable& table, std::string_view type) {
  std::vector<std::string> names;
  for (const auto& [name, doc] : table.names()) names.push_back(name);
  const std::string hint = suggestion(type, names, ";");
  return fmt::format("unknown {} '{}'{} {}", table.seam(), type, hint, table_list(table));
}

}  // namespace theriac::config
