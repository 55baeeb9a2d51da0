#include "theriac/train/observers.h"
#include "train/event_file.h"

namespace theriac::train {

namespace {

class TensorBoard final : public Observer {
 public:
  TensorBoard(const std::filesystem::path& folder, std::int64_t every, std::int64_t resumed_step)
      : file_(folder, resumed_step > 0 ? resumed_step + 1 : 0), every_(every) {}

  void on_step(const StepInfo& info) override {
    if (info.step % every_ != 0 && info.batch != info.batches) return;
    std::vector<std::pair<std::string, double>> values = {
        {"train/loss", info.loss},
        {"train/learning_rate", info.learning_rate},
        {"train/logit_scale", info.logit_scale}};
    if (info.gradient_norm >= 0) values.emplace_back("train/gradient_norm", info.gradient_norm);
    if (info.seconds > 0)
      values.emplace_back("speed/pairs_per_second",
                          static_cast<double>(info.samples) / info.seconds);
    for (const auto& [name, value] : info.parts) values.emplace_back("train/" + name, value);
    file_.scalars(info.step, values);
  }

  void on_epoch(const EpochInfo& info, model::Clip&) override {
    if (info.epoch > 0) file_.scalars(info.step, {{"train/epoch_loss", info.mean_loss}});
    file_.flush();
  }

  void on_finish() override { file_.flush(); }

 private:
  EventFile file_;
  std::int64_t every_;
};

}  // namespace

std::unique_ptr<Observer> tensorboard(const std::filesystem::path& folder, std::int64_t every,
                                      std::int64_t resumed_step) {
  return std::make_unique<TensorBoard>(folder, every, resumed_step);
}

}  // namespace theriac::train
