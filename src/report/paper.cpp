#include "theriac/report/paper.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "report/escape.h"
#include "report/explorer.h"
#include "report/figures.h"
#include "report/files.h"
#include "report/page.h"
#include "report/paper_figures.h"
#include "report/paper_tables.h"
#include "theriac/core/files.h"

namespace theriac::report {

namespace {

namespace fs = std::filesystem;

constexpr const char* kSource =
    "Verma et al., Effective Backdoor Mitigation in Vision-Language Models Depends on the "
    "Pre-training Objective (arXiv 2311.14948): the authors' published measurements, tabled and "
    "drawn by Theriac.";

std::string notes_html(const std::vector<std::string>& notes) {
  if (notes.empty()) return "";
  std::string items;
  for (const auto& note : notes) items += "<li>" + prose(note) + "</li>\n";
  return section("notes", "Notes on the files", "<ul class=\"words\">\n" + items + "</ul>\n");
}

Explorer paper_explorer(const PaperResults& results) {
  Explorer x;
  x.epoch_title = "Measurement";
  const auto index_of = [](std::vector<std::string>& names, const std::string& name) {
    const auto it = std::find(names.begin(), names.end(), name);
    if (it != names.end()) return static_cast<std::size_t>(it - names.begin());
    names.push_back(name);
    return names.size() - 1;
  };
  for (const auto& s : results.series) {
    if (!s.known()) continue;
    const auto set = index_of(x.sets, s.data);
    const auto series =
        index_of(x.series, s.pretraining + " → " + s.cleaning +
                               (s.left ? fmt::format(", {} poisoned pairs", *s.left) : ""));
    auto runs = paper_runs(s);
    if (runs.empty()) runs.push_back({0, 0, s.points.size()});
    for (const auto& run : runs) {
      x.runs.push_back(run.learning_rate > 0 ? "learning rate " + scientific(run.learning_rate)
                                             : "all runs");
      for (std::size_t i = 0; i < run.count; ++i) {
        const Rates& p = s.points[run.first + i];
        x.rows.push_back({p.accuracy, p.attack, series, x.runs.size() - 1, set,
                          static_cast<std::int64_t>(i + 1)});
      }
    }
  }
  return x;
}

std::string paper_page(const PaperResults& results, const std::vector<Figure>& figures,
                       const std::string& command) {
  std::size_t points = 0;
  for (const auto& s : results.series) points += s.points.size();
  std::string body =
      "<header><p class=\"brand\">Theriac report</p><h1>The paper's results</h1>\n<p>" +
      markup(kSource) +
      fmt::format("</p><p class=\"quiet\">{} measurements in {} settings.</p>", points,
                  results.series.size()) +
      "</header>\n<main>\n" + notes_html(results.notes);
  const Explorer explorer = paper_explorer(results);
  std::string explored =
      explorer_section(explorer, "Models: pre-training → cleaning. Learning rates are inferred.");
  for (const auto& table : paper_tables(results)) {
    body += table_section(table.file, table, download(table.file + ".csv", to_csv(table)));
    body += std::exchange(explored, "");  // after the first table
  }
  body += explored;
  for (const auto& figure : figures) body += figure_section(figure);
  body += section("reproduce", "How to reproduce",
                  "<pre tabindex=\"0\"><code>" + markup(command) + "</code></pre>\n");
  nlohmann::json content = {{"tips", nlohmann::json::array()}};
  if (!explorer.rows.empty()) content["explorer"] = explorer_json(explorer);
  return document("The paper's results", body + "</main>\n", content.dump());
}

}  // namespace

std::string write_paper(const std::vector<fs::path>& files, const fs::path& out, int width) {
  const auto results = read_paper_results(files);
  std::string command = "theriac report --paper";
  for (const auto& file : files) command += " " + shell_word(file.string());
  command += " --out " + shell_word(out.string());
  std::vector<Figure> figures;
  for (const auto& [name, panels] : paper_figures(results))
    figures.push_back(
        {name, [f = panels](Layout layout) { return draw(f, layout); }, to_csv(panels)});
  core::make_folder(out);
  put_file(out / "tables" / "best_under_bound.csv", paper_best_csv(results));
  for (const auto& table : paper_tables(results)) write_table(out / "tables", table);
  write_figures(out / "figures", figures, command);
  put_file(out / "index.html", paper_page(results, figures, command));
  const Table table = paper_main_table(results);
  std::string text = table.rows.empty() ? "No key of the files is one of the main results.\n"
                                        : table.title + "\n" + to_text(table, width);
  for (const auto& note : results.notes) text += "note: " + note + "\n";
  return text;
}

}  // namespace theriac::report
