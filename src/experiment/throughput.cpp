#include "experiment/throughput.h"

#include <algorithm>
#include <thread>

#include "theriac/config/document.h"
#include "theriac/core/log.h"
#include "theriac/train/device.h"
#include "theriac/train/step.h"

namespace theriac::experiment {
namespace {
constexpr std::int64_t kWarmup = 1, kSteps = 3;
}

std::string model_kind(const Stage& stage) {
  auto model = stage.config->model.resolved();
  return config::to_json(model).dump();
}

std::string step_kind(const Stage& stage) {
  const auto& training = *training_of(stage);
  return nlohmann::json({model_kind(stage), training.batch_size, training.accumulation,
                         static_cast<int>(training.precision)})
      .dump();
}

std::int64_t vocabulary(const ExperimentConfig& config) {
  return choice_json(config.tokenizer).value("vocabulary", std::int64_t{49408});
}

// A CPU runs one stage a core, one thread each: small models gain nothing from a second thread
// (docs/architecture.md, "Stages side by side"). A GPU runs one stage at a time; those of one node
// share its cores.
SideBySide side_by_side(const Plan& plan, int jobs, const std::string& device) {
  SideBySide result;
  const std::string name = !device.empty()       ? device
                           : plan.stages.empty() ? "auto"
                                                 : plan.stages.front().config->device;
  result.devices = train::devices(name);
  const bool cpu = result.devices.front() == "cpu";
  const int cores = std::max(1u, std::thread::hardware_concurrency());
  result.jobs = jobs > 0 ? jobs : cpu ? cores : static_cast<int>(result.devices.size());
  std::map<std::string, int> width;
  for (const auto& stage : plan.stages) ++width[stage.parent];
  int widest = 1;
  for (const auto& [parent, children] : width) widest = std::max(widest, children);
  // By the whole plan, not by what is left of it: the number of threads decides the last bits.
  result.jobs = std::min(result.jobs, std::max(widest, static_cast<int>(plan.file.cells.size())));
  result.threads = std::max(1, cores / result.jobs);
  return result;
}

Throughput finished_throughput(const Plan& plan, const std::filesystem::path& stages_folder) {
  struct Sum {
    double pictures = 0, seconds = 0;
  };
  std::map<std::string, Sum> evaluations;
  Throughput result;
  for (const auto& stage : plan.stages) {
    const auto status = core::read_status(stages_folder / stage.id);
    if (!status) continue;
    if (status->pairs_per_second > 0) result.pairs[work_kind(stage)] = status->pairs_per_second;
    if (status->state != core::StageState::kDone || status->evaluation_seconds <= 0) continue;
    auto& sum = evaluations[model_kind(stage)];
    sum.pictures += static_cast<double>(stage.evaluated);
    sum.seconds += status->evaluation_seconds;
  }
  for (const auto& [kind, sum] : evaluations)
    if (sum.pictures > 0) result.pictures[kind] = sum.pictures / sum.seconds;
  return result;
}

void measure_throughput(const Plan& plan, const SideBySide& machine, Throughput& throughput) {
  const auto device = train::resolve_device(machine.devices.front());
  train::set_threads(machine.threads);
  for (const auto& stage : plan.stages) {
    const auto* training = training_of(stage);
    if (!training || throughput.pairs.contains(work_kind(stage))) continue;
    const std::string kind = step_kind(stage);
    if (throughput.teraflops.contains(kind)) continue;
    train::StepBench bench;
    bench.model = stage.config->model;
    bench.vocabulary = vocabulary(*stage.config);
    bench.caption_tokens = bench.model.resolved_context();
    bench.train.batch_size = training->batch_size;
    bench.train.accumulation = training->accumulation;
    bench.train.precision = training->precision;
    bench.device = device;
    bench.warmup = kWarmup;
    bench.steps = kSteps;
    core::info("measuring {} steps of {} pairs, like those of {}", kSteps, training->batch_size,
               stage.id);
    throughput.teraflops[kind] = train::measure_step(bench).teraflops;
  }
}

}  // namespace theriac::experiment
