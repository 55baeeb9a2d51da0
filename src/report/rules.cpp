#include "report/rules.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <stdexcept>

namespace theriac::report {

namespace {

using Kind = Rule::Kind;

constexpr double kDrop = 1;  // points of accuracy that a defender gives away

// The candidates that qualify, in the order in which the rule prefers them.
std::vector<std::size_t> preferred(const Pool& pool, const Rule& rule) {
  const auto& all = pool.candidates;
  std::vector<std::size_t> order;
  const double least = pool.start ? pool.start->accuracy->value - rule.value - 1e-9 : -INFINITY;
  for (std::size_t i = 0; i < all.size(); ++i) {
    const Rates r = all[i].selection();
    const bool within = r.attack <= rule.value + 1e-9;
    const bool near = pool.start && r.accuracy >= least;
    if (rule.kind == Kind::kHighestAccuracy || (rule.kind == Kind::kBestWithin && within) ||
        (rule.kind == Kind::kFinalEpoch && within && all[i].last) ||
        (rule.kind == Kind::kLowestWithin && near) ||
        (rule.kind == Kind::kLargestRate && near && all[i].last))
      order.push_back(i);
  }
  std::stable_sort(order.begin(), order.end(), [&](std::size_t i, std::size_t k) {
    const Rates a = all[i].selection(), b = all[k].selection();
    switch (rule.kind) {
      case Kind::kLowestWithin:
        return a.attack != b.attack ? a.attack < b.attack : a.accuracy > b.accuracy;
      case Kind::kLargestRate:
        return all[i].learning_rate != all[k].learning_rate
                   ? all[i].learning_rate > all[k].learning_rate
                   : a.accuracy > b.accuracy;
      case Kind::kHighestAccuracy:
        return a.accuracy > b.accuracy;  // the ASR is not looked at, not even to break a tie
      default:
        return a.accuracy != b.accuracy ? a.accuracy > b.accuracy : a.attack < b.attack;
    }
  });
  return order;
}

Selected apply(const Pool& pool, const Rule& rule) {
  Selected s;
  s.pool = &pool;
  s.rule = rule;
  s.points = points_of(pool, rule);
  const auto order = preferred(pool, rule);
  if (order.empty()) return s;
  s.choice = order.front();
  s.reported = pool.candidates[order.front()].report();
  return s;
}

void at_equal_points(Selected& s, std::size_t n) {
  s.equal = n;
  if (n == 0 || s.points < n) return;
  std::vector<double> accuracy, attack;
  for (const auto i : preferred(*s.pool, s.rule)) {
    const auto rates = s.pool->candidates[i].report();
    if (!rates) return;  // an unreported candidate leaves the expectation open
    accuracy.push_back(rates->accuracy);
    attack.push_back(rates->attack);
  }
  const std::size_t others = s.points - accuracy.size();
  const auto a = expected_best(accuracy, others, n), b = expected_best(attack, others, n);
  s.none = a.none;
  if (!accuracy.empty()) s.expected = Rates{a.value, b.value};
}

}  // namespace

std::string Rule::name() const {
  switch (kind) {
    case Kind::kBestWithin:
      return fmt::format("best accuracy, ASR ≤ {:g} %", value);
    case Kind::kLowestWithin:
      return fmt::format("lowest ASR, accuracy ≥ start − {:g}", value);
    case Kind::kFinalEpoch:
      return fmt::format("final epochs, ASR ≤ {:g} %", value);
    case Kind::kHighestAccuracy:
      return "blind: highest accuracy";
    default:
      return fmt::format("blind: largest rate, ≥ start − {:g}", value);
  }
}

const std::vector<Rule>& rules() {
  static const std::vector<Rule> all = {{Kind::kBestWithin, 5},       {Kind::kBestWithin, 1},
                                        {Kind::kBestWithin, 10},      {Kind::kBestWithin, 20},
                                        {Kind::kLowestWithin, kDrop}, {Kind::kFinalEpoch, 5},
                                        {Kind::kHighestAccuracy},     {Kind::kLargestRate, kDrop}};
  return all;
}

// P(the item of rank r is the best of the subset) = C(N - r, n - 1) / C(N, n): the expected best of
// n draws as in Dodge et al., "Show Your Work" (EMNLP 2019), section 3, but without replacement, so
// that n = N gives the best itself. Computed by the ratio of successive ranks,
// p(r + 1) / p(r) = (N - r - n + 1) / (N - r), from p(1) = n / N.
Expected expected_best(const std::vector<double>& ranked, std::size_t others, std::size_t n) {
  const std::size_t all = ranked.size() + others;
  if (n == 0 || n > all)
    throw std::invalid_argument(fmt::format("expected_best: {} of {} items", n, all));
  const double items = static_cast<double>(all), taken = static_cast<double>(n);
  double probability = taken / items, sum = 0, mass = 0;
  for (std::size_t i = 0; i < ranked.size() && probability > 0; ++i) {
    sum += probability * ranked[i];
    mass += probability;
    const double rank = static_cast<double>(i + 1);
    if (items - rank <= 0) break;
    probability *= std::max(0.0, items - rank - taken + 1) / (items - rank);
  }
  const bool certain = others < n;  // too few others to fill the subset
  return {mass > 0 ? sum / mass : 0, certain ? 0 : std::max(0.0, 1 - mass)};
}

Choice choose(const Pool& pool, const Rule& rule) {
  const auto order = preferred(pool, rule);
  if (order.empty()) return std::nullopt;
  return order.front();
}

std::size_t points_of(const Pool& pool, const Rule& rule) {
  if (rule.kind != Kind::kFinalEpoch && rule.kind != Kind::kLargestRate)
    return pool.candidates.size();
  return static_cast<std::size_t>(std::count_if(pool.candidates.begin(), pool.candidates.end(),
                                                [](const auto& c) { return c.last; }));
}

std::vector<Selected> apply_rules(const std::vector<Pool>& pools) {
  std::vector<Selected> result;
  for (const auto& pool : pools) {
    const std::size_t first = result.size();
    for (const auto& rule : rules()) result.push_back(apply(pool, rule));
    const auto informed = result[first].reported;
    for (std::size_t i = first; i < result.size(); ++i)
      if (informed && result[i].reported)
        result[i].regret = Rates{result[i].reported->accuracy - informed->accuracy,
                                 result[i].reported->attack - informed->attack};
  }
  for (std::size_t k = 0; k < rules().size(); ++k) {
    std::size_t least = SIZE_MAX;
    for (std::size_t i = k; i < result.size(); i += rules().size())
      if (result[i].points > 0) least = std::min(least, result[i].points);
    for (std::size_t i = k; i < result.size(); i += rules().size())
      if (least != SIZE_MAX) at_equal_points(result[i], least);
  }
  return result;
}

}  // namespace theriac::report
