#pragma once

#include "theriac/evaluate/metric.h"

namespace theriac::evaluate {

config::Entry<MetricConfig> zero_shot();
config::Entry<MetricConfig> attack_success();
config::Entry<MetricConfig> validation_loss();

}  // namespace theriac::evaluate
