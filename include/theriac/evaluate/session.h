#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "theriac/evaluate/metric.h"

namespace theriac::evaluate {

struct SessionOptions {
  std::int64_t batch_size = 256;
  std::int64_t workers = 1;
  std::int64_t cache_mib = 512;
  std::uint64_t seed = 0;  // of the triggers; the same for all checkpoints
};

// Predicted classes of the images of one data set.
struct Embedded {
  torch::Tensor clean_ND, triggered_ND;  // unit rows, fp32, on the CPU; triggered may be undefined
  std::vector<std::int64_t> labels;
  std::map<std::string, std::int64_t> bad;  // left out, by reason
};

class Session {
 public:
  Session(std::vector<DataSet> data, std::optional<Attack> attack, SessionOptions options,
          torch::Device device);
  ~Session();

  // Binds the model to be measured; forgets embeddings of the last one, keeps pictures. The model
  // is put into eval mode while it is measured and put back afterwards.
  void set_model(std::shared_ptr<model::Clip> model,
                 std::shared_ptr<const text::Tokenizer> tokenizer, std::string checkpoint_hash,
                 std::int64_t epoch, std::int64_t step);

  const std::vector<DataSet>& data() const;
  const std::optional<Attack>& attack() const;
  const Embedded& images(const DataSet& data);  // clean and, when there is an attack, triggered
  // Class vectors [C, D]: per class the mean of the normalised prompt embeddings, normalised.
  torch::Tensor classifier(const std::vector<std::string>& classes,
                           const std::vector<std::string>& prompts);
  torch::Tensor embed_texts(const std::vector<std::string>& texts);  // unit rows
  // A record with data, checkpoint, epoch, step and seeds filled in.
  core::Record record(const DataSet& data, const std::string& metric) const;
  std::uint64_t seed() const;

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

// Runs the metrics; protocol_id is filled in from each metric's resolved settings.
std::vector<core::Record> evaluate(const std::vector<config::Choice<MetricConfig>>& metrics,
                                   Session& session);

}  // namespace theriac::evaluate
