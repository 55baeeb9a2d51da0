#include "report/escape.h"

#include "theriac/core/text.h"

namespace theriac::report {

std::string markup(std::string_view text) {
  const bool valid = core::valid_utf8(text);
  std::string result;
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    if (c == '&')
      result += "&amp;";
    else if (c == '<')
      result += "&lt;";
    else if (c == '>')
      result += "&gt;";
    else if (c == '"')
      result += "&quot;";
    else if (c == '\'')
      result += "&#39;";
    else if (byte >= 0x80 && !valid)
      result += '?';
    else if (byte >= 0x20 || c == '\n' || c == '\t')
      result += c;
  }
  return result;
}

namespace {

void replace_all(std::string& text, std::string_view from, std::string_view to) {
  for (std::size_t at = 0; (at = text.find(from, at)) != std::string::npos; at += to.size())
    text.replace(at, from.size(), to);
}

bool digit(char c) { return c >= '0' && c <= '9'; }

// 1e-3 may not be broken at its hyphen.
void keep_exponents_whole(std::string& text) {
  constexpr std::string_view kOpen = "<span class=\"nowrap\">", kClose = "</span>";
  for (std::size_t at = 1; (at = text.find("e-", at)) != std::string::npos;) {
    std::size_t begin = at, end = at + 2;
    while (begin > 0 && (digit(text[begin - 1]) || text[begin - 1] == '.')) --begin;
    while (end < text.size() && digit(text[end])) ++end;
    if (begin < at && end > at + 2) {
      text.insert(end, kClose).insert(begin, kOpen);
      end += kOpen.size() + kClose.size();
    }
    at = end;
  }
}

void keep_epochs_whole(std::string& text) {
  constexpr std::string_view kEpoch = "epoch ";
  for (std::size_t at = 0; (at = text.find(kEpoch, at)) != std::string::npos; at += kEpoch.size())
    if (at + kEpoch.size() < text.size() && digit(text[at + kEpoch.size()]))
      text.replace(at + kEpoch.size() - 1, 1, "&nbsp;");
}

// -20.3 becomes $-20.3$; the hyphens of 1e-3 and learning-rate stay.
void set_negative_numbers(std::string& text) {
  for (std::size_t at = 0; (at = text.find('-', at)) != std::string::npos; ++at) {
    const bool begins = at == 0 || std::string_view(" [(").find(text[at - 1]) != std::string::npos;
    std::size_t end = at + 1;
    while (end < text.size() && (digit(text[end]) || text[end] == '.')) ++end;
    if (!begins || end == at + 1 || !digit(text[at + 1])) continue;
    text.insert(end, "$").insert(at, "$");
    at = end + 1;
  }
}

}  // namespace

std::string prose(std::string_view text) {
  std::string result = markup(text);
  replace_all(result, " %", "&nbsp;%");
  replace_all(result, "ASR ≤ ", "ASR&nbsp;≤&nbsp;");
  replace_all(result, "≥ ", "≥&nbsp;");
  replace_all(result, " − ", "&nbsp;−&nbsp;");
  keep_exponents_whole(result);
  keep_epochs_whole(result);
  return result;
}

std::string latex(std::string_view text) {
  std::string result;
  for (const char c : text) {
    if (c == '\\')
      result += "\\textbackslash{}";
    else if (c == '~')
      result += "\\textasciitilde{}";
    else if (c == '^')
      result += "\\textasciicircum{}";
    else if (c == '<' || c == '>')
      (result += '$') += std::string(1, c) + '$';
    else if (std::string_view("&%$#_{}").find(c) != std::string_view::npos)
      (result += '\\') += c;
    else
      result += c == '\n' ? ' ' : c;
  }
  replace_all(result, "≤", "$\\leq$");
  replace_all(result, "≥", "$\\geq$");
  replace_all(result, "−", "$-$");
  replace_all(result, "–", "--");
  replace_all(result, "±", "$\\pm$");
  replace_all(result, "→", "$\\to$");
  replace_all(result, "✓", "$\\surd$");
  replace_all(result, "✗", "$\\times$");
  set_negative_numbers(result);
  return result;
}

std::string csv_field(std::string_view text) {
  if (text.find_first_of(",\"\r\n") == std::string_view::npos) return std::string(text);
  std::string result(text);
  replace_all(result, "\"", "\"\"");
  return '"' + result + '"';
}

std::string shell_word(std::string_view text) {
  constexpr std::string_view kPlain =
      "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-+=:,./@%";
  if (!text.empty() && text.find_first_not_of(kPlain) == std::string_view::npos)
    return std::string(text);
  std::string result(text);
  replace_all(result, "'", "'\\''");
  return '\'' + result + '\'';
}

std::string json_for_html(std::string json) {
  replace_all(json, "<", "\\u003c");
  replace_all(json, ">", "\\u003e");
  replace_all(json, "&", "\\u0026");
  replace_all(json, "\xE2\x80\xA8", "\\u2028");
  replace_all(json, "\xE2\x80\xA9", "\\u2029");
  return json;
}

}  // namespace theriac::report
