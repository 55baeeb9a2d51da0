#include "report/page_figures.h"

#include <fmt/format.h>

#include "report/escape.h"
#include "report/page.h"
#include "report/tables.h"

namespace theriac::report {

namespace {

// Records above which the page draws on its canvas only and leaves lists to the files beside it.
constexpr std::size_t kManyRecords = 8000;

std::size_t records_of(const Experiment& e) {
  std::size_t records = 0;
  for (const Stage* stage : all_stages(e)) records += stage->records.size();
  return records;
}

std::string chip(const std::string& classes, const std::string& shape, const std::string& label,
                 const std::string& hides) {
  return "<button type=\"button\" class=\"key " + classes +
         "\" aria-pressed=\"true\" data-hides=\"" + hides + "\">" + shape + markup(label) +
         "</button>";
}

std::string keys(const Experiment& e) {
  std::string out = "<div class=\"keys\">";
  for (std::size_t m = 0; m < e.models.size(); ++m)
    out += chip("", fmt::format("<i class=\"chip b{}\"></i>", series(m)), e.models[m].name,
                fmt::format("g{}", m));
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

}  // namespace

std::string table_file(const Experiment& e, const std::string& name,
                       const std::function<std::string()>& bytes) {
  if (records_of(e) <= kManyRecords) return download(name, bytes());
  return "<a class=\"file\" href=\"tables/" + name + "\">tables/" + name + "</a>";
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
          "ASR&nbsp;≤&nbsp;5&nbsp;% (shaded). " +
          (e.models.size() < e.groups.size() ? "Seeds of one model have one colour. " : "") +
          "Up and to the left is better. Point at a mark, or "
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

std::string training_section(const Experiment& e) {
  if (!has_curves(e)) return "";
  return section("training", "Training",
                 "<div class=\"figure\">" +
                     both(curves(e, Layout::kWide), curves(e, Layout::kNarrow)) +
                     "<p class=\"caption\">Means over equal spans of steps.</p></div>\n");
}

}  // namespace theriac::report
