#pragma once

#include <torch/types.h>

#include <map>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "theriac/core/files.h"

namespace theriac::testing {

// tests/golden/analysis.json as float64 tensors.
inline std::map<std::string, torch::Tensor> golden() {
  const auto json = nlohmann::json::parse(
      core::read_file(std::string(THERIAC_SOURCE_DIR) + "/tests/golden/analysis.json"));
  std::map<std::string, torch::Tensor> result;
  for (const auto& [name, value] : json.items()) {
    if (!value.is_array()) {
      result[name] = torch::tensor(value.get<double>(), torch::kFloat64);
    } else if (!value[0].is_array()) {
      result[name] = torch::tensor(value.get<std::vector<double>>(), torch::kFloat64);
    } else {
      std::vector<torch::Tensor> rows;
      for (const auto& row : value)
        rows.push_back(torch::tensor(row.get<std::vector<double>>(), torch::kFloat64));
      result[name] = torch::stack(rows);
    }
  }
  return result;
}

}  // namespace theriac::testing
