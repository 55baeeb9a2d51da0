#include "cli/plan_lines.h"

#include <fmt/format.h>

#include <algorithm>

#include "theriac/core/error.h"
#include "theriac/core/text.h"

namespace theriac::cli {

namespace {

std::string after_program(const PlanCommand& command) {
  std::string text = "run " + core::shell_quoted(command.file);
  for (const auto& assignment : command.sets) text += " --set " + core::shell_quoted(assignment);
  if (command.smoke) text += " --smoke";
  return text + " --runs " + core::shell_quoted(command.runs);
}

std::string comment(std::string label) {
  std::replace(label.begin(), label.end(), '\n', ' ');
  return "# " + label + "\n";
}

std::string for_make(const std::string& text) {
  std::string result;
  for (const char c : text) result += c == '$' ? "$$" : std::string(1, c);
  return result;
}

}  // namespace

std::string shell_lines(const core::PlanFile& plan, const PlanCommand& command) {
  std::string text = fmt::format(
      "#!/bin/bash\n# {}: {} stage(s). What is done already ends at once; exit code 75: "
      "interrupted, "
      "run this again.\nset -e\ncd {}\n",
      plan.name, plan.stages.size(), core::shell_quoted(command.directory));
  const std::string line = core::shell_quoted(command.program) + " " + after_program(command);
  for (const auto& stage : plan.stages)
    text += comment(stage.label) + line + " --stage " + stage.id + "\n";
  return text;
}

std::string makefile(const core::PlanFile& plan, const PlanCommand& command) {
  const std::string line = after_program(command);
  if (line.find('\n') != std::string::npos)
    throw Error("plan: a makefile cannot hold a --set of several lines; write it as one");
  std::string ids;
  for (const auto& stage : plan.stages) ids += " " + stage.id;
  std::string text = fmt::format(
      "# {}: {} stage(s). `make -j4` runs four at once, `make -k` goes on beside a failure; what "
      "is "
      "done already ends at once.\nTHREADS = 1\nTHERIAC = {}\nRUN = cd {} && $(THERIAC) {} "
      "--threads "
      "$(THREADS)\n.PHONY: all{}\nall:{}\n",
      plan.name, plan.stages.size(), for_make(core::shell_quoted(command.program)),
      for_make(core::shell_quoted(command.directory)), for_make(line), ids, ids);
  for (const auto& stage : plan.stages)
    text += fmt::format("\n{}{}:{}{}\n\t$(RUN) --stage {}\n", comment(stage.label), stage.id,
                        stage.parent.empty() ? "" : " ", stage.parent, stage.id);
  return text;
}

}  // namespace theriac::cli
