#pragma once

#include "theriac/evaluate/metric.h"

namespace theriac::evaluate {

config::Entry<MetricConfig> zero_shot();
config::Entry<MetricConfig> attack_success();
config::Entry<MetricConfig> validation_loss();
config::Entry<MetricConfig> knn();
config::Entry<MetricConfig> prototypes();
config::Entry<MetricConfig> linear_probe();
config::Entry<MetricConfig> retrieval();

}  // namespace theriac::evaluate
