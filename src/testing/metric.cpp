#include <cmath>
#include <exception>
#include <nlohmann/json.hpp>

#include "testing/synthetic.h"
#include "theriac/evaluate/session.h"
#include "theriac/testing/testing.h"

namespace theriac::testing {

namespace {

constexpr int kSide = 32;

evaluate::Attack attack() {
  const config::Choice<poison::TriggerConfig> trigger(&poison::table, "random_patch");
  return {.target = "banana",
          .trigger = trigger->build(),
          .trigger_json = R"({"type":"random_patch"})",
          .geometry = poison::Geometry::kCrop};
}

std::vector<core::Record> measure(const evaluate::MetricConfig& config,
                                  const std::shared_ptr<model::Clip>& model) {
  evaluate::SessionOptions options;
  options.batch_size = 8;
  options.workers = 0;
  evaluate::Session session({{"validation", synthetic_source(20, kSide), "synthetic"},
                             {"memory", synthetic_source(60, kSide), "synthetic memory", true}},
                            attack(), options, torch::kCPU);
  session.set_model(model, byte_tokenizer(), "none", 1, 10);
  return (*config.build())(session);
}

void check_record(const std::string& name, const core::Record& record, Broken& broken) {
  if (record.metric.empty()) broken.push_back(name + ": a record has no metric's name");
  const std::string what = name + ": record " + record.metric + ": ";
  if (record.data.empty()) broken.push_back(what + "no data set");
  if (record.n <= 0) broken.push_back(what + "n is not positive");
  if (!std::isfinite(record.value)) broken.push_back(what + "the value is not finite");
  if (!(record.low <= record.value && record.value <= record.high))
    broken.push_back(what + "the value is not inside its interval");
}

}  // namespace

Broken check_metric(const config::Entry<evaluate::MetricConfig>& entry) {
  const std::string& name = entry.name;
  const auto config = entry.make(), other = entry.make();
  Broken broken = check_settings(name, *config, *other);
  try {
    const auto model = synthetic_model();
    model->train();
    std::vector<torch::Tensor> before;
    for (const auto& tensor : model->parameters()) before.push_back(tensor.detach().clone());
    const auto records = measure(*config, model);
    if (records.empty()) broken.push_back(name + ": no records from a labelled data set");
    for (const auto& record : records) check_record(name, record, broken);
    if (nlohmann::json(records) != nlohmann::json(measure(*other, model)))
      broken.push_back(name + ": measuring again gives other records");
    if (!model->is_training()) broken.push_back(name + ": the model was left in eval mode");
    const auto after = model->parameters();
    for (std::size_t i = 0; i < after.size(); ++i)
      if (!torch::equal(after[i], before[i])) {
        broken.push_back(name + ": measuring changed the model's weights");
        break;
      }
  } catch (const std::exception& error) {
    broken.push_back(name + ": " + error.what());
  }
  return broken;
}

}  // namespace theriac::testing
