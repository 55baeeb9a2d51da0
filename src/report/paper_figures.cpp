#include "report/paper_figures.h"

#include <fmt/format.h>

#include <algorithm>

#include "report/figures.h"
#include "report/files.h"

namespace theriac::report {

namespace {

using Named = std::pair<std::string, PanelFigure>;

constexpr const char* kObjectives[] = {"MMCL", "SSL", "CleanCLIP"};
constexpr const char* kModels[] = {"MMCL", "MMCL+SSL"};

std::string model_stem(const std::string& model) { return model == "MMCL" ? "mmcl" : "mmcl_ssl"; }

std::vector<Spot> spots_of(const std::vector<Rates>& points) {
  std::vector<Spot> spots;
  for (const auto& p : points) spots.push_back({p.attack, p.accuracy});
  return spots;
}

std::optional<Spot> star_of(const PaperSeries& s) {
  const auto start = paper_start(s);
  if (!start) return std::nullopt;
  return Spot{start->attack, start->accuracy};
}

Cloud cloud_of(const PaperSeries& s, const std::string& label, std::size_t style) {
  return {label, series(style), style, spots_of(s.points), false, false, {}, {}};
}

// The first series of the files that is this setting; the same key in a second file has its rows in
// the tables.
const PaperSeries* find(const PaperResults& results, const std::string& data,
                        const std::string& model, const std::string& objective, int left = 0) {
  for (const auto& s : results.series)
    if (s.data == data && s.pretraining == model && s.cleaning == objective &&
        s.left.value_or(0) == left && !s.points.empty())
      return &s;
  return nullptr;
}

std::vector<std::string> data_names(const PaperResults& results) {
  std::vector<std::string> names;
  for (const auto& s : results.series)
    if (s.known() && std::count(names.begin(), names.end(), s.data) == 0) names.push_back(s.data);
  return names;
}

PanelFigure paper_axes(const std::string& title, const std::string& description) {
  PanelFigure f;
  f.title = title;
  f.description = description;
  f.x_title = "Attack success rate, %";
  f.y_title = "Accuracy, %";
  f.bound = 5;
  f.x = Range{-4, 104};
  return f;
}

void main_figures(const PaperResults& results, const std::string& data, std::vector<Named>& out) {
  auto both = paper_axes(data + ": accuracy against attack success",
                         "A panel for each pre-training objective, a mark for each measurement of "
                         "each cleaning run; star: before cleaning.");
  auto six = paper_axes(data + ": every pre-training and cleaning objective",
                        "A row for each pre-training objective, a column for each of cleaning.");
  six.columns = 3;
  six.panel_height = 200;
  for (const char* model : kModels) {
    CloudPanel all{std::string("Pre-trained with ") + model, {}};
    std::vector<CloudPanel> row;
    for (std::size_t i = 0; i < std::size(kObjectives); ++i) {
      const auto* s = find(results, data, model, kObjectives[i]);
      CloudPanel one{std::string(model) + ", cleaned with " + kObjectives[i], {}};
      if (s) {
        one.clouds.push_back(cloud_of(*s, std::string("cleaned with ") + kObjectives[i], i));
        all.clouds.push_back(one.clouds.back());
        one.star = all.star = star_of(*s);
      }
      row.push_back(std::move(one));
    }
    if (all.clouds.empty()) continue;
    both.panels.push_back(std::move(all));
    six.panels.insert(six.panels.end(), row.begin(), row.end());
  }
  if (both.panels.empty()) return;
  out.emplace_back("main_" + file_stem(data), std::move(both));
  out.emplace_back("six_" + file_stem(data), std::move(six));
}

// CleanCLIP, a panel for each learning rate, the path of its epochs.
void run_figures(const PaperResults& results, const std::string& data, std::vector<Named>& out) {
  for (const char* model : kModels) {
    const auto* s = find(results, data, model, "CleanCLIP");
    if (!s) continue;
    auto f = paper_axes(
        fmt::format("{}, pre-trained with {}: CleanCLIP at each learning rate", data, model),
        "A panel for each run, a mark for each measurement, growing over the epochs; star: before "
        "cleaning. Learning rates are inferred.");
    f.columns = 4;
    f.panel_height = 130;
    for (const auto& run : paper_runs(*s)) {
      CloudPanel panel{scientific(run.learning_rate), {}, star_of(*s)};
      const auto first = s->points.begin() + static_cast<std::ptrdiff_t>(run.first);
      panel.clouds.push_back({"",
                              series(2),
                              0,
                              spots_of({first, first + static_cast<std::ptrdiff_t>(run.count)}),
                              true,
                              false,
                              {},
                              {}});
      f.panels.push_back(std::move(panel));
    }
    if (!f.panels.empty())
      out.emplace_back("runs_" + file_stem(data) + "_" + model_stem(model), std::move(f));
  }
}

void poisoned_figure(const PaperResults& results, const std::string& data,
                     std::vector<Named>& out) {
  auto f = paper_axes(data + ": poisoned pairs left in the cleaning set",
                      "CleanCLIP with no, 5 and 10 poisoned pairs among 100,000.");
  bool any = false;
  for (const char* model : kModels) {
    CloudPanel panel{std::string("Pre-trained with ") + model, {}};
    std::size_t style = 0;
    for (const int left : {0, 5, 10}) {
      const auto* s = find(results, data, model, "CleanCLIP", left);
      if (s) {
        panel.clouds.push_back(cloud_of(
            *s, left ? fmt::format("{} poisoned pairs", left) : "no poisoned pair", style));
        panel.star = star_of(*s);
        any |= left > 0;
      }
      ++style;
    }
    if (!panel.clouds.empty()) f.panels.push_back(std::move(panel));
  }
  if (any) out.emplace_back("poisoned_" + file_stem(data), std::move(f));
}

void pairs_figure(const PaperResults& results, std::vector<Named>& out) {
  auto f = paper_axes("CC6M, pre-trained with MMCL+SSL: 100,000 and 200,000 cleaning pairs",
                      "A panel for each size of the cleaning set.");
  bool any = false;
  for (const auto& [data, title] :
       {std::pair{"CC6M", "100,000 pairs"}, {"CC6M, 200k pairs", "200,000 pairs"}}) {
    CloudPanel panel{title, {}};
    for (std::size_t i = 0; i < std::size(kObjectives); ++i)
      if (const auto* s = find(results, data, "MMCL+SSL", kObjectives[i])) {
        panel.clouds.push_back(cloud_of(*s, std::string("cleaned with ") + kObjectives[i], i));
        panel.star = star_of(*s);
      }
    any |= std::string(data) != "CC6M" && !panel.clouds.empty();
    if (!panel.clouds.empty()) f.panels.push_back(std::move(panel));
  }
  if (any && f.panels.size() == 2) out.emplace_back("pairs_CC6M", std::move(f));
}

}  // namespace

std::vector<Named> paper_figures(const PaperResults& results) {
  std::vector<Named> figures;
  for (const auto& data : data_names(results)) main_figures(results, data, figures);
  for (const auto& data : data_names(results)) poisoned_figure(results, data, figures);
  pairs_figure(results, figures);
  for (const auto& data : data_names(results)) run_figures(results, data, figures);
  return figures;
}

}  // namespace theriac::report
