#pragma once

#include <cstdint>
#include <string>

#include "theriac/experiment/plan.h"

namespace theriac::experiment {

// Kinds by which Throughput is kept: of the model alone, and of the model and the size of a step.
std::string model_kind(const Stage& stage);
std::string step_kind(const Stage& stage);
// An upper bound where the tokenizer is yet to be trained; CLIP's own otherwise.
std::int64_t vocabulary(const ExperimentConfig& config);

}  // namespace theriac::experiment
