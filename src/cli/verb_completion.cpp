#include <fmt/format.h>

#include <cstdio>

#include "cli/verb.h"

namespace theriac::cli {

namespace {

// "run" -> words that may follow it: children, options and the choices of options.
void collect(const Verb& verb, const std::string& path,
             std::vector<std::pair<std::string, std::string>>& out) {
  std::string words;
  for (const auto& child : verb.children) words += child.name + " ";
  for (const auto& option : verb.options) {
    if (option.name[0] == '-') words += option.name.substr(0, option.name.find(',')) + " ";
    if (option.name[0] != '-')
      for (const auto& choice : option.choices) words += choice + " ";
  }
  out.emplace_back(path, words + "--help");
  for (const auto& child : verb.children) collect(child, path + " " + child.name, out);
}

int print(const std::string& shell) {
  std::vector<std::pair<std::string, std::string>> table;
  std::string top;
  for (const auto& verb : verbs()) {
    if (verb.hidden) continue;
    top += verb.name + " ";
    collect(verb, verb.name, table);
  }
  if (shell == "zsh") fmt::print("#compdef theriac\nautoload -U +X bashcompinit && bashcompinit\n");
  fmt::print("_theriac() {{\n  local current=\"${{COMP_WORDS[COMP_CWORD]}}\" words=\n");
  fmt::print("  case \"${{COMP_WORDS[1]}} ${{COMP_WORDS[2]}}\" in\n");
  for (const auto& [path, words] : table)
    if (path.find(' ') != std::string::npos) fmt::print("    '{}') words='{}' ;;\n", path, words);
  fmt::print("    *) case \"${{COMP_WORDS[1]}}\" in\n");
  for (const auto& [path, words] : table)
    if (path.find(' ') == std::string::npos) fmt::print("      '{}') words='{}' ;;\n", path, words);
  fmt::print("    esac ;;\n  esac\n");
  fmt::print("  [ \"$COMP_CWORD\" -eq 1 ] && words='{}--help --version'\n", top);
  fmt::print("  COMPREPLY=($(compgen -W \"$words\" -- \"$current\"))\n}}\n");
  fmt::print("complete -o default -F _theriac theriac\n");
  return 0;
}

}  // namespace

Verb completion_verb() {
  auto shell = std::make_shared<std::string>();
  return {"completion",
          "a script that completes verbs and options in a shell",
          "source <(theriac completion bash)",
          {{"SHELL", "bash or zsh", shell.get(), true, {"bash", "zsh"}}},
          [shell] { return print(*shell); },
          {},
          false,
          shell};
}

}  // namespace theriac::cli
