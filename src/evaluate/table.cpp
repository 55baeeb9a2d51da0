#include "evaluate/metrics.h"

namespace theriac::evaluate {

config::Table<MetricConfig>& table() {
  static config::Table<MetricConfig> table(
      "metric", {zero_shot(), attack_success(), validation_loss(), knn(), prototypes(),
                 linear_probe(), retrieval()});
  return table;
}

}  // namespace theriac::evaluate
