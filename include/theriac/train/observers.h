#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <string>

#include "theriac/train/trainer.h"

namespace theriac::train {

// What an evaluation found last, in percent; filled by whoever evaluates, shown in the progress
// line.
struct Measured {
  std::optional<double> accuracy, attack_success;
};

struct ProgressOptions {
  std::string label;                         // "pretrain mmcl"
  std::int64_t epochs = 0;                   // epochs that will be run
  std::int64_t resumed = 0;                  // steps done before this process
  std::shared_ptr<const Measured> measured;  // may be null
  std::function<std::string()> more;         // appended, for example the ETA of all; may be empty
};
// One status line on stderr (core/progress.h) and one log line per epoch.
std::unique_ptr<Observer> progress_line(ProgressOptions options);

// Appends a core::StepMetrics to `path` (metrics.jsonl) every `every` steps and at each epoch's
// end. What the file holds beyond `resumed_step` (0: a new run) is cut off first.
std::unique_ptr<Observer> metrics_file(const std::filesystem::path& path, std::int64_t every,
                                       std::int64_t resumed_step);

// Writes scalars (loss, its parts, learning rate, logit scale, gradient norm, pairs/s) as a
// TensorBoard event file of its own in `folder`; TensorBoard then ignores what older files hold
// from `resumed_step` on.
std::unique_ptr<Observer> tensorboard(const std::filesystem::path& folder, std::int64_t every,
                                      std::int64_t resumed_step);

}  // namespace theriac::train
