#include "theriac/experiment/config.h"

#include <algorithm>

#include "theriac/core/random.h"

namespace theriac::experiment {

void DataConfig::describe(config::Fields& f) {
  f.component("train", train, "pairs for pre-training");
  f.component("cleaning", cleaning, "clean pairs that the defender has");
  f.component("validation", validation, "labelled images on which choices are made");
  f.component("test", test, "labelled images on which results are reported");
  f.component("held_out", held_out, "labelled images from another distribution, reported beside");
  f.named_components("extra", extra, &data::table,
                     "further sets (labelled or pairs), for metrics that name them");
  f.value("limit", limit, "use at most this many samples of each set, evenly spaced", {1, 1e12});
}

void PretrainConfig::describe(config::Fields& f) {
  f.path(
      "from", from,
      "folder of a checkpoint (`theriac import` makes one) to train on from, with the same model "
      "and tokenizer; default: from scratch");
  train::TrainConfig::describe(f);
}

void ExperimentConfig::describe(config::Fields& f) {
  f.value("name", name, "name of the experiment and of its folder; default: the file's name");
  f.value("seed", seed, "poison, pretrain and clean derive theirs from it", {0, 9e15});
  f.value("device", device, "auto, cpu, cuda or cuda:N");
  f.section("data", data, "the data sets");
  f.component("tokenizer", tokenizer, "text to ids");
  f.section("model", model, "the dual encoder");
  f.section("loader", loader, "how samples become batches");
  f.section("poison", poison,
            "the attack; without it nothing is poisoned and no attack is measured");
  f.section("pretrain", pretrain, "training on data.train, poisoned");
  f.component_or_list("clean", clean, &clean::table,
                      "the defence, on data.cleaning; a list is a pipeline", "fine_tune");
  f.components("evaluate", evaluate, &evaluate::table, "what is measured after each epoch");
  f.choice("selection", selection, "where choices (best epoch, best value of a sweep) are made",
           {{"validation", Selection::kValidation}, {"test", Selection::kTest}});
}

void ExperimentConfig::check(config::Problems& problems) const {
  const bool stages = pretrain || !clean.empty();
  if (!stages && !poison)
    problems.add("pretrain", "nothing to do: give at least one of poison, pretrain, clean");
  if ((pretrain || poison) && !data.train)
    problems.add("data.train", "missing; poison and pretrain work on it");
  if (!clean.empty() && !data.cleaning) problems.add("data.cleaning", "missing; clean works on it");
  if (!clean.empty() && !pretrain && !clean[0]->from.is_file())
    problems.add("clean.from.checkpoint",
                 "without a pretrain section, name the folder of a checkpoint to clean");
  std::size_t losses = 0;
  for (const auto& metric : evaluate)
    if (metric.type == "validation_loss") losses += metric->data_sets().size();
  const bool best = std::any_of(clean.begin(), clean.end(),
                                [](const auto& cleaner) { return cleaner->from.is_best(); });
  if (best && losses != 1)
    problems.add("clean.from.checkpoint",
                 losses == 0 ? "best_validation_loss is not measured; add {type: validation_loss} "
                               "to evaluate"
                             : "best_validation_loss is measured on several data sets; name one of "
                               "them in `data` of evaluate's validation_loss");
  if (evaluate.empty()) return;
  if (selection == Selection::kValidation && !data.validation && data.test && stages)
    problems.add("selection",
                 "choices are made on data.validation, which is missing; add it, or "
                 "say `selection: test` as the paper did");
  if (!data.validation && !data.test && !data.held_out && data.extra.empty())
    problems.add("evaluate", "there is no data to evaluate on; add data.test");
}

namespace {
std::uint64_t seed_of(const std::optional<std::int64_t>& own, std::int64_t root,
                      const std::string& name) {
  return own ? static_cast<std::uint64_t>(*own)
             : core::derive_seed(static_cast<std::uint64_t>(root), name);
}
}  // namespace

std::uint64_t ExperimentConfig::poison_seed() const {
  return seed_of(poison ? poison->seed : std::nullopt, seed, "poison");
}
std::uint64_t ExperimentConfig::pretrain_seed() const {
  return seed_of(pretrain ? pretrain->seed : std::nullopt, seed, "pretrain");
}
std::uint64_t ExperimentConfig::clean_seed(std::size_t cleaner) const {
  const train::TrainConfig* training = clean[cleaner]->training();
  const std::string purpose = cleaner == 0 ? "clean" : "clean " + std::to_string(cleaner);
  return seed_of(training ? training->seed : std::nullopt, seed, purpose);
}
std::uint64_t ExperimentConfig::evaluation_seed() const {
  return seed_of(std::nullopt, seed, "evaluate");
}

}  // namespace theriac::experiment
