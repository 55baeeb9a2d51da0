// Cleaning by training on: the poisoned weights, the defender's pairs, any objective.
// CleanCLIP (Bansal et al., ICCV 2023) is this with objective [{type: mmcl}, {type: intra_modal}].
// The optimizer starts with zero moments; the paper's code took over those of the poisoned run
// (paper.md 4.4).
#include "clean/fine_tune.h"

namespace theriac::clean {

namespace {

class FineTune final : public Cleaner {
 public:
  explicit FineTune(const train::TrainConfig& config) : config_(config) {}

  void run(Context& context) override {
    train::Trainer trainer(context.model, config_, context.data, context.loader, context.seed,
                           context.device);
    for (auto& observer : context.observers) trainer.add(std::move(observer));
    context.observers.clear();
    if (context.resume) trainer.resume(*context.resume);
    trainer.run(context.save);
  }

 private:
  train::TrainConfig config_;
};

}  // namespace

std::unique_ptr<Cleaner> FineTuneConfig::build() const { return std::make_unique<FineTune>(train); }

}  // namespace theriac::clean
