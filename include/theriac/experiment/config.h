#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "theriac/clean/cleaner.h"
#include "theriac/config/fields.h"
#include "theriac/data/source.h"
#include "theriac/evaluate/metric.h"
#include "theriac/loader/loader.h"
#include "theriac/model/clip.h"
#include "theriac/poison/plan.h"
#include "theriac/text/tokenizer.h"
#include "theriac/train/config.h"

namespace theriac::experiment {

// The experiment file: one chain of stages. `sweep`, `expect` and `base` are taken out of the
// document before it is read into this struct.

struct DataConfig final : config::Section {
  using Source = config::Choice<data::SourceConfig>;
  Source train{&data::table}, cleaning{&data::table}, validation{&data::table}, test{&data::table},
      held_out{&data::table};
  std::vector<std::pair<std::string, Source>> extra;  // further sets to evaluate on, by name
  std::optional<std::int64_t> limit;  // at most so many samples of each, evenly spaced
  void describe(config::Fields& fields) override;
};

struct PretrainConfig final : train::TrainConfig {
  std::string from;  // folder of a checkpoint to start from; empty: from scratch
  void describe(config::Fields& fields) override;
};

enum class Selection { kValidation, kTest };

struct ExperimentConfig final : config::Section {
  std::string name;
  std::int64_t seed = 1;
  std::string device = "auto";
  DataConfig data;
  config::Choice<text::TokenizerConfig> tokenizer{&text::table, "sentencepiece"};
  model::ModelConfig model;
  loader::LoaderConfig loader;
  std::optional<poison::PoisonConfig> poison;
  std::optional<PretrainConfig> pretrain;
  std::vector<config::Choice<clean::CleanerConfig>> clean;  // one after the other
  std::vector<config::Choice<evaluate::MetricConfig>> evaluate;
  Selection selection = Selection::kValidation;
  void describe(config::Fields& fields) override;
  void check(config::Problems& problems) const override;

  // Seeds that the experiment's seed decides unless a section names its own.
  std::uint64_t poison_seed() const;
  std::uint64_t pretrain_seed() const;
  std::uint64_t clean_seed(std::size_t cleaner) const;
  std::uint64_t evaluation_seed() const;
};

}  // namespace theriac::experiment
