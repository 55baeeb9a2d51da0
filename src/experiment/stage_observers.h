#pragma once

#include <memory>
#include <string>

#include "experiment/checkpoints.h"
#include "experiment/records.h"
#include "experiment/status.h"
#include "theriac/core/log.h"
#include "theriac/train/observers.h"

namespace theriac::experiment {

// Keeps status.json current.
class StatusObserver final : public train::Observer {
 public:
  explicit StatusObserver(StatusFile& status) : status_(status) {}
  void on_step(const train::StepInfo& info) override {
    auto& s = status_.value;
    s.epoch = info.epoch;
    s.step = info.step;
    s.steps = info.total_steps;
    s.loss = info.loss;
    // Speed of training alone: what lies between two steps of one epoch.
    if (last_.samples > 0) {
      seconds_ += info.seconds - last_.seconds;
      pairs_ += info.samples - last_.samples;
      if (seconds_ > 0) s.pairs_per_second = static_cast<double>(pairs_) / seconds_;
    }
    last_ = {info.seconds, info.samples};
    status_.write_at_times();
  }
  void on_epoch(const train::EpochInfo& info, model::Clip&) override {
    last_ = {};
    if (info.epoch > 0) core::info("epoch {}: mean loss {:.4f}", info.epoch, info.mean_loss);
    for (const auto& [reason, count] : info.bad)
      if (status_.value.bad[reason] != count)
        core::warn("{} sample(s) left out so far: {}", status_.value.bad[reason] = count, reason);
    status_.value.epoch = info.epoch;
    status_.write();
  }

 private:
  struct Point {
    double seconds = 0;
    std::int64_t samples = 0;
  };
  StatusFile& status_;
  Point last_;
  double seconds_ = 0;
  std::int64_t pairs_ = 0;
};

std::optional<train::EpochInfo::Removed> removed_by(const checkpoint::State& state) {
  const auto found = state.extra.find("removed");
  if (found == state.extra.end()) return std::nullopt;
  return train::EpochInfo::Removed{found->at("pairs"), found->at("of"), found->at("poisoned")};
}

// Measures the model after each epoch (and before the first one of a cleaning).
class EvaluationObserver final : public train::Observer {
 public:
  using More =
      std::function<std::vector<core::Record>(const std::optional<train::EpochInfo::Removed>&)>;
  EvaluationObserver(Recorder& recorder, const Checkpoints& checkpoints, StatusFile& status,
                     std::shared_ptr<model::Clip> model,
                     std::shared_ptr<const text::Tokenizer> tokenizer, std::string start_hash,
                     More more)
      : recorder_(recorder),
        checkpoints_(checkpoints),
        status_(status),
        model_(std::move(model)),
        tokenizer_(std::move(tokenizer)),
        start_hash_(std::move(start_hash)),
        more_(std::move(more)) {}

  void on_epoch(const train::EpochInfo& info, model::Clip&) override {
    const std::string& hash = info.epoch == 0 ? start_hash_ : checkpoints_.newest_hash();
    if (hash.empty() || recorder_.measured(hash)) return;
    const StatusFile::Doing evaluation(status_, Activity::kEvaluation);
    const auto newest = recorder_.measure(model_, tokenizer_, hash, info.epoch, info.step,
                                          more_(info.epoch > 0 ? info.removed : std::nullopt));
    newest.show_in(status_.value);
  }

 private:
  Recorder& recorder_;
  const Checkpoints& checkpoints_;
  StatusFile& status_;
  std::shared_ptr<model::Clip> model_;
  std::shared_ptr<const text::Tokenizer> tokenizer_;
  std::string start_hash_;
  More more_;
};

}  // namespace theriac::experiment
