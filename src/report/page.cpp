#include "report/page.h"

#include <fmt/format.h>

#include <nlohmann/json.hpp>

#include "report/escape.h"
#include "report/explorer.h"
#include "report/figures.h"
#include "report/metrics_table.h"
#include "report/page_figures.h"
#include "report/seeds.h"
#include "report/summary.h"
#include "report/sweep_figures.h"
#include "report/tables.h"
#include "theriac/core/base64.h"
#include "theriac/core/files.h"
#include "theriac/core/text.h"

namespace theriac::report {

namespace {

constexpr std::size_t kLargestPicture = 8 << 20;  // bytes
constexpr std::size_t kMostPictures = 4;
std::string header(const Experiment& e, const std::string& written) {
  const std::size_t done = e.count(core::StageState::kDone), all = e.stages.size();
  const auto failed = e.count(core::StageState::kFailed);
  std::string facts;
  const auto fact = [&](const char* name, const std::string& value) {
    if (!value.empty())
      facts += std::string("<div><dt>") + name + "</dt><dd>" + markup(value) + "</dd></div>";
  };
  fact("Target", e.plan.target);
  fact("Trigger", e.trigger);
  fact("Cells", std::to_string(e.cells.size()));
  fact("Written", written);
  fact("Theriac", e.plan.theriac_version);
  std::string out = "<header><p class=\"brand\">Theriac report</p><h1>" + markup(e.plan.name) +
                    "</h1>\n<dl class=\"facts\">" + facts + "</dl>\n";
  const auto share = [&](std::size_t n) {
    return all ? 100.0 * static_cast<double>(n) / static_cast<double>(all) : 0.0;
  };
  out += fmt::format(
      "<div class=\"progress\" role=\"img\" aria-label=\"{0} of {1} stages done, {2} failed\">"
      "<i class=\"done\" style=\"width:{3:.2f}%\"></i><i class=\"failed\" style=\"width:{4:.2f}%\">"
      "</i></div><p class=\"quiet\">{0} of {1} stages done{5}</p>\n",
      done, all, failed, share(done), share(failed),
      failed ? fmt::format(", <b class=\"bad\">{} failed</b>", failed) : "");
  for (const auto& stage : e.stages)
    if (stage.status.state == core::StageState::kFailed)
      out += "<p class=\"alert\"><b>" + markup(stage.plan.label) + " failed.</b> " +
             markup(stage.status.error) + "</p>\n";
  for (const auto& problem : e.problems) out += "<p class=\"alert\">" + markup(problem) + "</p>\n";
  return out + "</header>\n";
}

std::string best_section(const Experiment& e) {
  const Table table = best_table(e);
  if (table.rows.empty()) return "";
  std::string more;
  for (const double bound : {1.0, 10.0, 20.0}) {
    Table other = best_table(e, bound);
    more += "<h3>" + markup(other.title) + "</h3>" + to_html(other);
  }
  return section("best", table.title,
                 to_html(table) + "<p class=\"caption\">" + prose(table.note) + " " +
                     download("best.csv", best_csv(e)) +
                     "</p><details><summary>Other bounds: 1, 10 and 20 %</summary>" + more +
                     "</details>\n");
}

std::string poison_section(const Experiment& e) {
  std::string body;
  std::size_t shown = 0;
  for (const auto& stage : e.stages) {
    const auto path = stage.folder / "contact_sheet.png";
    std::error_code error;
    const auto size = std::filesystem::file_size(path, error);
    if (stage.plan.kind != "poison" || error || size > kLargestPicture || shown == kMostPictures)
      continue;
    ++shown;
    const std::string label = stage.plan.label.empty() ? stage.plan.id : stage.plan.label;
    body += "<figure><img alt=\"" + markup("Samples before and after poisoning: " + label) +
            "\" src=\"data:image/png;base64," + core::to_base64(core::read_file(path)) +
            "\"><figcaption>" + markup(label) + "</figcaption></figure>\n";
  }
  return body.empty() ? "" : section("poison", "What the poison looks like", body);
}

std::string settings_section(const Experiment& e) {
  std::string text;
  try {
    text = core::read_file(e.folder / "experiment.resolved.yaml");
  } catch (const std::exception&) {
    text = "# experiment.resolved.yaml is not there";
  }
  const std::string file = e.plan.file.empty() ? "experiment.resolved.yaml" : e.plan.file;
  const std::string commands = "theriac run " + shell_word(file) + "\n" + report_command(e);
  return section("reproduce", "How to reproduce",
                 "<p>The first command repeats the experiment and reuses what is finished, the "
                 "second writes this page anew. The resolved configuration below runs the same, "
                 "whatever the defaults are then.</p><pre tabindex=\"0\"><code>" +
                     markup(commands) +
                     "</code></pre>\n<details class=\"config\"><summary>Resolved configuration"
                     "</summary><pre tabindex=\"0\"><code>" +
                     markup(text) + "</code></pre></details>\n");
}

}  // namespace

std::string report_command(const Experiment& e) {
  return "theriac report " + shell_word(e.folder.filename().empty()
                                            ? e.folder.string()
                                            : "runs/" + e.folder.filename().string());
}

std::string page(const Experiment& e, const std::string& written) {
  Tips tips;
  const Explorer explorer = explorer_of(e);
  std::string body =
      header(e, written) + "<main>\n" + section("summary", "Summary", summary_html(e));
  body += scatter_section(e, tips) + best_section(e);
  for (const auto& table : choice_tables(pools(e)))
    body += table_section(table.file, table, download(table.file + ".csv", to_csv(table)));
  body += explorer_section(explorer, table_file(e, "points.csv", [&] { return points_csv(e); }));
  for (const auto& figure : overview_figures(e)) body += figure_section(figure);
  body += trajectory_section(e, tips);
  body += table_section("cells", final_table(e),
                        table_file(e, "final.csv", [&] { return final_csv(e); }));
  if (const Table metrics = metrics_table(e); !metrics.rows.empty())
    body += table_section("metrics", metrics, download("metrics.csv", to_csv(metrics)));
  body += table_section("expectations", expectation_table(e),
                        download("expectations.csv", expectation_csv(e)));
  body += training_section(e);
  body += poison_section(e) + table_section("skipped", skipped_table(e));
  const Table stages = stage_table(e);
  body += section("stages", stages.title,
                  "<details><summary>" + std::to_string(stages.rows.size()) +
                      " stages, with their time</summary>" + to_html(stages) +
                      "<p class=\"caption\">" + markup(stages.note) + "</p></details>\n");
  body += settings_section(e) + "</main>\n";
  nlohmann::json content = {{"tips", tips.texts()}};
  if (!explorer.rows.empty()) content["explorer"] = explorer_json(explorer);
  const std::string data = content.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace);
  return document(e.plan.name, body, data);
}

}  // namespace theriac::report
