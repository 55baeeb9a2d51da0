#pragma once

#include <functional>
#include <map>
#include <memory>
#include <nlohmann/json_fwd.hpp>
#include <optional>
#include <string>
#include <vector>

#include "theriac/data/source.h"
#include "theriac/evaluate/metric.h"
#include "theriac/experiment/config.h"
#include "theriac/poison/plan.h"
#include "theriac/text/tokenizer.h"

namespace theriac::experiment {

// What the cells of a sweep share, by the settings that made it: sources and their identities,
// poison plans, tokenizers, and of the data set used last the pictures in memory.
struct DataCache {
  std::map<std::string, std::shared_ptr<const data::Source>> sources;
  std::map<std::string, std::string> ids;
  std::map<std::string, std::shared_ptr<const poison::Plan>> plans, cleaning_plans;
  std::map<std::string, std::shared_ptr<const text::Tokenizer>> tokenizers;
  std::string pictures_key;
  std::shared_ptr<loader::Pictures> pictures;
};

// A component as JSON, `type` included; null when nothing is chosen.
nlohmann::json choice_json(const config::AnyChoice& choice);
// Twelve hexadecimal digits that stand for a value: among 10,000 stages, two share them with a
// probability of 2e-7. What is null (off) counts as not there, so that a new optional setting
// leaves the ids of existing runs alone.
std::string short_hash(const nlohmann::json& value);

// The data of one configuration, opened when first asked for.
class Workspace {
 public:
  Workspace(const ExperimentConfig& config, DataCache& cache);
  const ExperimentConfig& config() const { return config_; }

  // null where the experiment has no such data set.
  const config::Choice<data::SourceConfig>* find(const std::string& section) const;
  bool has(const std::string& section) const;
  // Error that names the section when the experiment has no such data.
  std::shared_ptr<const data::Source> source(const std::string& section);
  std::string source_id(const std::string& section);
  std::vector<std::string> evaluation_sections() const;  // validation, test, held_out, extra ones
  std::shared_ptr<const poison::Plan> plan();            // null when nothing is poisoned
  // The poisoned pairs that a cleaning set taken from data.train still holds; null when none.
  std::shared_ptr<const poison::Plan> cleaning_plan();
  std::string plan_id(), cleaning_plan_id();  // empty without such a plan
  std::shared_ptr<const text::Tokenizer>
  train_tokenizer();  // on data.train's captions, as poisoned
  // Fills dataset.pictures with those that stages of the same data share.
  void share_pictures(const std::string& section, loader::Dataset& dataset);
  std::string wordnet_id();  // of the contents of loader.augment_text's WordNet
  std::vector<evaluate::DataSet> evaluation_data();
  std::optional<evaluate::Attack> attack() const;

 private:
  bool is_extra(const std::string& section) const;
  const std::string& key(const std::string& section);
  std::string plan_key();

  const ExperimentConfig& config_;
  DataCache& cache_;
  std::map<std::string, std::string> keys_;
  std::vector<std::string> open_;  // sections being built, to find cycles
};

}  // namespace theriac::experiment
