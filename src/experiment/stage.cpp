#include "theriac/experiment/stage.h"

#include <algorithm>

#include "theriac/config/document.h"
#include "theriac/core/error.h"
#include "theriac/core/hash.h"
#include "theriac/objective/term.h"

namespace theriac::experiment {

using nlohmann::json;

namespace {

constexpr const char* kWords[] = {"poison", "pretrain", "clean"};

// The part of a training section that decides results.
json training_settings(json settings, std::uint64_t seed) {
  settings.erase("checkpoint");
  settings["seed"] = seed;
  return settings;
}

// Settings of the second views count only where an objective looks at them.
void add_views(json& settings, const train::TrainConfig& training,
               const loader::LoaderConfig& loader, Workspace& workspace) {
  const auto views = objective::Objective(training.objective).views();
  if (!views.augmented_image()) return;
  auto copy = loader;
  const json resolved = config::to_json(copy);
  settings["augment"] = resolved.at("augment");
  if (!views.augmented) return;
  settings["augment_text"] = resolved.at("augment_text");
  settings["augment_text"].erase("wordnet");  // a path
  if (loader.text.needs_wordnet()) settings["wordnet"] = workspace.wordnet_id();
}

// A file counts by what is in it, not by where it is.
void hash_files(json& training, const train::TrainConfig& config) {
  for (std::size_t i = 0; i < config.objective.size(); ++i)
    for (const auto& [key, path] : config.objective[i]->files())
      training.at("objective").at(i)[key] = core::sha256_file(path);
}

void add_length(Stage& stage, const train::TrainConfig& training, std::int64_t rows) {
  stage.rows = rows;
  stage.epochs = training.stop_after.value_or(training.epochs);
  stage.steps = training.steps_before(stage.epochs, rows);
  stage.samples = stage.steps * training.batch_size;
}

bool holds(const std::vector<std::string>& names, const std::string& name) {
  return std::find(names.begin(), names.end(), name) != names.end();
}

// Pictures of one evaluation, each data set as often as metrics need it: clean, triggered.
std::int64_t evaluated_pictures(const ExperimentConfig& config, Workspace& workspace) {
  std::int64_t count = 0;
  for (const auto& section : workspace.evaluation_sections()) {
    const auto source = workspace.source(section);
    const bool extra = std::any_of(config.data.extra.begin(), config.data.extra.end(),
                                   [&](const auto& item) { return item.first == section; });
    bool clean = false, triggered = false;
    for (const auto& metric : config.evaluate) {
      const auto memory = metric->learned_from();
      auto measured = metric->data_sets();
      std::erase_if(measured, [&](const auto& name) { return holds(memory, name); });
      const bool here =
          measured.empty() ? !extra && !source->classes().empty() : holds(measured, section);
      clean = clean || here || holds(memory, section);
      triggered = triggered || (here && config.poison && metric->has_triggered_pass());
    }
    count += (clean + triggered) * source->size();
  }
  return count;
}

// Where cleaning starts from the epoch with the best validation loss, how the loss is measured
// decides its results.
void settings_of_choice(json& settings, const ExperimentConfig& config, Workspace& workspace) {
  for (const auto& metric : config.evaluate) {
    if (metric.type != "validation_loss") continue;
    settings["chosen_by"].push_back(choice_json(metric));
    for (const auto& section : metric->data_sets())
      settings["chosen_on"].push_back(workspace.source_id(section));
  }
}

json without_seeds(json value) {
  if (value.is_object()) value.erase("seed");
  if (value.is_structured())
    for (auto& child : value) child = without_seeds(std::move(child));
  return value;
}

// A data set by what it holds; by its settings where a seed decides what it holds.
json alike_data(const std::string& section, const ExperimentConfig& config, Workspace& workspace) {
  const json choice = choice_json(*workspace.find(section)), plain = without_seeds(choice);
  if (choice.value("type", "") == "subset")
    return {plain, config.data.limit.value_or(0),
            alike_data(plain.value("of", ""), config, workspace)};
  return plain == choice ? json(workspace.source_id(section))
                         : json({plain, config.data.limit.value_or(0)});
}

}  // namespace

std::string alike(const Stage& stage, const std::string& parent, Workspace& workspace) {
  const ExperimentConfig& config = *stage.config;
  json settings = without_seeds(stage.settings);
  settings["parent"] = parent;
  if (stage.kind == Kind::kPoison) {
    auto poison = *config.poison;
    settings["plan"] = without_seeds(config::to_json(poison));
  }
  settings["data"] =
      alike_data(stage.kind == Kind::kClean ? "cleaning" : "train", config, workspace);
  settings.erase("poisoned");
  return short_hash(settings);
}

namespace {

Stage finish(Stage stage) {
  stage.settings["kind"] = word(stage.kind);
  stage.settings["revision"] = kRevision;
  stage.settings["parent"] = stage.parent;
  stage.id = word(stage.kind) + "-" + short_hash(stage.settings);
  return stage;
}

}  // namespace

std::string word(Kind kind) { return kWords[static_cast<int>(kind)]; }

const train::TrainConfig* training_of(const Stage& stage) {
  if (stage.kind == Kind::kPretrain) return &*stage.config->pretrain;
  return stage.kind == Kind::kClean ? stage.config->clean[stage.cleaner]->training() : nullptr;
}

std::vector<Stage> make_chain(const std::shared_ptr<const ExperimentConfig>& shared,
                              Workspace& workspace) {
  const ExperimentConfig& config = *shared;
  std::vector<Stage> chain;
  const auto plan = config.poison && workspace.has("train") ? workspace.plan() : nullptr;
  if (plan) {
    Stage stage{Kind::kPoison, "", "", {{"plan", workspace.plan_id()}}, shared};
    stage.samples = static_cast<std::int64_t>(plan->samples.size());
    chain.push_back(finish(std::move(stage)));
  }
  if (config.pretrain) {
    Stage stage{Kind::kPretrain, "", plan ? chain.back().id : "", {}, shared};
    auto pretrain = *config.pretrain;
    auto model = config.model.resolved();
    stage.settings = {
        {"data", workspace.source_id("train")},
        {"model", config::to_json(model)},
        {"tokenizer", choice_json(config.tokenizer)},
        {"training", training_settings(config::to_json(pretrain), config.pretrain_seed())}};
    auto& from = stage.settings["training"]["from"];
    if (pretrain.from.empty())
      stage.settings["training"].erase("from");
    else
      from = checkpoint::hash(pretrain.from);  // not its path
    hash_files(stage.settings["training"], pretrain);
    stage.settings["tokenizer"].erase("vocabulary_file");  // a path; clip_bpe accepts one content
    add_views(stage.settings, pretrain, config.loader, workspace);
    add_length(stage, pretrain, workspace.source("train")->size());
    chain.push_back(finish(std::move(stage)));
  }
  for (std::size_t i = 0; i < config.clean.size(); ++i) {
    const auto& cleaner = config.clean[i];
    const bool file = cleaner->from.is_file();
    Stage stage{Kind::kClean, "", file ? "" : chain.back().id, {}, shared, i};
    json settings = training_settings(choice_json(cleaner), config.clean_seed(i));
    if (const auto* training = cleaner->training()) hash_files(settings, *training);
    if (file) settings["from"] = checkpoint::hash(cleaner->from.checkpoint);  // not its path
    stage.settings = {{"data", workspace.source_id("cleaning")}, {"cleaner", std::move(settings)}};
    if (cleaner->from.is_best()) settings_of_choice(stage.settings, config, workspace);
    if (const auto left = workspace.cleaning_plan_id(); !left.empty())
      stage.settings["poisoned"] = left;
    stage.epochs = 1;  // of a cleaner that does not train: done, or not
    if (const auto* training = cleaner->training()) {
      add_views(stage.settings, *training, config.loader, workspace);
      add_length(stage, *training, workspace.source("cleaning")->size());
    }
    chain.push_back(finish(std::move(stage)));
  }
  const auto pictures = evaluated_pictures(config, workspace);
  for (auto& stage : chain)  // cleaning is measured before its first epoch, too
    if (stage.kind != Kind::kPoison)
      stage.evaluated = pictures * (stage.epochs + (stage.kind == Kind::kClean ? 1 : 0));
  return chain;
}

std::string evaluation_id(Workspace& workspace) {
  const ExperimentConfig& config = workspace.config();
  if (config.evaluate.empty()) return {};
  json settings = {{"seed", config.evaluation_seed()}, {"revision", kRevision}};
  for (const auto& metric : config.evaluate) settings["metrics"].push_back(choice_json(metric));
  for (const auto& section : workspace.evaluation_sections())
    settings["data"][section] = workspace.source_id(section);
  if (const auto attack = workspace.attack())
    settings["attack"] = {attack->target, attack->trigger_json, static_cast<int>(attack->geometry)};
  return short_hash(settings);
}

}  // namespace theriac::experiment
