#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace theriac::report {

// Marks of one name in a panel.
struct Series {
  enum class Kind { kPoints, kLine, kBars };
  std::string name;  // equal names look alike in all panels, and have one entry in the legend
  Kind kind = Kind::kPoints;
  std::vector<double> x, y;       // x of bars: lengths, one for each category of the panel
  std::vector<double> low, high;  // of a line: a band around it; empty: none
};

struct Panel {
  std::string title, x_label, y_label;  // of lying bars, y_label says what they are
  std::vector<Series> series;
  std::vector<std::string> categories = {};  // of bars, which lie; the first is on top
  bool units = true;                         // false: places mean something, their numbers do not
  bool whole_x = false;                      // x counts something: no ticks between whole numbers
  using Range = std::pair<double, double>;
  std::optional<Range> x_range = {}, y_range = {};  // default: what the series need
};

// Small panels side by side, `columns` in a row, under one title and one legend.
struct Chart {
  std::string title, note;
  std::vector<Panel> panels;
  std::size_t columns = 3;
};

// A CSV file's columns and its rows.
struct Sheet {
  std::vector<std::string> columns;
  std::vector<std::vector<std::string>> rows;
};

std::string to_svg(const Chart& chart);
std::string to_csv(const Sheet& sheet);

// STEM.svg, STEM.png and STEM.csv in a folder. Returns whether the PNG could be drawn, which takes
// the font DejaVu Sans. Error with Exit::kCannotWrite.
bool write_chart(const std::filesystem::path& folder, const std::string& stem, const Chart& chart,
                 const Sheet& sheet);

}  // namespace theriac::report
