#pragma once

#include <nlohmann/json.hpp>
#include <string>

#include "theriac/experiment/stage.h"

namespace theriac::experiment {

// provenance.json of a stage: what ran, made from what, by which program, where and how.
nlohmann::json provenance(const Stage& stage, const std::string& device, int threads);

}  // namespace theriac::experiment
