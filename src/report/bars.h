#pragma once

#include <optional>
#include <string>
#include <vector>

#include "report/drawing.h"
#include "report/stats.h"

namespace theriac::report {

struct Bar {
  std::optional<Estimate> value;  // percent; empty: nothing to show
  std::string label;              // instead of the value: "none"
  std::size_t seeds = 1;          // that the value is the mean of
};

struct BarPanel {
  std::string title;
  std::vector<std::vector<Bar>> bars;  // [series][category]
};

struct BarFigure {
  std::string title, description, x_title;
  std::vector<std::string> series, categories;
  std::vector<BarPanel> panels;
};

Drawing draw(const BarFigure& figure, Layout layout = Layout::kFile);
std::string to_csv(const BarFigure& figure);  // panel,series,category,value,low,high,seeds

}  // namespace theriac::report
