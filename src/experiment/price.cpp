// What a plan costs. FLOPs of a training stage = pairs x (pictures + captions of the views) x 3
// (forward, and twice that backward; forward only with learning rate 0), and once forward each time
// that all pairs are embedded before an epoch; of evaluation = pictures, forward.
#include <algorithm>
#include <map>

#include "experiment/throughput.h"
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

double hours(const Stage& stage, double flops, const Throughput& throughput) {
  const auto by_operations = [&](double teraflops) { return flops / (teraflops * 1e12) / 3600; };
  if (throughput.given_teraflops) return by_operations(*throughput.given_teraflops);
  const auto* training = training_of(stage);
  const bool nothing_known =
      throughput.pairs.empty() && throughput.pictures.empty() && throughput.teraflops.empty();
  if (nothing_known) return training ? -1 : 0;
  const auto pairs = throughput.pairs.find(work_kind(stage));
  if (!training || pairs != throughput.pairs.end()) {
    double seconds = training ? static_cast<double>(stage.samples) / pairs->second : 0;
    const auto pictures = throughput.pictures.find(model_kind(stage));
    if (pictures != throughput.pictures.end())
      seconds += static_cast<double>(stage.evaluated) / pictures->second;
    return seconds / 3600;
  }
  const auto measured = throughput.teraflops.find(step_kind(stage));
  return measured == throughput.teraflops.end() ? -1 : by_operations(measured->second);
}

}  // namespace

std::vector<Price> prices(const Plan& plan, const std::filesystem::path& stages_folder,
                          const Throughput& throughput) {
  ModelCosts models;
  std::vector<Price> result(plan.stages.size());
  for (std::size_t i = 0; i < result.size(); ++i) {
    const auto& stage = plan.stages[i];
    auto& price = result[i];
    price.exists = core::is_finished(stages_folder / stage.id, plan.file.stages[i].evaluation);
    if (stage.kind == Kind::kPoison) {
      price.hours = 0;
      continue;
    }
    const auto& model = models.of(*stage.config);
    price.flops = flops(stage, model);
    price.disk_bytes = static_cast<std::uint64_t>(disk(stage, model));
    price.kept_bytes = static_cast<std::uint64_t>(kept(stage, model));
    price.hours = hours(stage, price.flops, throughput);
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
