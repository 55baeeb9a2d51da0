#include <nlohmann/json.hpp>
#include <sstream>

#include "theriac/core/files.h"
#include "theriac/core/run.h"
#include "theriac/train/observers.h"

namespace theriac::train {

namespace {

namespace fs = std::filesystem;

// Drops lines of steps that a resumed run will take again, and what a crash left of a line.
void cut(const fs::path& path, std::int64_t resumed_step) {
  if (!fs::exists(path)) return;
  const std::string before = core::read_file(path);
  std::istringstream lines(before);
  std::string after;
  for (std::string line; std::getline(lines, line);) {
    const auto json = nlohmann::json::parse(line, nullptr, /*allow_exceptions=*/false);
    if (json.is_object() && json.value("step", std::int64_t{0}) <= resumed_step && resumed_step > 0)
      after += line + "\n";
  }
  if (after != before) core::write_file(path, after);
}

class MetricsFile final : public Observer {
 public:
  MetricsFile(const fs::path& path, std::int64_t every, std::int64_t resumed_step) : every_(every) {
    cut(path, resumed_step);
    file_ = std::make_unique<core::LineFile>(path);
  }

  void on_step(const StepInfo& info) override {
    if (info.step % every_ != 0 && info.batch != info.batches) return;
    core::StepMetrics line{.step = info.step,
                           .epoch = info.epoch,
                           .loss = info.loss,
                           .learning_rate = info.learning_rate,
                           .logit_scale = info.logit_scale};
    if (info.seconds > 0) line.pairs_per_second = static_cast<double>(info.samples) / info.seconds;
    line.parts = {info.parts.begin(), info.parts.end()};
    file_->append(nlohmann::json(line).dump());
  }

  void on_epoch(const EpochInfo&, model::Clip&) override { file_->sync(); }

 private:
  std::int64_t every_;
  std::unique_ptr<core::LineFile> file_;
};

}  // namespace

std::unique_ptr<Observer> metrics_file(const fs::path& path, std::int64_t every,
                                       std::int64_t resumed_step) {
  return std::make_unique<MetricsFile>(path, every, resumed_step);
}

}  // namespace theriac::train
