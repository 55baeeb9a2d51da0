#pragma once

#include <map>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "report/drawing.h"
#include "report/load.h"
#include "report/measure.h"

namespace theriac::report {

// Tool tips of the page: each text once. Files have none.
class Tips {
 public:
  explicit Tips(bool wanted = true) : wanted_(wanted) {}
  int add(const Point& point, const std::string& data);
  const std::vector<std::string>& texts() const { return texts_; }

 private:
  bool wanted_;
  std::map<std::string, int> index_;
  std::vector<std::string> texts_;
};

Drawing scatter(const Experiment& experiment, const std::string& data, Layout layout, Tips& tips);
Drawing trajectories(const Experiment& experiment, const std::string& data, Layout layout,
                     Tips& tips);
Drawing curves(const Experiment& experiment, Layout layout);
// The numbers of scatter and trajectories, and those of curves.
std::string measured_csv(const Experiment& experiment, const std::string& data);
std::string curves_csv(const Experiment& experiment);
bool has_scatter(const Experiment& experiment, const std::string& data);
bool has_curves(const Experiment& experiment);

// Whether Experiment::cleanings[cleaning] is the control at learning rate 0 (hollow marks).
bool is_control(const Experiment& experiment, std::size_t cleaning);

// The colour of its model.
int colour_of(const Experiment& experiment, const Cell& cell);
int colour_of(const Group& group);
// Its place among the seeds of its model; 0 where there is one.
std::size_t nth_seed(const Experiment& experiment, std::size_t group);

// Colour and mark keys for files, in lines below y; returns where the next thing may start.
double legend(Drawing& drawing, const Experiment& experiment, double left, double y);
std::string percent(double value);                          // "98.3"
std::string scientific(double value);                       // "3.5e-4"
std::string percent_with_interval(const Measurement& row);  // "98.3 % [97.4, 98.9]"

}  // namespace theriac::report
