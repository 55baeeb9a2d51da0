#include "report/spread.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <numeric>

#include "report/figures.h"
#include "report/pool.h"

namespace theriac::report {

namespace {

// Items of equal keys together, in the order of their first.
template <typename Item>
ByModel<Item> together(const std::vector<Item>& items, const auto& key) {
  ByModel<Item> result;
  std::map<std::string, std::size_t> index;
  for (const auto& item : items) {
    const auto [it, fresh] = index.emplace(key(item), result.size());
    if (fresh) result.emplace_back();
    result[it->second].push_back(item);
  }
  return result;
}

}  // namespace

Spread spread_of(const std::vector<double>& values) {
  if (values.empty()) return {};
  const auto [low, high] = std::minmax_element(values.begin(), values.end());
  const double sum = std::accumulate(values.begin(), values.end(), 0.0);
  return {sum / static_cast<double>(values.size()), *low, *high, values.size()};
}

std::string range_words(const Spread& s) {
  if (s.n < 2) return "";
  return fmt::format("{} to {} over {} seeds", percent(s.low), percent(s.high), s.n);
}

std::string words(const Spread& s) {
  const std::string range = range_words(s);
  return percent(s.mean) + " %" + (range.empty() ? "" : " (" + range + ")");
}

ByModel<Best> best_by_model(const Experiment& e) {
  return together(best_under(e), [](const Best& b) {
    std::string key = std::to_string(b.group->model) + "\n" + b.method + "\n" + b.chosen_on;
    if (b.before) key += "\n" + comparable(*b.before);
    if (b.result) key += "\n" + comparable(*b.result);
    return key + (b.choice ? "" : "\nunmeasured");
  });
}

ByModel<std::pair<const Group*, Point>> points_by_model(
    const std::vector<std::pair<const Group*, Point>>& points) {
  return together(points, [](const auto& item) {
    return std::to_string(item.first->model) + "\n" + comparable(item.second);
  });
}

std::string name_of(const Experiment& e, const Group& group, std::size_t seeds) {
  return seeds > 1 ? e.models[group.model].name : group.label;
}

}  // namespace theriac::report
