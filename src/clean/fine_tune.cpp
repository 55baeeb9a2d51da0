// Cleaning by training on: the poisoned weights, the defender's pairs, any objective.
// CleanCLIP (Bansal et al., ICCV 2023) is this with objective [{type: mmcl}, {type: intra_modal}].
// The optimizer starts with zero moments. The paper's code took over those of the poisoned run (D2)
// and with them its weight decay, whatever was asked for (D1): `optimizer_state`.
#include "clean/fine_tune.h"

#include "theriac/core/error.h"

namespace theriac::clean {

namespace {

class FineTune final : public Cleaner {
 public:
  explicit FineTune(const FineTuneConfig& config)
      : config_(config.train), state_(config.optimizer_state) {}

  void run(Context& context) override {
    if (state_ == OptimizerState::kKeepOptions) take_options(context.before.optimizer);
    train::Trainer trainer(context.model, config_, context.data, context.loader, context.seed,
                           context.device);
    for (auto& observer : context.observers) trainer.add(std::move(observer));
    context.observers.clear();
    if (context.resume) {
      trainer.resume(*context.resume);
    } else if (state_ != OptimizerState::kFresh) {
      if (context.before.moments.empty())
        throw Error(
            "clean.optimizer_state: the checkpoint to start from holds no optimizer moments; start "
            "from `last`, which does, or use `fresh`");
      trainer.take_moments(context.before.moments);
    }
    trainer.run(context.save);
  }

 private:
  void take_options(const nlohmann::json& optimizer) {
    if (!optimizer.is_object())
      throw Error(
          "clean.optimizer_state: keep_options: the checkpoint to start from does not say how it "
          "was optimised; use `keep`");
    auto& own = config_.optimizer;
    own.weight_decay = optimizer.value("weight_decay", own.weight_decay);
    own.beta1 = optimizer.value("beta1", own.beta1);
    own.beta2 = optimizer.value("beta2", own.beta2);
    own.epsilon = optimizer.value("epsilon", own.epsilon);
  }

  train::TrainConfig config_;
  OptimizerState state_;
};

}  // namespace

std::unique_ptr<Cleaner> FineTuneConfig::build() const { return std::make_unique<FineTune>(*this); }

}  // namespace theriac::clean
