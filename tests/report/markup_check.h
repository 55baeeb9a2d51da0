#pragma once

#include <string>
#include <vector>

namespace theriac::report {

// "" for well-formed XML as far as the reports use it: balanced tags, quoted attributes, escaped
// '<' and '&', no control characters.
inline std::string markup_problem(const std::string& xml) {
  std::vector<std::string> open;
  for (std::size_t i = 0; i < xml.size();) {
    const auto here = [&] { return " near " + xml.substr(i, 40); };
    if (static_cast<unsigned char>(xml[i]) < 0x20 && xml[i] != '\n' && xml[i] != '\t')
      return "control character" + here();
    if (xml[i] == '&') {
      const auto end = xml.find(';', i);
      if (end == std::string::npos || end - i > 6) return "bare &" + here();
    }
    if (xml[i] != '<') {
      ++i;
      continue;
    }
    const auto close = xml[i + 1] == '/';
    std::size_t at = i + 1 + (close ? 1U : 0U);
    const auto name_end = xml.find_first_of(" />\n", at);
    const std::string name = xml.substr(at, name_end - at);
    bool quoted = false;
    std::size_t quotes = 0, equals = 0;
    for (at = name_end; at < xml.size() && (quoted || xml[at] != '>'); ++at) {
      if (xml[at] == '"') {
        quoted = !quoted;
        ++quotes;
      } else if (!quoted && xml[at] == '=') {
        ++equals;
      } else if (xml[at] == '<') {
        return "< inside a tag" + here();
      }
    }
    if (at >= xml.size() || quotes != 2 * equals) return "bad tag" + here();
    if (close) {
      if (open.empty() || open.back() != name) return "unbalanced " + name + here();
      open.pop_back();
    } else if (xml[at - 1] != '/') {
      open.push_back(name);
    }
    i = at + 1;
  }
  return open.empty() ? "" : "open at the end: " + open.back();
}

}  // namespace theriac::report
