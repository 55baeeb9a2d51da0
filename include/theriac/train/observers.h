#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>

#include "theriac/train/trainer.h"

namespace theriac::train {

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
