#include "report/table.h"

#include <algorithm>

#include "report/escape.h"
#include "theriac/core/text.h"

namespace theriac::report {

namespace {

const char* mood_class(Entry::Mood mood) {
  switch (mood) {
    case Entry::Mood::kGood:
      return " good";
    case Entry::Mood::kBad:
      return " bad";
    case Entry::Mood::kQuiet:
      return " quiet";
    default:
      return "";
  }
}

std::string plain(const Entry& entry) {
  return entry.small.empty() ? entry.text
                             : entry.text + (entry.text.empty() ? "" : " ") + entry.small;
}

// Both ends of a name tell it from others: "best acc… ≤ 10 %".
std::string cut_middle(const std::string& text, int columns) {
  const int all = columns_of(text);
  if (all <= columns) return text;
  const int tail = (columns - 1) / 2;
  std::size_t at = 0;
  for (int seen = 0; at < text.size(); ++at)
    if ((static_cast<unsigned char>(text[at]) & 0xC0) != 0x80 && seen++ == all - tail) break;
  return cut(text, columns - tail) + text.substr(at);
}

std::string pad(const std::string& text, int width, bool right) {
  const std::string space(static_cast<std::size_t>(std::max(0, width - columns_of(text))), ' ');
  return right ? space + text : text + space;
}

}  // namespace

std::string to_html(const Table& table) {
  std::string out = "<div class=\"scroll\" tabindex=\"0\" role=\"region\" aria-label=\"" +
                    markup(table.title) + "\"><table>\n<thead><tr>";
  for (const auto& column : table.columns)
    out += std::string("<th scope=\"col\"") + (column.number ? " class=\"number\">" : ">") +
           prose(column.title) + "</th>";
  out += "</tr></thead>\n<tbody>\n";
  for (const auto& row : table.rows) {
    out += "<tr>";
    for (std::size_t i = 0; i < row.size(); ++i) {
      const Entry& entry = row[i];
      const std::string tag = i == 0 ? "th" : "td";
      out += "<" + tag + (i == 0 ? " scope=\"row\"" : "") + " class=\"" +
             (table.columns[i].number ? "number" : "text") + mood_class(entry.mood) + "\">";
      if (entry.chip >= 0) out += "<i class=\"chip b" + std::to_string(entry.chip) + "\"></i>";
      out += prose(entry.text);
      if (!entry.small.empty()) out += " <small>" + prose(entry.small) + "</small>";
      out += "</" + tag + ">";
    }
    out += "</tr>\n";
  }
  return out + "</tbody></table></div>\n";
}

std::string to_latex(const Table& table) {
  std::string title = table.title;
  std::replace(title.begin(), title.end(), '\n', ' ');
  std::string out =
      "% " + table.file + ": " + title + "; written by Theriac, needs \\usepackage{booktabs}\n";
  out += "\\begin{tabular}{";
  for (const auto& column : table.columns) out += column.number ? 'r' : 'l';
  out += "}\n\\toprule\n";
  const auto line = [&](const auto& items, const auto& text) {
    for (std::size_t i = 0; i < items.size(); ++i) out += (i ? " & " : "") + text(items[i]);
    out += " \\\\\n";
  };
  line(table.columns, [](const Column& column) { return latex(column.title); });
  out += "\\midrule\n";
  for (const auto& row : table.rows)
    line(row, [](const Entry& entry) {
      if (entry.small.empty()) return latex(entry.text);
      return latex(entry.text) + " {\\scriptsize " + latex(entry.small) + "}";
    });
  out += "\\bottomrule\n\\end{tabular}\n";
  if (table.note.empty()) return out;
  return out + "\n\\smallskip\n{\\footnotesize\\noindent " + latex(table.note) + "\\par}\n";
}

namespace {

// What a terminal shows: everything when there is room, else less, in the order of fit().
class Text {
 public:
  Text(const Table& table, int width) : table_(table), width_(width) { fit(); }

  std::string write() const {
    std::string out = line([&](std::size_t i) { return table_.columns[i].title; });
    for (const auto& row : table_.rows) out += line([&](std::size_t i) { return cell(row[i], i); });
    return out;
  }

 private:
  std::string cell(const Entry& entry, std::size_t i) const {
    return brief_ && !table_.columns[i].number ? entry.text : plain(entry);
  }

  void measure() {
    widths_.assign(table_.columns.size(), 0);
    for (std::size_t i = 0; i < widths_.size(); ++i) {
      widths_[i] = columns_of(table_.columns[i].title);
      for (const auto& row : table_.rows)
        widths_[i] = std::max(widths_[i], columns_of(cell(row[i], i)));
      if (brief_ && !table_.columns[i].number) widths_[i] = std::min(widths_[i], width_ * 2 / 5);
    }
  }

  bool too_wide() const {
    int sum = -2;
    for (std::size_t i = 0; i < widths_.size(); ++i) sum += widths_[i] > 0 ? widths_[i] + 2 : 0;
    return width_ > 0 && sum > width_;
  }

  // Remarks beside texts and the ends of very long texts go first, then columns, then more of the
  // texts.
  void fit() {
    measure();
    if (too_wide()) {
      brief_ = true;
      measure();
    }
    while (too_wide()) {
      std::size_t worst = 0;
      for (std::size_t i = 1; i < widths_.size(); ++i)
        if (widths_[i] > 0 && table_.columns[i].dispensable > table_.columns[worst].dispensable)
          worst = i;
      if (worst == 0) break;
      widths_[worst] = 0;
    }
    while (too_wide()) {
      std::size_t widest = 0;
      for (std::size_t i = 1; i < widths_.size(); ++i)
        if (!table_.columns[i].number && widths_[i] > widths_[widest]) widest = i;
      if (widths_[widest] <= 8) break;
      --widths_[widest];
    }
  }

  std::string line(const auto& text) const {
    std::string row;
    for (std::size_t i = 0; i < widths_.size(); ++i)
      if (widths_[i] > 0)
        row += (i ? "  " : "") +
               pad(cut_middle(text(i), widths_[i]), widths_[i], table_.columns[i].number);
    row.erase(row.find_last_not_of(' ') + 1);
    return (width_ > 0 ? cut(row, width_) : row) + "\n";
  }

  const Table& table_;
  int width_;
  bool brief_ = false;
  std::vector<int> widths_;  // 0: left out
};

}  // namespace

std::string to_text(const Table& table, int width) { return Text(table, width).write(); }

int columns_of(const std::string& text) {
  return static_cast<int>(std::count_if(text.begin(), text.end(), [](char c) {
    return (static_cast<unsigned char>(c) & 0xC0) != 0x80;
  }));
}

std::string cut(const std::string& text, int columns) {
  if (columns_of(text) <= columns) return text;
  std::size_t at = 0;
  for (int seen = 0; at < text.size(); ++at)
    if ((static_cast<unsigned char>(text[at]) & 0xC0) != 0x80 && ++seen == columns) break;
  return text.substr(0, at) + "…";
}

}  // namespace theriac::report
