#include "report/page.h"

#include <fmt/format.h>

#include <functional>
#include <nlohmann/json.hpp>

#include "report/escape.h"
#include "report/explorer.h"
#include "report/figures.h"
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
// Records above which the page draws on its canvas only and leaves lists to the files beside it.
constexpr std::size_t kManyRecords = 8000;

std::size_t records_of(const Experiment& e) {
  std::size_t records = 0;
  for (const auto& stage : e.stages) records += stage.records.size();
  return records;
}

// A file of tables/: inside the page, or beside it where it is large.
std::string table_file(const Experiment& e, const std::string& name,
                       const std::function<std::string()>& bytes) {
  if (records_of(e) <= kManyRecords) return download(name, bytes());
  return "<a class=\"file\" href=\"tables/" + name + "\">tables/" + name + "</a>";
}

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

std::string chip(const std::string& classes, const std::string& shape, const std::string& label,
                 const std::string& hides) {
  return "<button type=\"button\" class=\"key " + classes +
         "\" aria-pressed=\"true\" data-hides=\"" + hides + "\">" + shape + markup(label) +
         "</button>";
}

std::string keys(const Experiment& e) {
  std::string out = "<div class=\"keys\">";
  for (std::size_t g = 0; g < e.groups.size(); ++g)
    out += chip("", fmt::format("<i class=\"chip b{}\"></i>", series(g)), e.groups[g].label,
                fmt::format("g{}", g));
  out += "</div>";
  if (e.cleanings.size() < 2) return out;
  out += "<div class=\"keys\"><span class=\"quiet\">" + markup(e.cleaning_axes) + "</span>";
  for (std::size_t m = 0; m < e.cleanings.size(); ++m) {
    const bool control = is_control(e, m);
    Drawing d;
    d.width = d.height = 14;
    Shape& mark = d.mark(m, {7, 7}, 4.6, control ? kSurface : kInk);
    mark.stroke = control ? kInk : kNone;
    std::string icon = to_inline_svg(d);
    icon = "<svg class=\"icon\" aria-hidden=\"true\" viewBox=\"0 0 14 14\">" +
           icon.substr(icon.find(">\n") + 2);
    out += chip("", icon, e.cleanings[m] + (control ? " (control)" : ""), fmt::format("m{}", m));
  }
  return out + "</div>";
}

std::string scatter_section(const Experiment& e, Tips& tips) {
  std::vector<std::string> data_sets;
  if (records_of(e) > kManyRecords) return "";  // the explorer has them
  for (const auto& data : e.data_sets)
    if (has_scatter(e, data)) data_sets.push_back(data);
  if (data_sets.empty()) return "";
  std::string tabs, figures;
  for (const auto& data : data_sets) {
    const bool first = data == data_sets.front();
    tabs += fmt::format("<button type=\"button\" aria-pressed=\"{}\" data-shows=\"{}\">{}</button>",
                        first, markup(data), markup(data));
    figures +=
        "<div class=\"sheet\" data-sheet=\"" + markup(data) + (first ? "\">" : "\" hidden>") +
        both(scatter(e, data, Layout::kWide, tips), scatter(e, data, Layout::kNarrow, tips)) +
        "</div>\n";
  }
  return section(
      "scatter", "Accuracy against attack success",
      "<div class=\"figure\"><div class=\"tools\"><div class=\"choice\" role=\"group\" "
      "aria-label=\"Epochs\"><button type=\"button\" aria-pressed=\"true\" data-epochs=\"all\">all "
      "epochs</button><button type=\"button\" aria-pressed=\"false\" data-epochs=\"last\">last "
      "epoch</button></div>" +
          (data_sets.size() > 1
               ? "<div class=\"choice\" role=\"group\" aria-label=\"Data\">" + tabs + "</div>"
               : std::string()) +
          "</div>\n" + keys(e) + figures +
          "<p class=\"caption\">One mark for each epoch of each cleaning run; marks grow with the "
          "epoch, the last one is the largest. Stars: before cleaning. Rings: chosen under "
          "ASR&nbsp;≤&nbsp;5&nbsp;% (shaded). Up and to the left is better. Point at a mark, or "
          "focus the figure "
          "and use the arrow keys, to see its run. " +
          table_file(e, "points.csv", [&] { return points_csv(e); }) + "</p></div>\n");
}

std::string trajectory_section(const Experiment& e, Tips& tips) {
  if (e.data_sets.empty()) return "";
  const std::string& data = e.data_sets.front();
  return section("epochs", "Over the epochs",
                 "<div class=\"figure\">" +
                     both(trajectories(e, data, Layout::kWide, tips),
                          trajectories(e, data, Layout::kNarrow, tips)) +
                     "<p class=\"caption\">On " + markup(data) +
                     ": pre-training left of the dashed line, cleaning right of it; epochs are "
                     "counted within each. Labels: " +
                     markup(e.cleaning_axes.empty() ? "the cleaning run" : e.cleaning_axes) +
                     ". Shaded: ASR&nbsp;≤&nbsp;5&nbsp;%.</p></div>\n");
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
                     "</code></pre>\n<details><summary>Resolved configuration"
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
  const Explorer explorer = explorer_of({&e});
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
  body += table_section("expectations", expectation_table(e),
                        download("expectations.csv", expectation_csv(e)));
  if (has_curves(e))
    body += section("training", "Training",
                    "<div class=\"figure\">" +
                        both(curves(e, Layout::kWide), curves(e, Layout::kNarrow)) +
                        "<p class=\"caption\">Means over equal spans of steps.</p></div>\n");
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
