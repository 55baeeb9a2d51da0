#include "theriac/report/compare.h"

#include <fmt/format.h>

#include <memory>

#include "report/escape.h"
#include "report/explorer.h"
#include "report/files.h"
#include "report/joint.h"
#include "report/metrics_table.h"
#include "report/page.h"
#include "report/page_figures.h"
#include "report/seeds.h"
#include "report/sweep_figures.h"
#include "report/tables.h"
#include "theriac/core/files.h"

namespace theriac::report {

namespace {

using Experiments = std::vector<std::unique_ptr<Experiment>>;

Experiments load_all(const std::vector<RunFolders>& runs) {
  Experiments all;
  for (const auto& run : runs) {
    all.push_back(std::make_unique<Experiment>());
    load(run.experiment, run.stages, *all.back());
  }
  return all;
}

std::vector<Pool> joint_pools(const Experiments& experiments) {
  std::vector<Pool> all;
  for (const auto& e : experiments)
    for (auto& pool : pools(*e)) all.push_back(std::move(pool));
  return all;
}

std::vector<const Experiment*> pointers(const Experiments& experiments) {
  std::vector<const Experiment*> all;
  for (const auto& e : experiments) all.push_back(e.get());
  return all;
}

std::string joint_page(const Experiments& experiments, const Experiment& joint,
                       const std::vector<Table>& tables, const std::string& command) {
  const auto all = pointers(experiments);
  Tips tips;
  std::string body =
      "<header><p class=\"brand\">Theriac report</p><h1>Experiments compared</h1>\n<ul "
      "class=\"words\">\n";
  for (const auto& e : experiments) {
    const auto done = e->count(core::StageState::kDone);
    body +=
        "<li>" +
        prose(fmt::format("{}: {} of {} stages done", title_of(*e, all), done, e->stages.size())) +
        "</li>\n";
    for (const auto& problem : e->problems) body += "<li>" + markup(problem) + "</li>\n";
  }
  body += "</ul></header>\n<main>\n";
  body += scatter_section(joint, tips);
  for (const auto& table : tables)
    body += table_section(table.file, table, download(table.file + ".csv", to_csv(table)));
  const Explorer explorer = explorer_of(joint);
  body += explorer_section(explorer, "");
  for (const auto& figure : overview_figures(joint)) body += figure_section(figure);
  body += trajectory_section(joint, tips) + training_section(joint);
  body += section("reproduce", "How to reproduce",
                  "<pre tabindex=\"0\"><code>" + markup(command) + "</code></pre>\n");
  nlohmann::json content = {{"tips", tips.texts()}};
  if (!explorer.rows.empty()) content["explorer"] = explorer_json(explorer);
  return document("Experiments compared", body + "</main>\n",
                  content.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace));
}

}  // namespace

std::string compare(const std::vector<RunFolders>& runs, const std::filesystem::path& out,
                    int width) {
  const Experiments experiments = load_all(runs);
  const auto all = joint_pools(experiments);
  auto tables = choice_tables(all);
  std::string text;
  for (const auto& table : tables)
    text += (text.empty() ? "" : "\n") + table.title + "\n" + to_text(table, width);
  if (text.empty()) text = "Nothing of these experiments is cleaned and measured yet.\n";
  if (out.empty()) return text;
  Experiment joint;
  unite(pointers(experiments), joint);
  if (Table metrics = metrics_table(joint); !metrics.rows.empty())
    tables.push_back(std::move(metrics));
  std::string command = "theriac report";
  for (const auto& run : runs) command += " " + shell_word(run.experiment.string());
  command += " --out " + shell_word(out.string());
  core::make_folder(out);
  for (const auto& table : tables) write_table(out / "tables", table);
  put_file(out / "tables" / "points.csv",
           [&](std::ostream& file) { write_points_csv(joint, file); });
  write_figures(out / "figures", all_figures(joint), command);
  put_file(out / "index.html", joint_page(experiments, joint, tables, command));
  return text;
}

}  // namespace theriac::report
