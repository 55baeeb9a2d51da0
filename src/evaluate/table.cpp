#include "evaluate/metrics.h"

namespace theriac::evaluate {

config::Table<MetricConfig>& table() {
  static config::Table<MetricConfig> table("metric",
                                           {zero_shot(), attack_success(), validation_loss()});
  return table;
}

}  // namespace theriac::evaluate
