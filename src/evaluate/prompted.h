#pragma once

#include <string>
#include <vector>

#include "theriac/evaluate/session.h"

namespace theriac::evaluate {

// What the classification metrics share: the prompts that name a class, and the data sets.
struct Prompted : MetricConfig {
  std::vector<std::string> prompts{"a photo of a {}", "a picture of a {}", "this is a {}"};
  std::vector<std::string> data;  // empty: every labelled set that is not for names only
  void describe(config::Fields& fields) override;
  void check(config::Problems& problems) const override;
  std::vector<std::string> data_sets() const override { return data; }
};

// The session's sets that `wanted` names, or all with labels. Error for an unknown name.
std::vector<DataSet> chosen(const Session& session, const std::vector<std::string>& wanted);
const DataSet& find_set(const Session& session, const std::string& name);
// Name of the prompt set in records.
std::string prompt_set(const std::vector<std::string>& prompts);
// Largest-first classes of each row: int64 [N, k].
torch::Tensor top_classes(const torch::Tensor& image_ND, const torch::Tensor& class_CD,
                          std::int64_t k);
torch::Tensor label_tensor(const std::vector<std::int64_t>& labels);  // int64 [N]

}  // namespace theriac::evaluate
