#pragma once

#include <cstddef>
#include <optional>
#include <vector>

namespace theriac::report {

// What was measured of one model, in percent.
struct Rates {
  double accuracy = 0, attack = 0;
};

// Choices among measured models, as an index; empty when none qualifies. Of equals the first.
using Choice = std::optional<std::size_t>;

// The highest accuracy (of equal ones the lowest ASR) with ASR <= bound percent.
Choice best_within(const std::vector<Rates>& models, double bound);
// The lowest ASR (of equal ones the highest accuracy).
Choice lowest_attack(const std::vector<Rates>& models);
// The same among the models whose accuracy is at least start - drop, in points.
Choice lowest_attack_within_drop(const std::vector<Rates>& models, double start, double drop);
Choice highest_accuracy(const std::vector<Rates>& models);

}  // namespace theriac::report
