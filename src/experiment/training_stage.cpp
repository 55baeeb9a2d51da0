#include "experiment/training_stage.h"

#include <algorithm>
#include <set>

#include "experiment/stage_observers.h"
#include "theriac/core/error.h"
#include "theriac/core/interrupt.h"
#include "theriac/core/log.h"

namespace theriac::experiment {

namespace fs = std::filesystem;

TrainingStage::TrainingStage(const fs::path& stages, const Stage& stage, StageCache& cache,
                             StatusFile& status, torch::Device device)
    : stages_(stages),
      folder_(stages / stage.id),
      stage_(stage),
      config_(*stage.config),
      workspace_(*stage.config, cache.data),
      status_(status),
      device_(device),
      training_(training_of(stage)) {
  if (config_.evaluate.empty()) return;
  protocol_ = evaluation_id(workspace_);
  evaluate::SessionOptions options;
  options.workers = config_.loader.workers;
  options.max_bad_fraction = config_.loader.max_bad_fraction;
  options.cache_mib = config_.loader.cache_mib;
  options.seed = config_.evaluation_seed();
  const std::string key = nlohmann::json({protocol_, options.workers, options.max_bad_fraction,
                                          options.cache_mib, config_.model.resolved_image_size()})
                              .dump();
  if (cache.session_key != key) {
    cache.session.reset();  // its pictures go before others come
    cache.session = std::make_shared<evaluate::Session>(workspace_.evaluation_data(),
                                                        workspace_.attack(), options, device_);
    cache.session_key = key;
  }
  session_ = cache.session;
  recorder_ = std::make_unique<Recorder>(folder_ / "records.jsonl", config_, protocol_, *session_);
}

fs::path TrainingStage::parent_checkpoint() const {
  const clean::From& from = config_.clean[stage_.cleaner]->from;
  if (stage_.parent.empty()) return from.checkpoint;
  const fs::path parent = stages_ / stage_.parent, checkpoints = parent / "checkpoints";
  const auto status = core::read_status(parent);
  const fs::path last = checkpoint::epoch_folder(checkpoints, status ? status->epochs : 0);
  if (!fs::exists(last))
    throw Error("clean: " + stage_.parent +
                ", which it starts from, is not trained to its end (no " + last.string() +
                "); run that stage first");
  if (from.epoch() >= 0 || from.is_best()) {
    const auto epoch = from.is_best() ? best_epoch() : from.epoch();
    const fs::path folder = checkpoint::epoch_folder(checkpoints, epoch);
    if (!fs::exists(folder))
      throw Error("clean.from.checkpoint: the stage before kept no checkpoint of epoch " +
                  std::to_string(epoch) + "; see its checkpoint.every and keep, or choose `last`");
    return folder;
  }
  return last;
}

// The parent's epoch with the lowest validation loss, the first of equal ones.
std::int64_t TrainingStage::best_epoch() const {
  const auto file = stages_ / stage_.parent / "records.jsonl";
  std::optional<core::Record> best;
  if (fs::exists(file)) {
    for (auto& record : core::read_records(file.string()).records) {
      if (record.metric != "validation_loss" || record.protocol_id != protocol_ ||
          record.epoch == 0)
        continue;
      if (!best || record.value < best->value) best = std::move(record);
    }
  }
  if (!best)
    throw Error(
        "clean.from.checkpoint: best_validation_loss: the stage before has no record of it; add "
        "{type: validation_loss} to evaluate");
  return best->epoch;
}

clean::Before TrainingStage::before() const {
  auto loaded = checkpoint::load(parent_checkpoint(), true);
  clean::Before result{std::move(loaded.optimizer), nullptr};
  const auto& settings = loaded.card.provenance.value("settings", nlohmann::json::object());
  for (const char* section : {"training", "cleaner"})
    if (settings.contains(section) && settings.at(section).contains("optimizer"))
      result.optimizer = settings.at(section).at("optimizer");
  // A cleaner that did not train hands on what it got.
  if (result.optimizer.is_null())
    result.optimizer = loaded.card.provenance.value("optimizer_before", nlohmann::json());
  return result;
}

TrainingStage::Start TrainingStage::fresh() {
  Start start;
  core::info("training the tokenizer on the captions of data.train");
  start.tokenizer = workspace_.train_tokenizer();
  start.model = std::make_shared<model::Clip>(config_.model, start.tokenizer->vocabulary(),
                                              start.tokenizer->end_id(), config_.pretrain_seed());
  start.card.model = checkpoint::describe_model(config_.model, start.tokenizer->vocabulary(),
                                                start.tokenizer->end_id());
  start.card.tokenizer_type = config_.tokenizer.type;
  start.card.tokenizer = start.tokenizer->serialise();
  if (!config_.pretrain->from.empty()) take_weights(config_.pretrain->from, start);
  if (const auto plan = workspace_.plan()) start.card.poison = poison::to_json(*plan);
  return start;
}

// The weights of `folder` into a fresh start of the same model and tokenizer. What it was poisoned
// with stays on the card.
void TrainingStage::take_weights(const fs::path& folder, Start& start) {
  auto loaded = checkpoint::load(folder, false);
  const auto architecture = [](const checkpoint::Card& card) {
    auto config = card.model.at("config");
    for (const char* key : {"preset", "initial_weights"}) config.erase(key);
    return config.flatten();
  };
  const nlohmann::json theirs = architecture(loaded.card), own = architecture(start.card);
  for (const auto& [key, value] : own.items()) {
    const auto found = theirs.find(key);
    const std::string received = found == theirs.end() ? "missing" : found->dump();
    if (received != value.dump())
      throw Error("pretrain.from: " + folder.string() +
                  " is another model than `model` says: its " + key.substr(1) + " is " + received +
                  ", expected " + value.dump());
  }
  if (loaded.card.tokenizer_type != start.card.tokenizer_type ||
      loaded.card.tokenizer != start.card.tokenizer)
    throw Error("pretrain.from: the model in " + folder.string() +
                " was trained with another tokenizer (" + loaded.card.tokenizer_type +
                ") than `tokenizer` says (" + start.card.tokenizer_type + ")");
  checkpoint::load_state_dict(*start.model, loaded.model);
  start.card.poison = loaded.card.poison;
  core::info("training on from {}", folder.string());
}

TrainingStage::Start TrainingStage::from_checkpoint(const fs::path& folder, bool resume) {
  auto loaded = checkpoint::load(folder, resume);
  Start start;
  start.model = checkpoint::make_model(loaded.card);
  checkpoint::load_state_dict(*start.model, loaded.model);
  const auto* entry = text::table().find(loaded.card.tokenizer_type);
  if (!entry)
    throw Error("checkpoint " + folder.string() + ": its tokenizer '" + loaded.card.tokenizer_type +
                "' is not in this program");
  start.tokenizer = entry->make()->load(loaded.card.tokenizer);
  start.card = std::move(loaded.card);
  start.hash = loaded.hash;
  if (resume) start.resume = train::Resume{loaded.state, std::move(loaded.optimizer)};
  return start;
}

TrainingStage::Start TrainingStage::start() {
  const auto newest = checkpoint::newest(folder_ / "checkpoints");
  if (newest) {
    auto start = from_checkpoint(*newest, true);
    core::info("resuming at step {} (epoch {})", start.resume->state.step,
               start.resume->state.epoch);
    return start;
  }
  return stage_.kind == Kind::kPretrain ? fresh() : from_checkpoint(parent_checkpoint(), false);
}

checkpoint::Card TrainingStage::card(const Start& start) const {
  auto card = start.card;
  card.provenance = {{"kind", word(stage_.kind)},
                     {"stage", stage_.id},
                     {"parent", stage_.parent},
                     {"settings", stage_.settings}};
  if (config_.poison) card.provenance["target"] = config_.poison->target;
  if (stage_.kind == Kind::kClean && !training_)
    card.provenance["optimizer_before"] = before().optimizer;
  return card;
}

std::vector<std::unique_ptr<train::Observer>> TrainingStage::observers(const Start& start) {
  const std::int64_t resumed = start.resume ? start.resume->state.step : 0;
  std::vector<std::unique_ptr<train::Observer>> list;
  list.push_back(train::metrics_file(folder_ / "metrics.jsonl", 10, resumed));
  list.push_back(train::tensorboard(folder_ / "tensorboard", 10, resumed));
  if (recorder_)
    list.push_back(std::make_unique<EvaluationObserver>(
        *recorder_, *checkpoints_, status_, start.model, start.tokenizer,
        stage_.kind == Kind::kClean && !start.resume ? start.hash : std::string(),
        [this](const auto& removed) { return removals(removed); }));
  list.push_back(std::make_unique<StatusObserver>(status_));
  return list;
}

bool TrainingStage::trained() const {
  const auto newest = checkpoint::newest(folder_ / "checkpoints");
  if (!newest) return false;
  return *newest == checkpoint::epoch_folder(folder_ / "checkpoints", stage_.epochs);
}

void TrainingStage::train(Start start) {
  loader::Dataset data;
  const bool pretrain = stage_.kind == Kind::kPretrain;
  data.source = workspace_.source(pretrain ? "train" : "cleaning");
  data.tokenizer = start.tokenizer;
  data.plan = pretrain ? workspace_.plan() : workspace_.cleaning_plan();
  if (data.plan) data.trigger = config_.poison->trigger->build();
  data.image_size = static_cast<int>(start.model->image_size());
  data.context = static_cast<int>(start.model->context());
  workspace_.share_pictures(pretrain ? "train" : "cleaning", data);
  checkpoints_ = std::make_unique<Checkpoints>(folder_ / "checkpoints", card(start),
                                               training_ ? training_->every : 1,
                                               training_ ? training_->keep : 0);
  const auto save = [this](const train::Trainer& trainer) {
    const StatusFile::Doing saving(status_, Activity::kOther);
    checkpoints_->save(trainer);
  };
  auto watching = observers(start);
  if (pretrain) {
    train::Trainer trainer(start.model, *config_.pretrain, data, config_.loader,
                           config_.pretrain_seed(), device_);
    for (auto& observer : watching) trainer.add(std::move(observer));
    if (start.resume) trainer.resume(*start.resume);
    const StatusFile::Doing training(status_, Activity::kTraining);
    trainer.run(save);
    return;
  }
  clean::Context context;
  context.model = start.model;
  context.card = start.card;
  const auto& cleaner = *config_.clean[stage_.cleaner];
  if (cleaner.needs_before()) context.before = before();
  context.data = data;
  context.loader = config_.loader;
  context.seed = config_.clean_seed(stage_.cleaner);
  context.device = device_;
  context.resume = std::move(start.resume);
  context.save = save;
  if (training_) {
    context.observers = std::move(watching);
    const StatusFile::Doing training(status_, Activity::kTraining);
    cleaner.build()->run(context);
    return;
  }
  start.model->to(device_);
  for (const auto& observer : watching) observer->on_epoch({0, 0, 0, 0, {}}, *start.model);
  cleaner.build()->run(context);
  // The optimizer's moments go on to the cleaner that follows.
  const auto moments = before().moments;
  checkpoints_->save(*start.model, moments.empty() ? nullptr : &moments, {.epoch = 1});
  for (const auto& observer : watching) observer->on_epoch({1, 0, 0, 0, {}}, *start.model);
}

std::vector<core::Record> TrainingStage::removals(
    const std::optional<train::EpochInfo::Removed>& removed) {
  if (!removed) return {};
  core::Record record;
  record.data = stage_.kind == Kind::kPretrain ? "train" : "cleaning";
  record.data_id = workspace_.source_id(record.data);
  record.n = removed->of;
  std::vector<core::Record> result;
  for (const auto& [metric, count] :
       {std::pair{"removed_pairs", removed->pairs}, {"removed_poisoned", removed->poisoned}}) {
    record.metric = metric;
    record.value = record.low = record.high = static_cast<double>(count);
    result.push_back(record);
  }
  return result;
}

void TrainingStage::evaluate_kept() {
  if (!recorder_) return;
  std::vector<std::pair<fs::path, std::int64_t>> kept;
  if (stage_.kind == Kind::kClean) kept.emplace_back(parent_checkpoint(), 0);
  bool changed = false;
  for (const auto& folder : checkpoint::epochs(folder_ / "checkpoints"))
    kept.emplace_back(folder, -1);
  for (const auto& [folder, epoch] : kept) {
    const std::string hash = checkpoint::hash(folder);
    if (recorder_->measured(hash)) continue;
    if (epoch == 0 && recorder_->adopt(stages_ / stage_.parent / "records.jsonl", hash)) continue;
    if (core::stop_requested()) throw Interrupted("stopped before an evaluation");
    const auto state = checkpoint::load(folder, false).state;
    auto start = from_checkpoint(folder, false);
    start.model->to(device_);
    const StatusFile::Doing evaluation(status_, Activity::kEvaluation);
    recorder_->measure(start.model, start.tokenizer, start.hash, epoch == 0 ? 0 : state.epoch,
                       epoch == 0 ? 0 : state.step,
                       removals(epoch == 0 ? std::nullopt : removed_by(state)));
    core::info("evaluated {}", folder.filename().string());
    changed = true;
  }
  recorder_->mend();
  if (!changed) return;
  recorder_->newest().show_in(status_.value);
}

// What `checkpoint.finished` does not name goes once everything is measured.
void TrainingStage::drop_finished() const {
  if (!training_ || training_->finished.empty()) return;
  std::set<std::int64_t> best;
  std::vector<std::int64_t> every;
  for (const auto& text : training_->finished) {
    const auto rule = train::keep_rule(text);
    if (rule->every > 0) every.push_back(rule->every);
    if (rule->bound && recorder_)
      if (const auto epoch = recorder_->best_epoch(*rule->bound)) best.insert(*epoch);
  }
  keep_only(folder_ / "checkpoints", [&](std::int64_t epoch) {
    return best.contains(epoch) ||
           std::any_of(every.begin(), every.end(), [&](std::int64_t k) { return epoch % k == 0; });
  });
}

void TrainingStage::run() {
  // What an interrupted evaluation left out comes first, so that records stand in epoch order.
  evaluate_kept();
  if (!trained()) train(start());
  status_.value.epoch = stage_.epochs;
  status_.value.step = stage_.steps;
  evaluate_kept();
  drop_finished();
}

}  // namespace theriac::experiment
