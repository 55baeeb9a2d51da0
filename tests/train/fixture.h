#pragma once

#include <torch/types.h>

#include <map>
#include <memory>
#include <string>
#include <vector>

#include "poison/memory_source.h"
#include "theriac/checkpoint/checkpoint.h"
#include "theriac/config/document.h"
#include "theriac/model/clip.h"
#include "theriac/train/trainer.h"

// A data set in memory, a tokenizer and models small enough to train hundreds of steps in a second.
namespace theriac::testing {

class ByteTokenizer final : public text::Tokenizer {
 public:
  std::vector<std::int32_t> encode(std::string_view text, int context) const override {
    std::vector<std::int32_t> ids = {1};
    for (const char c : text)
      if (static_cast<int>(ids.size()) < context - 1)
        ids.push_back(3 + static_cast<unsigned char>(c) % 40);
    ids.push_back(2);
    return ids;
  }
  std::vector<std::string> pieces(std::string_view) const override { return {}; }
  int vocabulary() const override { return 43; }
  int start_id() const override { return 1; }
  int end_id() const override { return 2; }
  int pad_id() const override { return 0; }
  std::string serialise() const override { return ""; }
  std::string id() const override { return "bytes"; }
};

inline std::shared_ptr<model::Clip> tiny_model(const std::string& kind, std::uint64_t seed = 1) {
  const std::string image =
      kind == "vit"
          ? "image_size: 16, image: {type: vit, width: 16, layers: 1, heads: 2, patch: 8}"
          : "image_size: 32, image: {type: resnet, layers: [1, 1, 1, 1], width: 4, heads: 4}";
  model::ModelConfig config;
  config::read(config::Document::parse("{preset: tiny_vit, embedding: 16, " + image +
                                           ", text: {width: 16, heads: 2, layers: 1, context: 32}}",
                                       "test"),
               config);
  return std::make_shared<model::Clip>(config, 43, 2, seed);
}

inline loader::Dataset tiny_data(const model::Clip& model, std::int64_t rows) {
  loader::Dataset data;
  data.source = memory_source(rows);
  data.tokenizer = std::make_shared<ByteTokenizer>();
  data.image_size = static_cast<int>(model.image_size());
  data.context = static_cast<int>(model.context());
  return data;
}

inline train::TrainConfig train_config(const std::string& yaml) {
  train::TrainConfig config;
  config::read(config::Document::parse(yaml, "test"), config);
  return config;
}

class Losses final : public train::Observer {
 public:
  explicit Losses(std::vector<train::StepInfo>& steps) : steps_(steps) {}
  void on_step(const train::StepInfo& info) override { steps_.push_back(info); }

 private:
  std::vector<train::StepInfo>& steps_;
};

inline loader::LoaderConfig no_workers() {
  loader::LoaderConfig config;
  config.workers = 0;
  return config;
}

struct Run {
  std::vector<train::StepInfo> steps;
  std::map<std::string, torch::Tensor> weights;  // copies
};

inline std::map<std::string, torch::Tensor> copy_of(const model::Clip& model) {
  auto state = checkpoint::state_dict(model);
  for (auto& [name, tensor] : state) tensor = tensor.detach().to(torch::kCPU).clone();
  return state;
}

inline Run train_tiny(std::shared_ptr<model::Clip> model, const train::TrainConfig& config,
                      std::int64_t rows, torch::Device device = torch::kCPU) {
  Run run;
  train::Trainer trainer(model, config, tiny_data(*model, rows), no_workers(), 7, device);
  trainer.add(std::make_unique<Losses>(run.steps));
  trainer.run({});
  run.weights = copy_of(*model);
  return run;
}

inline double largest_difference(const std::map<std::string, torch::Tensor>& a,
                                 const std::map<std::string, torch::Tensor>& b) {
  double worst = a.size() == b.size() ? 0 : 1e9;
  for (const auto& [name, tensor] : a)
    worst = std::max(
        worst,
        (tensor.to(torch::kDouble) - b.at(name).to(torch::kDouble)).abs().max().item<double>());
  return worst;
}

inline bool identical(const std::map<std::string, torch::Tensor>& a,
                      const std::map<std::string, torch::Tensor>& b) {
  if (a.size() != b.size()) return false;
  for (const auto& [name, tensor] : a)
    if (!torch::equal(tensor, b.at(name))) return false;
  return true;
}

}  // namespace theriac::testing
