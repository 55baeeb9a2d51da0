#include <fmt/format.h>

#include <utility>

#include "theriac/core/log.h"
#include "theriac/core/progress.h"
#include "theriac/train/observers.h"

namespace theriac::train {

namespace {

class ProgressLine final : public Observer {
 public:
  explicit ProgressLine(ProgressOptions options) : options_(std::move(options)), eta_(0) {}

  void on_step(const StepInfo& info) override {
    const std::int64_t steps = info.batches * options_.epochs;
    if (!started_) eta_ = core::Eta(steps - options_.resumed);
    started_ = true;
    eta_.update(info.step - options_.resumed);
    if (info.seconds > 0) rate_ = static_cast<double>(info.samples) / info.seconds;
    line_.update(fmt::format("{}  epoch {}/{}  step {}/{}  {:.0f} pairs/s  loss {:.3f}{}  ETA {}{}",
                             options_.label, info.epoch + 1, options_.epochs, info.step, steps,
                             rate_, info.loss, measured(), core::human_duration(eta_.seconds()),
                             more()));
  }

  void on_epoch(const EpochInfo& info, model::Clip&) override {
    if (info.epoch > 0)
      core::info("{}: epoch {}/{}, mean loss {:.4f}, {:.0f} pairs/s{}", options_.label, info.epoch,
                 options_.epochs, info.mean_loss, rate_, measured());
  }

  void on_finish() override { line_.finish(); }

 private:
  std::string measured() const {
    std::string text;
    if (!options_.measured) return text;
    if (options_.measured->accuracy)
      text += fmt::format("  accuracy {:.1f} %", *options_.measured->accuracy);
    if (options_.measured->attack_success)
      text += fmt::format("  ASR {:.1f} %", *options_.measured->attack_success);
    return text;
  }
  std::string more() const {
    const std::string text = options_.more ? options_.more() : "";
    return text.empty() ? "" : "  " + text;
  }

  ProgressOptions options_;
  core::Progress line_;
  core::Eta eta_;
  bool started_ = false;
  double rate_ = 0;
};

}  // namespace

std::unique_ptr<Observer> progress_line(ProgressOptions options) {
  return std::make_unique<ProgressLine>(std::move(options));
}

}  // namespace theriac::train
