#pragma once

#include <torch/types.h>

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "theriac/evaluate/metric.h"

namespace theriac::evaluate {

struct SessionOptions {
  std::int64_t batch_size = 256;
  std::int64_t workers = 1;
  std::int64_t cache_mib = 512;   // pictures kept from one checkpoint to the next
  std::uint64_t seed = 0;         // of the triggers; the same for all checkpoints
  double max_bad_fraction = 0.1;  // more unusable images than this in one data set are an Error
};

// The images of one data set as the bound model embeds them.
struct Embedded {
  torch::Tensor clean_ND, triggered_ND;  // unit rows, fp32, CPU; triggered undefined without attack
  torch::Tensor clean_length_N, triggered_length_N;  // of the rows before they were made unit
  std::vector<std::int64_t> labels;                  // per row
  std::vector<std::int64_t> indices;                 // rows of the source
  std::map<std::string, std::int64_t> bad;           // samples left out, by reason
};

// How pictures get the model's input size in the clean and in the triggered pass.
struct Fit {
  poison::Geometry clean = poison::Geometry::kCrop;
  std::optional<poison::Geometry> triggered;  // nothing: as they were poisoned
};

// The pairs of one data set: images that have a caption.
struct Pairs {
  torch::Tensor rows_P;               // int64, rows of Embedded
  torch::Tensor text_PD;              // unit rows, fp32, CPU
  std::vector<std::string> captions;  // per pair
  std::vector<std::string> keys;      // per pair, the image's
};

// Embeds each image of a data set once per checkpoint and shares it among metrics: clean and
// triggered from one decode. Class vectors are computed once per checkpoint and prompt set.
class Session {
 public:
  Session(std::vector<DataSet> data, std::optional<Attack> attack, SessionOptions options,
          torch::Device device);
  ~Session();

  // Binds the model to be measured (moved to the device); forgets embeddings of the last one, keeps
  // pictures. The model is in eval mode while it embeds, and then as it was.
  void set_model(std::shared_ptr<model::Clip> model,
                 std::shared_ptr<const text::Tokenizer> tokenizer, std::string checkpoint_hash,
                 std::int64_t epoch, std::int64_t step);

  const std::vector<DataSet>& data() const;
  const std::optional<Attack>& attack() const;
  const Embedded& images(const DataSet& data, const Fit& fit = {});
  // The same where the triggered pass is not needed: it may be missing.
  const Embedded& clean_images(const DataSet& data, const Fit& fit = {});
  // Captions are embedded once per checkpoint. Error when the data set has none.
  const Pairs& pairs(const DataSet& data);
  double logit_scale() const;  // s = exp(t)
  // Class vectors [C, D]: per class the mean of the normalised embeddings of `prompts` filled with
  // its name, normalised (Radford et al. 2021, section 3.1.4). Prompts are templates with one {};
  // their a and an are made to fit the name, or left as they are.
  const torch::Tensor& classifier(const std::vector<std::string>& classes,
                                  const std::vector<std::string>& prompts,
                                  bool fit_articles = true);
  torch::Tensor embed_texts(const std::vector<std::string>& texts);  // unit rows [N, D], fp32, CPU
  // A record with data set, checkpoint, epoch, step and trigger seed filled in.
  core::Record record(const DataSet& data, const std::string& metric) const;
  std::uint64_t seed() const;  // of the triggers
  torch::Device device() const;

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

// Runs the metrics one after the other on the bound model.
std::vector<core::Record> evaluate(const std::vector<config::Choice<MetricConfig>>& metrics,
                                   Session& session);

// A record's value and interval from per-image outcomes (fp32 or bool [N]), which are kept as bits.
void fill_rate(core::Record& record, const torch::Tensor& outcomes_N);

}  // namespace theriac::evaluate
