#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <nlohmann/json.hpp>
#include <set>

#include "cli/checkpoint_experiment.h"
#include "cli/checkpoint_places.h"
#include "cli/verb.h"
#include "theriac/analyse/study.h"
#include "theriac/config/document.h"
#include "theriac/core/error.h"
#include "theriac/core/files.h"
#include "theriac/core/interrupt.h"
#include "theriac/core/log.h"
#include "theriac/core/text.h"
#include "theriac/data/prompts.h"
#include "theriac/train/device.h"

namespace theriac::cli {

namespace {

namespace fs = std::filesystem;
using nlohmann::ordered_json;

struct AnalyseState {
  std::vector<std::string> paths, only, sets;
  std::string out, data, device = "auto";
  int samples = 500, iterations = 1000, seed = 1;
  double perplexity = std::nan("");  // not given
  bool json = false;
};

// `pca,tsne` and repeated options alike.
std::vector<std::string> split_all(const std::vector<std::string>& lists) {
  std::vector<std::string> result;
  for (const auto& list : lists)
    for (const auto& name : core::split(list, ',')) result.emplace_back(core::trim(name));
  return result;
}

std::string chosen_section(const AnalyseState& s, const experiment::Workspace& workspace) {
  if (!s.data.empty()) {
    if (workspace.has(s.data)) return s.data;
    throw Error("analyse: the experiment has no data." + s.data +
                "; it has: " + core::join(workspace.evaluation_sections(), ", ") +
                (workspace.has("train") ? ", train" : ""));
  }
  for (const char* name : {"test", "validation"})
    if (workspace.has(name)) return name;
  const auto others = workspace.evaluation_sections();
  if (others.empty())
    throw Error(
        "analyse: the experiment names no data to look at; add data.test to it, or give "
        "--data train");
  return others.front();
}

// Prompts and geometry are those by which the experiment measures the attack, else accuracy.
void follow_protocol(const experiment::ExperimentConfig& config, analyse::Options& options) {
  for (const char* type : {"attack_success", "zero_shot"})
    for (const auto& metric : config.evaluate) {
      if (metric.type != type) continue;
      const auto settings = config::to_json(*metric.section());
      options.prompts = data::templates(settings.at("prompts").get<std::vector<std::string>>());
      options.fit_articles = settings.at("articles") == "fit";
      const auto geometry = [](const nlohmann::json& value) {
        return value == "squash" ? poison::Geometry::kSquash : poison::Geometry::kCrop;
      };
      options.fit.clean = geometry(settings.at("geometry"));
      if (const auto triggered = settings.value("triggered_geometry", "as_poisoned");
          triggered != "as_poisoned")
        options.fit.triggered = geometry(triggered);
      return;
    }
}

std::string identity(const std::optional<evaluate::Attack>& attack) {
  if (!attack) return "none";
  return fmt::format("target {}, trigger {}, {}", attack->target, attack->trigger_json,
                     attack->geometry == poison::Geometry::kCrop ? "crop" : "squash");
}

// The checkpoints must have the same data and attack: numbers of different ones say nothing.
class Agreement {
 public:
  void check(const Place& place, const std::string& what, const std::string& value) {
    const auto [known, fresh] = known_.emplace(what, std::pair{place.name(), value});
    if (fresh || known->second.second == value) return;
    throw Error(fmt::format(
        "analyse: {} and {} differ in their {}: {} and {}; give an experiment FILE, whose data "
        "and attack are then used for all of them",
        known->second.first, place.name(), what, known->second.second, value));
  }

 private:
  std::map<std::string, std::pair<std::string, std::string>> known_;
};

// At most so many checkpoints in columns, evenly spaced; long names stand in a list below.
void print(const ordered_json& answer) {
  constexpr std::size_t kMostColumns = 6, kWidth = 10;
  const auto& all = answer["checkpoints"];
  std::vector<const ordered_json*> shown;
  const auto count = std::min(all.size(), kMostColumns);
  for (std::size_t i = 0; i < count; ++i)
    shown.push_back(&all[count == 1 ? 0 : i * (all.size() - 1) / (count - 1)]);
  const auto name = [](const ordered_json& c) { return c["name"].get<std::string>(); };
  const bool numbered = std::any_of(
      shown.begin(), shown.end(), [&](const ordered_json* c) { return name(*c).size() > kWidth; });
  std::vector<std::pair<std::string, std::string>> rows;
  for (const auto& c : all)
    for (const auto& [kind, numbers] : c.items()) {
      if (!numbers.is_object()) continue;
      for (const auto& [number, value] : numbers.items())
        if (const std::pair row{kind, number};
            std::find(rows.begin(), rows.end(), row) == rows.end())
          rows.push_back(row);
    }
  fmt::print("{:<12}{:<29}", "", "");
  for (std::size_t i = 0; i < shown.size(); ++i)
    fmt::print("  {:>{}}", numbered ? fmt::format("[{}]", i + 1) : name(*shown[i]), kWidth);
  fmt::print("\n");
  for (const auto& [kind, number] : rows) {
    fmt::print("{:<12}{:<29}", kind, number);
    for (const auto* c : shown) {
      const bool has = c->contains(kind) && (*c)[kind].contains(number);
      fmt::print("  {:>{}}", has ? fmt::format("{:.4g}", (*c)[kind][number].get<double>()) : "-",
                 kWidth);
    }
    fmt::print("\n");
  }
  if (numbered)
    for (std::size_t i = 0; i < shown.size(); ++i) fmt::print("[{}] {}\n", i + 1, name(*shown[i]));
  if (shown.size() < all.size())
    fmt::print("{} of {} checkpoints; numbers.csv has all\n", shown.size(), all.size());
}

analyse::Options options_of(const AnalyseState& s) {
  analyse::Options options;
  options.only = split_all(s.only);
  options.samples = s.samples;
  options.iterations = s.iterations;
  if (s.seed < 0)
    throw Error(fmt::format("analyse: seed: expected at least 0, received {}", s.seed));
  options.seed = static_cast<std::uint64_t>(s.seed);
  if (!std::isnan(s.perplexity)) options.perplexity = s.perplexity;
  analyse::check(options);
  return options;
}

bool wants_training(const analyse::Options& options) {
  return options.only.empty() ||
         std::any_of(options.only.begin(), options.only.end(), analyse::reads_training);
}

analyse::Data shown_data(const AnalyseState& s, experiment::Workspace& workspace, bool training) {
  const auto section = chosen_section(s, workspace);
  analyse::Data data;
  data.set = {section, workspace.source(section), workspace.source_id(section), false};
  if (training && workspace.has("train")) {
    data.train = workspace.source("train");
    data.train_id = workspace.source_id("train");
  }
  return data;
}

analyse::Checkpoint described(const Place& place, const CheckpointModel& loaded, bool one_run) {
  const auto& state = loaded.loaded.state;
  const auto folder = place.folder.filename().string();
  const auto point = folder.starts_with("epoch-") ? fmt::format("epoch {}", state.epoch) : folder;
  std::shared_ptr<const poison::Plan> plan;
  if (const auto& poison = loaded.loaded.card.poison; !poison.is_null())
    plan = std::make_shared<poison::Plan>(poison::plan_from_json(poison));
  return {.name = one_run ? point : place.run + ", " + point,
          .run = place.run,
          .hash = loaded.loaded.hash,
          .epoch = state.epoch,
          .step = state.step,
          .model = loaded.model,
          .tokenizer = loaded.tokenizer,
          .plan = std::move(plan)};
}

// Before any work. Checkpoints whose evaluation differs in its seed only, as those of a sweep over
// seeds, are all measured with the first one's.
void check_agreement(const AnalyseState& s, const std::vector<Place>& all,
                     const experiment::Workspace& first, experiment::DataCache& cache,
                     const analyse::Data& data) {
  Agreement agreement;
  std::set<fs::path> compared;
  std::set<std::uint64_t> seeds;
  for (const auto& place : all) {
    if (!compared.insert(place.stage).second) continue;
    const auto own = experiment_of(place.folder, "", s.sets, "analyse", "data");
    experiment::Workspace its(own, cache);
    const auto same = [&](const std::string& section) {
      agreement.check(place, "data." + section,
                      its.has(section) ? its.source_id(section) : "missing");
    };
    same(data.set.name);
    if (data.train) same("train");
    CheckpointModel card;  // of all epochs of a stage the same
    card.loaded = checkpoint::load(place.folder, false);
    agreement.check(place, "attack", identity(attack_of(card, first, false)));
    seeds.insert(own.evaluation_seed());
  }
  if (seeds.size() > 1)
    core::info(
        "the checkpoints' experiments differ in the seed of their evaluation, which places the "
        "triggers; all are measured with that of {}",
        all.front().name());
}

int analyse_checkpoints(const AnalyseState& s) {
  auto options = options_of(s);
  const auto named = sorted_out(s.paths, "analyse");
  const auto& all = named.checkpoints;
  const auto read = [&](const Place& place) {
    return experiment_of(place.folder, named.file, s.sets, "analyse", "data");
  };
  const auto config = read(all.front());
  follow_protocol(config, options);
  experiment::DataCache cache;
  experiment::Workspace workspace(config, cache);
  auto data = shown_data(s, workspace, wants_training(options));
  if (named.file.empty()) check_agreement(s, all, workspace, cache, data);
  core::make_folder(s.out);
  std::set<fs::path> stages;
  for (const auto& place : all) stages.insert(place.stage);
  std::unique_ptr<analyse::Study> study;
  for (std::size_t i = 0; i < all.size(); ++i) {
    if (core::stop_requested())
      throw Interrupted(
          fmt::format("analyse: interrupted after {} of {} checkpoints; nothing is "
                      "written",
                      i, all.size()));
    const auto loaded = load_model(all[i].folder);
    const auto attack = attack_of(loaded, workspace, !named.file.empty());
    if (!study) {
      data.attack = attack;
      evaluate::SessionOptions session;
      session.workers = config.loader.workers;
      session.max_bad_fraction = config.loader.max_bad_fraction;
      session.seed = config.evaluation_seed();
      study =
          std::make_unique<analyse::Study>(data, options, session, train::resolve_device(s.device));
    }
    core::info("{} ({} of {})", all[i].name(), i + 1, all.size());
    study->add(described(all[i], loaded, stages.size() == 1));
  }
  auto answer = study->write(s.out);
  for (std::size_t i = 0; i < all.size(); ++i)
    answer["checkpoints"][i]["folder"] = all[i].folder.string();
  if (s.json)
    fmt::print("{}\n", answer.dump(1));
  else
    print(answer);
  core::info("{} files in {}", answer["files"].size(), s.out);
  return 0;
}

std::string only_doc() {
  std::string result = "only these, separated by commas:";
  for (const auto& [name, doc] : analyse::kinds()) result += "\n" + name + ": " + doc;
  return result;
}

}  // namespace

Verb analyse_verb() {
  auto s = std::make_shared<AnalyseState>();
  return {
      "analyse",
      "figures and numbers of checkpoints' embeddings: projections, modality gap, "
      "similarities, rank of the poison, confusion",
      "theriac analyse runs/stages/pretrain-5bd0e1aa94c2 --out analysis",
      {{"CHECKPOINT",
        "checkpoints' folders (a stage's folder means all epochs that it kept), and, where data "
        "and attack are not to be the checkpoint's own, an experiment FILE",
        &s->paths,
        true,
        {}},
       {"--out", "folder to write to", &s->out, true, {}},
       {"--only", only_doc(), &s->only, false, {}},
       {"--data",
        "section of the data to look at; default: test, else validation",
        &s->data,
        false,
        {}},
       {"--samples",
        "at most so many images, and pairs of each kind, one from each of equal spans",
        &s->samples,
        false,
        {}},
       {"--perplexity",
        "of t-SNE; default: 30, or for few points a tenth of them",
        &s->perplexity,
        false,
        {}},
       {"--iterations", "of t-SNE", &s->iterations, false, {}},
       {"--seed", "of t-SNE", &s->seed, false, {}},
       {"--set", "change one setting: a.b=c (repeatable)", &s->sets, false, {}},
       {"--device", "auto, cpu, cuda or cuda:N", &s->device, false, {}},
       {"--json", "for programs", &s->json, false, {}}},
      [s] { return analyse_checkpoints(*s); },
      {},
      false,
      s};
}

}  // namespace theriac::cli
