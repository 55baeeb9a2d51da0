// What a plan costs. FLOPs of a training stage = pairs x (pictures + captions of the views) x 3
// (forward, and twice that backward; forward only with learning rate 0), and once forward each time
// that all pairs are embedded before an epoch; of evaluation = pictures, forward.
#include <algorithm>
#include <map>

#include "theriac/config/document.h"
#include "theriac/core/files.h"
#include "theriac/experiment/plan.h"
#include "theriac/model/clip.h"

namespace theriac::experiment {
namespace {

struct ModelCost {
  double parameters = 0;
  model::ForwardFlops forward;
};

// An upper bound where the tokenizer is yet to be trained; CLIP's own otherwise.
std::int64_t vocabulary(const ExperimentConfig& config) {
  return choice_json(config.tokenizer).value("vocabulary", std::int64_t{49408});
}

class ModelCosts {
 public:
  const ModelCost& of(const ExperimentConfig& config) {
    auto model = config.model;
    const std::string key = config::to_json(model).dump();
    const auto found = known_.find(key);
    if (found != known_.end()) return found->second;
    model::Clip clip(model, vocabulary(config), 0, {});
    return known_[key] = {static_cast<double>(model::parameter_count(clip)),
                          model::forward_flops(clip, clip.context())};
  }

 private:
  std::map<std::string, ModelCost> known_;
};

const train::TrainConfig* training_of(const Stage& stage) {
  return stage.kind == Kind::kPretrain ? &*stage.config->pretrain
                                       : stage.config->clean[stage.cleaner]->training();
}

// What is embedded before epochs: pictures for terms that need them, pairs to choose among.
double passes(const Stage& stage, const train::TrainConfig& training, const ModelCost& model) {
  const auto terms = std::count_if(training.objective.begin(), training.objective.end(),
                                   [](const auto& term) { return term->embeds_each_epoch(); });
  double total = 0;
  for (std::int64_t epoch = 0; epoch < stage.epochs; ++epoch) {
    total += static_cast<double>(terms * training.rows_in(epoch, stage.rows)) * model.forward.image;
    if (training.remove && training.remove->due(epoch))
      total += static_cast<double>(training.rows_in(epoch - 1, stage.rows)) *
               (model.forward.image + model.forward.text);
  }
  return total;
}

double flops(const Stage& stage, const ModelCost& model) {
  double total = static_cast<double>(stage.evaluated) * model.forward.image;
  if (const auto* training = training_of(stage)) {
    const auto views = objective::Objective(training->objective).views();
    const double pair = static_cast<double>(views.images()) * model.forward.image +
                        static_cast<double>(views.captions()) * model.forward.text;
    const double per_pair = training->optimizer.learning_rate == 0 ? 1 : 3;
    total += static_cast<double>(stage.samples) * per_pair * pair;
    total += passes(stage, *training, model);
  }
  return total;
}

// Weights of each kept epoch, and the two moments of the newest two.
double disk(const Stage& stage, const ModelCost& model) {
  std::int64_t kept = 1;
  if (const auto* training = training_of(stage)) {
    kept = std::max<std::int64_t>(1, stage.epochs / std::max<std::int64_t>(1, training->every));
    if (training->keep > 0) kept = std::min(kept, training->keep);
  }
  return model.parameters * 4 * static_cast<double>(kept + 2 * std::min<std::int64_t>(kept, 2));
}

// Of a finished stage: weights of what `checkpoint.finished` keeps, and the newest one's moments.
double kept(const Stage& stage, const ModelCost& model) {
  const auto* training = training_of(stage);
  if (!training || training->finished.empty()) return disk(stage, model);
  double epochs = 1;
  for (const auto& text : training->finished)
    if (const auto rule = train::keep_rule(text)) {
      if (rule->every > 0) epochs += static_cast<double>(stage.epochs / rule->every);
      if (rule->bound) epochs += 1;
    }
  return std::min(disk(stage, model), model.parameters * 4 * (epochs + 2));
}

}  // namespace

std::vector<Price> prices(const Plan& plan, const std::filesystem::path& stages_folder,
                          std::optional<double> teraflops) {
  std::map<std::string, double> rates;  // pairs per second by kind of work
  std::vector<Price> result(plan.stages.size());
  for (std::size_t i = 0; i < result.size(); ++i) {
    const auto& stage = plan.file.stages[i];
    const auto status = core::read_status(stages_folder / stage.id);
    if (!status) continue;
    const bool done = status->state == core::StageState::kDone;
    result[i].exists = done && status->evaluation == stage.evaluation;
    if (status->pairs_per_second > 0) rates[work_kind(plan.stages[i])] = status->pairs_per_second;
  }
  ModelCosts models;
  for (std::size_t i = 0; i < result.size(); ++i) {
    const auto& stage = plan.stages[i];
    auto& price = result[i];
    if (stage.kind == Kind::kPoison) {
      price.hours = 0;
      continue;
    }
    const auto& model = models.of(*stage.config);
    price.flops = flops(stage, model);
    price.disk_bytes = static_cast<std::uint64_t>(disk(stage, model));
    price.kept_bytes = static_cast<std::uint64_t>(kept(stage, model));
    if (teraflops)
      price.hours = price.flops / (*teraflops * 1e12) / 3600;
    else if (const auto rate = rates.find(work_kind(stage)); rate != rates.end())
      price.hours = static_cast<double>(stage.samples) / rate->second / 3600;
  }
  return result;
}

double critical_path(const Plan& plan, const std::vector<Price>& prices) {
  std::map<std::string, double> end;
  double longest = 0;
  for (std::size_t i = 0; i < prices.size(); ++i) {
    const auto& stage = plan.stages[i];
    const double start = stage.parent.empty() ? 0 : end[stage.parent];
    const double own = prices[i].exists ? 0 : std::max(0.0, prices[i].hours);
    longest = std::max(longest, end[stage.id] = start + own);
  }
  return longest;
}

}  // namespace theriac::experiment
