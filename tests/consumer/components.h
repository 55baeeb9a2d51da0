#pragma once

#include "theriac/evaluate/metric.h"
#include "theriac/objective/term.h"
#include "theriac/poison/trigger.h"

theriac::config::Entry<theriac::objective::TermConfig> alignment();
theriac::config::Entry<theriac::poison::TriggerConfig> frame();
theriac::config::Entry<theriac::evaluate::MetricConfig> modality_gap();
