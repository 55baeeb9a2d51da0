#include "theriac/train/config.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <functional>
#include <string>

#include "theriac/core/error.h"

namespace theriac::train {

namespace {

// The keys under `checkpoint:`.
struct CheckpointFields final : config::Section {
  explicit CheckpointFields(TrainConfig& config) : train(config) {}
  void describe(config::Fields& fields) override {
    fields.value("every", train.every, "save each n-th epoch; the last one is always saved",
                 {1, 1e6});
    fields.value("keep", train.keep, "newest epochs that are kept; 0 = all", {0, 1e6});
    fields.value("every_steps", train.every_steps,
                 "also save each n-th step within an epoch, to resume from; 0 = no", {0, 1e9});
    fields.value(
        "finished", train.finished,
        "what stays when the stage is finished, beside its last epoch: `best` (highest "
        "accuracy with an attack success of at most 5 %), `best N` (at most N %), `every K` "
        "(each k-th epoch), `last` (nothing more); default: all that was kept");
  }
  void check(config::Problems& problems) const override {
    for (std::size_t i = 0; i < train.finished.size(); ++i)
      if (!keep_rule(train.finished[i]))
        problems.add("finished." + std::to_string(i),
                     "expected last, best, best N or every K, got '" + train.finished[i] + "'");
  }
  TrainConfig& train;
};

}  // namespace

std::optional<KeepRule> keep_rule(const std::string& text) {
  if (text == "last") return KeepRule{};
  if (text == "best") return KeepRule{.bound = 5};
  const bool every = text.starts_with("every ");
  if (!every && !text.starts_with("best ")) return std::nullopt;
  double number = 0;
  const char* const end = text.data() + text.size();
  const auto [rest, error] = std::from_chars(text.data() + (every ? 6 : 5), end, number);
  if (error != std::errc() || rest != end || !(number >= 0)) return std::nullopt;
  if (!every) return number <= 100 ? std::optional(KeepRule{.bound = number}) : std::nullopt;
  const auto whole = static_cast<std::int64_t>(number);
  if (whole < 1 || static_cast<double>(whole) != number) return std::nullopt;
  return KeepRule{.every = whole};
}

void RemoveConfig::describe(config::Fields& fields) {
  fields.value("fraction", fraction, "of the pairs that are still there, rounded down",
               {1e-9, 0.999});
  fields.value("epochs", epochs,
               "before which epochs, counted from 1; similarities are those of the model then",
               {1, 1e6});
  fields.choice("by", by,
                "highest: pairs that the model knows best (CleanCLIP's script, as a poison is "
                "learned first); lowest: those that do not match (the CLIPScore filter)",
                {{"highest", By::kHighest}, {"lowest", By::kLowest}});
}

void RemoveConfig::check(config::Problems& problems) const {
  if (epochs.empty()) problems.add("epochs", "needs at least one epoch");
  if (std::adjacent_find(epochs.begin(), epochs.end(), std::greater_equal<>()) != epochs.end())
    problems.add("epochs", "expected in rising order, each once");
}

bool RemoveConfig::due(std::int64_t epoch) const {
  return std::find(epochs.begin(), epochs.end(), epoch + 1) != epochs.end();
}

std::int64_t RemoveConfig::count(std::int64_t rows) const {
  return static_cast<std::int64_t>(fraction * static_cast<double>(rows));
}

std::int64_t TrainConfig::rows_in(std::int64_t epoch, std::int64_t rows) const {
  if (!remove) return rows;
  for (const auto before : remove->epochs)
    if (before <= epoch + 1) rows -= remove->count(rows);
  return rows;
}

std::int64_t TrainConfig::steps_before(std::int64_t epoch, std::int64_t rows) const {
  if (!remove) return epoch * (rows / batch_size);
  std::int64_t steps = 0;
  for (std::int64_t e = 0; e < epoch; ++e) steps += rows_in(e, rows) / batch_size;
  return steps;
}

void TrainConfig::check_rows(std::int64_t rows) const {
  if (!remove) return;
  const auto left = rows_in(last_epoch(), rows);
  if (left == rows)
    throw Error(fmt::format("remove.fraction: {} of {} pairs is less than one pair; raise it",
                            remove->fraction, rows));
  if (left < batch_size)
    throw Error(
        fmt::format("remove.fraction: of {} pairs {} would be left, fewer than a batch of "
                    "{}; lower it, or batch_size",
                    rows, left, batch_size));
}

void OptimizerConfig::describe(config::Fields& fields) {
  fields.choice("type", type, "AdamW with decoupled weight decay (Loshchilov and Hutter 2019)",
                {{"adamw", std::string("adamw")}});
  fields.value("learning_rate", learning_rate,
               "peak learning rate; 0 = weights stay, only batch-norm running statistics move",
               {0, 10});
  fields.value("weight_decay", weight_decay,
               "decay per unit of learning rate; gains, biases and the logit scale are exempt",
               {0, 1000});
  fields.choice(
      "decay", decay,
      "shapes: tensors of two and more dimensions decay; names: those whose name lacks bn, "
      "ln, bias and logit_scale (what the paper's code does: four more gains decay)",
      {{"shapes", Decay::kShapes}, {"names", Decay::kNames}});
  fields.value("beta1", beta1, "decay of the gradient's average", {0, 0.999999});
  fields.value("beta2", beta2, "decay of the squared gradient's average", {0, 0.999999});
  fields.value("epsilon", epsilon, "added to the root of the squared gradient's average",
               {1e-16, 1});
  fields.value("warmup_steps", warmup_steps, "steps of linear warm-up before the cosine", {0, 1e9});
  fields.value("clip_norm", clip_norm, "largest L2 norm of all gradients together; absent = any",
               {1e-9, 1e9});
}

TrainConfig::TrainConfig() {
  objective.push_back(config::Choice<objective::TermConfig>(&objective::table, "mmcl"));
}

void TrainConfig::describe(config::Fields& fields) {
  fields.value("epochs", epochs, "passes over the data; the schedule's length", {1, 1e6});
  fields.value("stop_after", stop_after, "end after this epoch; the schedule stays `epochs` long",
               {1, 1e6});
  fields.value("batch_size", batch_size, "pairs per step: all of them are in-batch negatives",
               {2, 1e7});
  fields.value("accumulation", accumulation,
               "parts a batch is embedded in, to save memory; the loss still sees the whole batch",
               {1, 1e6});
  fields.value("virtual_ranks", virtual_ranks,
               "batch-norm groups of a batch: the mathematics of so many GPUs on one. Running "
               "statistics are the first group's",
               {1, 1e6});
  fields.choice("gather", gather,
                "local: of the gathered embeddings only a rank's own carry gradients, so that the "
                "encoders' gradients are divided by virtual_ranks (what the paper's code does)",
                {{"full", Gather::kFull}, {"local", Gather::kLocal}});
  fields.value("schedule_shift", schedule_shift,
               "enter the learning-rate schedule one epoch late and leave it one epoch late (what "
               "the paper's code does)");
  fields.choice(
      "precision", precision,
      "arithmetic of the encoders; loss and weights are fp32 (tf32: GPU only)",
      {{"fp32", Precision::kFp32}, {"tf32", Precision::kTf32}, {"bf16", Precision::kBf16}});
  fields.components("objective", objective, &objective::table, "terms of the loss, summed");
  fields.section("optimizer", optimizer, "how gradients become steps");
  fields.section("remove", remove,
                 "take pairs out of the data by the similarity of picture and caption");
  fields.value("seed", seed,
               "order of the samples and their views; default: from the experiment's");
  CheckpointFields checkpoint(*this);
  fields.section("checkpoint", checkpoint, "what is saved; changes no result");
}

void TrainConfig::check(config::Problems& problems) const {
  if (objective.empty()) problems.add("objective", "needs at least one term");
  if (stop_after && *stop_after > epochs)
    problems.add("stop_after", "is beyond the last epoch (epochs: " + std::to_string(epochs) + ")");
  if (remove && !remove->epochs.empty() && remove->epochs.back() > last_epoch())
    problems.add("remove.epochs", "epoch " + std::to_string(remove->epochs.back()) +
                                      " is beyond the last epoch, " + std::to_string(last_epoch()));
  if (batch_size % accumulation != 0)
    problems.add("accumulation", "does not divide batch_size " + std::to_string(batch_size));
  else if (virtual_ranks > 1 && virtual_ranks % accumulation != 0)
    problems.add("accumulation", "does not divide virtual_ranks " + std::to_string(virtual_ranks));
  else if (accumulation > 1 && batch_size / accumulation < 2)
    problems.add("accumulation", "leaves fewer than 2 pairs for each part of the batch");
  if (batch_size % virtual_ranks != 0)
    problems.add("virtual_ranks", "does not divide batch_size " + std::to_string(batch_size));
  else if (virtual_ranks > 1 && batch_size / virtual_ranks < 2)
    problems.add("virtual_ranks", "leaves fewer than 2 pairs for each rank");
  if (gather == Gather::kLocal && virtual_ranks == 1)
    problems.add("gather", "has no effect with virtual_ranks: 1; leave it out");
}

}  // namespace theriac::train
