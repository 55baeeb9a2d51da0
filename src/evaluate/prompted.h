#pragma once

#include <string>
#include <vector>

#include "theriac/evaluate/session.h"

namespace theriac::evaluate {

// What the metrics of images share: the data sets, and how pictures get the model's input size.
struct Measured : MetricConfig {
  enum class Triggered { kAsPoisoned, kCrop, kSquash };
  std::vector<std::string> data;  // empty: every labelled set that is not for names only
  poison::Geometry geometry = poison::Geometry::kCrop;
  Triggered triggered_geometry = Triggered::kAsPoisoned;
  void describe(config::Fields& fields) override;
  std::vector<std::string> data_sets() const override { return data; }
  Fit fit() const;
  // `protocol` and every geometry that is not the default, for records.
  std::string named(std::string protocol, bool triggered) const;

 protected:
  void describe_geometry(config::Fields& fields);   // of the clean pass
  void describe_triggered(config::Fields& fields);  // of metrics with a triggered pass
};

// What the classification metrics share beyond that: the prompts that name a class.
struct Prompted : Measured {
  enum class Articles { kFit, kLiteral };
  std::vector<std::string> prompts{"a photo of a {}", "a picture of a {}", "this is a {}"};
  Articles articles = Articles::kFit;
  void describe(config::Fields& fields) override;
  void check(config::Problems& problems) const override;
  const torch::Tensor& classifier(Session& session, const DataSet& set) const;  // [C, D]
  std::string prompt_set() const;  // its name in records
};

// The session's sets that `wanted` names, or all with labels. Error for an unknown name.
std::vector<DataSet> chosen(const Session& session, const std::vector<std::string>& wanted);
const DataSet& find_set(const Session& session, const std::string& name);
// Largest-first columns of each row of scores: int64 [N, k].
torch::Tensor top_columns(const torch::Tensor& score_NC, std::int64_t k);
// Largest-first classes of each row: int64 [N, k].
torch::Tensor top_classes(const torch::Tensor& image_ND, const torch::Tensor& class_CD,
                          std::int64_t k);
torch::Tensor label_tensor(const std::vector<std::int64_t>& labels);  // int64 [N]
// "attack_success" for k = 1, "attack_success_top5" for k = 5.
std::string at_top(const std::string& metric, std::int64_t k);
// Says in a record of triggered images which trigger they had.
void fill_trigger(core::Record& record, const Session& session);

}  // namespace theriac::evaluate
