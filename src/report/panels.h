#pragma once

#include <optional>
#include <string>
#include <vector>

#include "report/drawing.h"
#include "report/plot.h"

namespace theriac::report {

// Measurements of one colour and mark, in data units. Clouds with equal labels share a legend
// entry.
struct Cloud {
  std::string label;
  int colour = kInk;
  std::size_t mark = 0;
  std::vector<Spot> points;
  bool path = false;              // joined in order; marks grow and get darker along it
  bool dashed = false;            // the path
  std::vector<double> low, high;  // of y, for each point; empty: no error bars
  bool steps = false;             // the path keeps y up to the next x, and from the last one on
};

struct CloudPanel {
  std::string title;
  std::vector<Cloud> clouds;
  std::optional<Spot> star = {};  // where it all starts
};

// One figure of several panels with common scales.
struct PanelFigure {
  std::string title, description, x_title, y_title;
  std::vector<CloudPanel> panels;
  std::size_t columns = 2;
  std::optional<double> bound = {};                          // x up to here is shaded
  std::optional<Range> x = {}, y = {};                       // else from the points
  bool own_y = false;                                        // each panel has its own scale
  std::vector<std::pair<double, std::string>> x_ticks = {};  // instead of numbers
  bool whole_x = false;                                      // x counts something
  double panel_height = 260;
};

Drawing draw(const PanelFigure& figure, Layout layout = Layout::kFile);
std::string to_csv(const PanelFigure& figure);  // panel,series,index,x,y (and low,high with bars)

}  // namespace theriac::report
