#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "theriac/config/fields.h"
#include "theriac/loader/loader.h"
#include "theriac/objective/term.h"

namespace theriac::train {

enum class Precision { kFp32, kTf32, kBf16 };
enum class Decay { kShapes, kNames };
enum class Gather { kFull, kLocal };

struct OptimizerConfig final : config::Section {
  std::string type = "adamw";
  double learning_rate = 1e-3;  // peak; 0 = weights stay, only running statistics move
  double weight_decay = 0.1;
  double beta1 = 0.9, beta2 = 0.999, epsilon = 1e-8;
  Decay decay = Decay::kShapes;
  std::int64_t warmup_steps = 0;
  std::optional<double> clip_norm;
  void describe(config::Fields& fields) override;
};

// One of checkpoint.finished: `last` is neither.
struct KeepRule {
  std::int64_t every = 0;       // each k-th epoch
  std::optional<double> bound;  // the best accuracy with at most this attack success, percent
};
std::optional<KeepRule> keep_rule(const std::string& text);  // nothing: not a rule

// Pairs that leave the training data for good because of their image-text similarity.
struct RemoveConfig final : config::Section {
  enum class By { kHighest, kLowest };
  double fraction = 0.02;               // of the pairs that are still there
  std::vector<std::int64_t> epochs{1};  // before these ones, counted from 1
  By by = By::kHighest;
  void describe(config::Fields& fields) override;
  void check(config::Problems& problems) const override;
  bool due(std::int64_t epoch) const;           // epoch from 0
  std::int64_t count(std::int64_t rows) const;  // that leave when `rows` are there
};

// Everything that decides the result of one training run, given model and data.
struct TrainConfig : config::Section {
  std::int64_t epochs = 1;                 // the schedule's length
  std::optional<std::int64_t> stop_after;  // epochs really run
  std::int64_t batch_size = 128;
  std::int64_t accumulation = 1;   // micro-batches per step; the loss sees the whole batch
  std::int64_t virtual_ranks = 1;  // batch-norm groups of a batch, as on so many GPUs
  Gather gather = Gather::kFull;
  bool schedule_shift = false;
  Precision precision = Precision::kFp32;
  std::vector<config::Choice<objective::TermConfig>> objective;  // default: [{type: mmcl}]
  OptimizerConfig optimizer;
  std::optional<RemoveConfig> remove;
  std::optional<std::int64_t> seed;  // default: derived from the experiment's
  // Checkpoints; these do not change results.
  std::int64_t every = 1;             // save each n-th epoch (`checkpoint.every`)
  std::int64_t keep = 0;              // newest epochs kept; 0 = all (`checkpoint.keep`)
  std::int64_t every_steps = 0;       // also within an epoch, for resuming; 0 = no
  std::vector<std::string> finished;  // what stays of a finished stage; empty = all
  TrainConfig();
  std::int64_t last_epoch() const { return stop_after.value_or(epochs); }  // epochs really run
  // Of data with `rows` pairs: those that epoch `epoch` (from 0) uses, and the steps before it.
  std::int64_t rows_in(std::int64_t epoch, std::int64_t rows) const;
  std::int64_t steps_before(std::int64_t epoch, std::int64_t rows) const;
  // Throws Error when `remove` would take out nothing of so many pairs, or leave less than a batch.
  void check_rows(std::int64_t rows) const;
  void describe(config::Fields& fields) override;
  void check(config::Problems& problems) const override;
};

}  // namespace theriac::train
