// Learning rate of step k (from 0): linear warm-up, then half a cosine.
//   k < warmup:  peak * (k + 1) / warmup
//   else:        peak * (1 + cos(pi * (k - warmup) / (total - warmup))) / 2
// Source: paper.md 4.2. The paper's code numbered epochs from 1 and so entered this curve one epoch
// late (no warm-up when cleaning, a rise in the last epoch; D3): `schedule_shift` does that, and
// for it the cosine goes on beyond `total`.
#include <cmath>
#include <numbers>

#include "theriac/train/trainer.h"

namespace theriac::train {

double learning_rate_at(std::int64_t step, std::int64_t warmup, std::int64_t total, double peak) {
  if (step < warmup) return peak * static_cast<double>(step + 1) / static_cast<double>(warmup);
  if (total <= warmup) return 0;
  const double progress = static_cast<double>(step - warmup) / static_cast<double>(total - warmup);
  return peak * 0.5 * (1 + std::cos(std::numbers::pi * progress));
}

}  // namespace theriac::train
