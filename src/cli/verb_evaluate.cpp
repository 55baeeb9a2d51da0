#include <fmt/format.h>

#include <algorithm>
#include <cstdio>
#include <nlohmann/json.hpp>

#include "cli/checkpoint_experiment.h"
#include "cli/verb.h"
#include "theriac/core/error.h"
#include "theriac/core/files.h"
#include "theriac/evaluate/session.h"
#include "theriac/train/device.h"

namespace theriac::cli {

namespace {

struct EvaluateState {
  std::string checkpoint, file, device = "auto", out;
  std::vector<std::string> sets;
  bool json = false;
};

int evaluate_checkpoint(const EvaluateState& s) {
  const auto loaded = load_model(s.checkpoint);
  const auto config = experiment_of(s.checkpoint, s.file, s.sets, "evaluate", "data and evaluate");
  if (config.evaluate.empty()) throw Error("evaluate: the experiment names no metrics");
  experiment::DataCache cache;
  experiment::Workspace workspace(config, cache);
  evaluate::SessionOptions options;
  options.workers = config.loader.workers;
  options.max_bad_fraction = config.loader.max_bad_fraction;
  options.cache_mib = 0;
  options.seed = config.evaluation_seed();
  evaluate::Session session(workspace.evaluation_data(),
                            attack_of(loaded, workspace, !s.file.empty()), options,
                            train::resolve_device(s.device));
  session.set_model(loaded.model, loaded.tokenizer, loaded.loaded.hash, loaded.loaded.state.epoch,
                    loaded.loaded.state.step);
  const auto records = evaluate::evaluate(config.evaluate, session);
  if (!s.out.empty()) {
    std::string lines;
    for (const auto& record : records) lines += nlohmann::json(record).dump() + "\n";
    core::write_file(s.out, lines);
  }
  if (s.json) {
    fmt::print("{}\n", nlohmann::json(records).dump(1));
    return 0;
  }
  std::size_t width = 26;
  for (const auto& r : records) width = std::max(width, r.metric.size());
  fmt::print("{:<{}} {:<12} {:>7}  {:>15}  {:>7}\n", "metric", width, "data", "value",
             "95 % interval", "n");
  for (const auto& r : records)
    fmt::print("{:<{}} {:<12} {:>7.2f}  {:>15}  {:>7}\n", r.metric, width, r.data, r.value,
               fmt::format("[{:.2f}, {:.2f}]", r.low, r.high), r.n);
  return 0;
}

}  // namespace

Verb evaluate_verb() {
  auto s = std::make_shared<EvaluateState>();
  return {"evaluate",
          "metrics of any checkpoint; data and protocol from FILE, else from its own stage",
          "theriac evaluate runs/stages/clean-9c14d07b63fe/checkpoints/epoch-0008",
          {{"CHECKPOINT", "a checkpoint's or a stage's folder", &s->checkpoint, true, {}},
           {"FILE", "experiment file with data, poison and evaluate", &s->file, false, {}},
           {"--set", "change one setting: a.b=c (repeatable)", &s->sets, false, {}},
           {"--device", "auto, cpu, cuda or cuda:N", &s->device, false, {}},
           {"--out", "write the records to this file as well (JSON lines)", &s->out, false, {}},
           {"--json", "for programs", &s->json, false, {}}},
          [s] { return evaluate_checkpoint(*s); },
          {},
          false,
          s};
}

}  // namespace theriac::cli
