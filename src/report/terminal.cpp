#include <fmt/format.h>

#include "report/expectation.h"
#include "report/seeds.h"
#include "report/tables.h"
#include "theriac/report/report.h"

namespace theriac::report {

namespace {

std::string heading(const Experiment& e) {
  std::string text = e.plan.name;
  if (!e.plan.target.empty()) text += " · target " + e.plan.target;
  if (!e.trigger.empty()) text += " · " + e.trigger;
  text += fmt::format(" · {} of {} stages done", e.count(core::StageState::kDone), e.stages.size());
  if (const auto failed = e.count(core::StageState::kFailed))
    text += fmt::format(", {} failed", failed);
  return text;
}

}  // namespace

std::string terminal_table(const std::filesystem::path& folder, const std::filesystem::path& stages,
                           int width) {
  Experiment e;
  load(folder, stages, e);
  const auto line = [&](const std::string& text) {
    return (width > 0 ? cut(text, width) : text) + "\n";
  };
  const Table final = final_table(e);
  std::string out = line(heading(e)) + "\n" + line(final.title) + to_text(final, width);
  out += line("In percent with 95 % intervals. ASR: triggered images taken for the target.");
  if (const Table best = best_table(e); !best.rows.empty()) {
    const auto all = best_under(e);
    const std::string chosen_on = all.empty() ? e.plan.selection_data : all.front().chosen_on;
    out += "\n" + line(best.title + " (chosen on " + chosen_on + ", reported on " +
                       e.plan.report_data + ")");
    out += to_text(best, width);
  }
  const auto all = pools(e);
  if (const Table seeds = seeds_table(all); !seeds.rows.empty())
    out += "\n" + line(seeds.title) + to_text(seeds, width);
  for (const auto& stage : e.stages)
    if (stage.status.state == core::StageState::kFailed)
      out += "\n" + line("failed: " + stage.plan.label + ": " + stage.status.error);
  return out;
}

}  // namespace theriac::report
