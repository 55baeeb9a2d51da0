#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "report/load.h"

namespace theriac::report {

// A model on a cell's way, as measured on one data set.
struct Point {
  const Cell* cell = nullptr;
  const Stage* stage = nullptr;
  std::int64_t epoch = 0;  // of its stage
  double time = 0;         // epochs; 0 = cleaning starts, negative = pre-training
  bool cleaning = false;   // of a cleaning stage, its epoch 0 included
  const Measurement* accuracy = nullptr;
  const Measurement* attack = nullptr;
  bool complete() const { return accuracy && attack; }
};

// Where choices among these cells are made: plan.selection_data, or plan.report_data where there is
// no measurement on the former at all: in the experiment, or in the group when its stages are those
// of several.
std::string chosen_on(const Experiment& experiment, const Group& group);

// In words: the cell's own settings and the epoch.
std::string run_of(const Point& point);

// In order of time. A later cleaning stage's epoch 0 is left out: it is the last of the one before.
std::vector<Point> points(const Cell& cell, const std::string& data);

// The model before cleaning: epoch 0 of the first cleaning stage, else the last of pre-training.
std::optional<Point> start(const Cell& cell, const std::string& data);
std::optional<Point> start(const Group& group, const std::string& data);
// The newest point of the cell; unlike start(), cleaned where the cell cleans.
std::optional<Point> newest(const Cell& cell, const std::string& data);
// The same, of pre-training as long as cleaning has none.
std::optional<Point> newest_so_far(const Cell& cell, const std::string& data);

// The points that a choice is made from: complete, after cleaning began, of no control.
std::vector<Point> candidates(const std::vector<const Cell*>& cells, const std::string& data);
// Of these, the highest accuracy with ASR <= bound, and the lowest ASR; empty when there is none.
std::optional<Point> best_within(const std::vector<Point>& candidates, double bound);
std::optional<Point> lowest_attack(const std::vector<Point>& candidates);

inline constexpr double kBound = 5;  // percent of attack success that counts as cleaned

// "Best accuracy with ASR <= bound" of one pre-trained model and one cleaning method: chosen on
// plan.selection_data, reported on plan.report_data.
struct Best {
  const Group* group = nullptr;
  std::string method;
  double bound = kBound;
  std::size_t candidates = 0;   // measured points that it was chosen from; controls are not
  std::size_t within = 0;       // of these, with ASR <= bound
  std::string chosen_on;        // data set, of chosen_on()
  std::optional<Point> choice;  // as measured on chosen_on; with within = 0 that of the lowest ASR
  std::optional<Point> result;  // the same model on plan.report_data
  std::optional<Point> before;  // start(group) on plan.report_data
};
std::vector<Best> best_under(const Experiment& experiment, double bound = kBound);

}  // namespace theriac::report
