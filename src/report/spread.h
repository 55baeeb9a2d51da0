#pragma once

#include <string>
#include <utility>
#include <vector>

#include "report/load.h"
#include "report/measure.h"

namespace theriac::report {

// Values of one thing over the seeds of a model, in percent.
struct Spread {
  double mean = 0, low = 0, high = 0;  // low and high: smallest and largest value
  std::size_t n = 0;
};
Spread spread_of(const std::vector<double>& values);
// "98.3 %", of several "98.3 % (97.1 to 99.0 over 3 seeds)".
std::string words(const Spread& spread);
std::string range_words(const Spread& spread);  // "97.1 to 99.0 over 3 seeds"; of one ""

// Items of one model together, in the order of their first. What was measured under another
// protocol, and may not be averaged with the rest, is apart.
template <typename Item>
using ByModel = std::vector<std::vector<Item>>;

// What best_under() gives, by model and cleaning method.
ByModel<Best> best_by_model(const Experiment& experiment);
// Measured points of groups, by model.
ByModel<std::pair<const Group*, Point>> points_by_model(
    const std::vector<std::pair<const Group*, Point>>& points);

// The model's name where there are several seeds, else the group's.
std::string name_of(const Experiment& experiment, const Group& group, std::size_t seeds);

}  // namespace theriac::report
