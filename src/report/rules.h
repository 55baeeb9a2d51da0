#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

#include "report/pool.h"

namespace theriac::report {

// How one cleaned model is chosen among the candidates of a pool. Informed rules look at the ASR,
// which a defender who does not know the trigger cannot; blind ones do not.
struct Rule {
  enum class Kind {
    kBestWithin,       // highest accuracy with ASR <= value percent
    kLowestWithin,     // lowest ASR with an accuracy at most `value` points below the start
    kFinalEpoch,       // as kBestWithin with `value`, among the last epochs of the runs only
    kHighestAccuracy,  // blind: highest accuracy of all runs and epochs
    // blind: the last epoch of the largest learning rate that costs at most `value` points
    kLargestRate
  } kind;
  double value = 0;

  bool blind() const { return kind == Kind::kHighestAccuracy || kind == Kind::kLargestRate; }
  std::string name() const;
};

// The rules of every table, the reference of all regrets first: best accuracy with ASR <= 5 %.
const std::vector<Rule>& rules();

// What a rule comes to in a pool.
struct Selected {
  const Pool* pool = nullptr;
  Rule rule;
  Choice choice;                  // in pool->candidates
  std::size_t points = 0;         // chosen from
  std::optional<Rates> reported;  // of the choice, on the reported data
  std::optional<Rates> regret;    // reported minus that of rules().front(): accuracy, ASR
  // At equal numbers of points: expected report of the rule's choice among `equal` of them.
  std::size_t equal = 0;
  std::optional<Rates> expected;  // given that one qualifies and was reported
  double none = 0;                // probability that none qualifies
};
Choice choose(const Pool& pool, const Rule& rule);
// How many candidates it looks at.
std::size_t points_of(const Pool& pool, const Rule& rule);
// Every rule in every pool; `equal` becomes the smallest pool's number of points.
std::vector<Selected> apply_rules(const std::vector<Pool>& pools);

// Expected value of what is best in a random subset. `ranked`: values of all items that qualify,
// best first; `others`: items that do not. Subsets of n, without replacement.
struct Expected {
  double value = 0;  // given that an item of the subset qualifies
  double none = 0;   // probability that none does
};
Expected expected_best(const std::vector<double>& ranked, std::size_t others, std::size_t n);

}  // namespace theriac::report
