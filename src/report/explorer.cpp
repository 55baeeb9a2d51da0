#include "report/explorer.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "report/drawing.h"
#include "report/escape.h"
#include "report/measure.h"
#include "report/page.h"

namespace theriac::report {

namespace {

std::string range_fields(const char* what, const char* name) {
  std::string out = fmt::format("<fieldset><legend>{}, %</legend>", what);
  for (const char* end : {"from", "to"})
    out += fmt::format(
        "<label>{1} <input type=\"number\" min=\"0\" max=\"100\" step=\"any\" "
        "data-range=\"{0}-{1}\"></label>",
        name, end);
  return out + "</fieldset>";
}

std::string sort_head(const char* title, const char* column, bool number) {
  return fmt::format(
      "<th scope=\"col\"{}><button type=\"button\" data-sort=\"{}\">{}</button></th>",
      number ? " class=\"number\"" : "", column, markup(title));
}

}  // namespace

std::string explorer_section(const Explorer& e, const std::string& note) {
  if (e.rows.empty()) return "";
  std::string tools, keys;
  if (e.sets.size() > 1) {
    tools += "<div class=\"choice\" role=\"group\" aria-label=\"Data\">";
    for (std::size_t i = 0; i < e.sets.size(); ++i)
      tools +=
          fmt::format("<button type=\"button\" aria-pressed=\"{}\" data-set=\"{}\">{}</button>",
                      i == 0, i, markup(e.sets[i]));
    tools += "</div>";
  }
  for (std::size_t i = 0; i < e.series.size(); ++i)
    keys += fmt::format(
        "<button type=\"button\" class=\"key\" aria-pressed=\"true\" data-series=\"{}\"><i "
        "class=\"chip b{}\"></i>{}</button>",
        i, series(i), markup(e.series[i]));
  std::string head;
  head += sort_head("Run", "run", false) + sort_head("Model", "series", false) +
          sort_head(e.epoch_title.c_str(), "epoch", true) +
          sort_head("Accuracy, %", "accuracy", true) + sort_head("ASR, %", "attack", true);
  return section(
      "explore", "Every measurement",
      "<div class=\"figure\" id=\"explorer\"><div class=\"tools\">" + tools +
          "</div><div class=\"keys\">" + keys +
          "</div>\n<canvas tabindex=\"0\" role=\"img\" aria-label=\"Accuracy against attack "
          "success "
          "of every measurement; the table below holds the same\"></canvas>\n<div "
          "class=\"ranges\">" +
          range_fields("ASR", "attack") + range_fields("Accuracy", "accuracy") +
          "<button type=\"button\" class=\"clear\" disabled>Clear selection</button></div>\n"
          "<p class=\"quiet\" id=\"explored\" aria-live=\"polite\"></p>\n"
          "<div class=\"scroll\" tabindex=\"0\" role=\"region\" aria-label=\"Selected "
          "measurements\"><table><thead><tr>" +
          head +
          "</tr></thead><tbody></tbody></table></div>\n<p><button type=\"button\" "
          "class=\"more\">Show more rows</button></p>\n<p class=\"caption\">Drag over the figure, "
          "or "
          "type bounds, to select; the table follows, and its heads sort it. Point at a mark or a "
          "row, or focus the figure and use the arrow keys, to see both at once; Escape clears. " +
          note + "</p></div>\n");
}

namespace {

std::size_t set_of(Explorer& x, const std::string& data) {
  const auto it = std::find(x.sets.begin(), x.sets.end(), data);
  if (it != x.sets.end()) return static_cast<std::size_t>(it - x.sets.begin());
  x.sets.push_back(data);
  return x.sets.size() - 1;
}

// The runs of a group share where they start.
void add_start(const Experiment& e, const Group& group, Explorer& x) {
  const std::size_t run = x.runs.size();
  for (const auto& data : e.data_sets)
    for (const Cell* cell : group.cells) {
      const auto p = start(*cell, data);
      if (!p || !p->cleaning) continue;
      if (run == x.runs.size()) x.runs.push_back(group.label + ", before cleaning");
      x.rows.push_back(
          {p->accuracy->value, p->attack->value, group.model, run, set_of(x, data), 0});
      break;
    }
}

}  // namespace

Explorer explorer_of(const Experiment& e) {
  Explorer x;
  for (const auto& model : e.models) x.series.push_back(model.name);
  for (const auto& cell : e.cells) {
    if (!cell.cleaned()) continue;
    x.runs.push_back(cell.name + (cell.control ? " (control)" : ""));
    for (const auto& data : e.data_sets)
      for (const auto& p : points(cell, data))
        if (p.cleaning && p.time > 0 && p.complete())
          x.rows.push_back({p.accuracy->value, p.attack->value, e.groups[cell.group].model,
                            x.runs.size() - 1, set_of(x, data), p.epoch});
  }
  for (const auto& group : e.groups) add_start(e, group, x);
  return x;
}

nlohmann::json explorer_json(const Explorer& e) {
  nlohmann::json x = nlohmann::json::array(), y = x, series = x, run = x, set = x, epoch = x;
  const auto thousandths = [](double percent) { return std::llround(1000 * percent); };
  for (const auto& row : e.rows) {
    x.push_back(thousandths(row.attack));
    y.push_back(thousandths(row.accuracy));
    series.push_back(row.series);
    run.push_back(row.run);
    set.push_back(row.set);
    epoch.push_back(row.epoch);
  }
  return {{"x", std::move(x)},      {"y", std::move(y)},     {"series", std::move(series)},
          {"run", std::move(run)},  {"set", std::move(set)}, {"epoch", std::move(epoch)},
          {"names", e.series},      {"runs", e.runs},        {"sets", e.sets},
          {"epochs", e.epoch_title}};
}

}  // namespace theriac::report
