#include "theriac/experiment/stage_run.h"

#include <algorithm>
#include <thread>

#include "experiment/provenance.h"
#include "experiment/records.h"
#include "experiment/stage_cache.h"
#include "experiment/status.h"
#include "experiment/training_stage.h"
#include "theriac/config/document.h"
#include "theriac/core/error.h"
#include "theriac/core/files.h"
#include "theriac/core/log.h"
#include "theriac/experiment/contact_sheet.h"
#include "theriac/experiment/stage.h"
#include "theriac/experiment/sweep.h"
#include "theriac/train/device.h"

namespace theriac::experiment {

namespace fs = std::filesystem;

namespace {

constexpr int kSheetRows = 12;

Stage find_stage(const std::shared_ptr<const ExperimentConfig>& config, const std::string& id,
                 DataCache& cache) {
  Workspace workspace(*config, cache);
  for (auto& stage : make_chain(config, workspace))
    if (stage.id == id) return std::move(stage);
  throw Error("stage " + id +
              ": the data or the program changed since the plan was made, or a setting of this "
              "machine (--local) names other data; run the experiment again to plan it anew");
}

void run_poison(const fs::path& folder, const Stage& stage, DataCache& cache) {
  Workspace workspace(*stage.config, cache);
  const auto plan = workspace.plan();
  const auto trigger = stage.config->poison->trigger->build();
  core::write_file(folder / "manifest.json", poison::to_json(*plan).dump(1) + "\n");
  const auto sheet = contact_sheet(
      *workspace.source("train"), *plan, *trigger, *stage.config->loader.views->build(),
      static_cast<int>(stage.config->model.resolved_image_size()), kSheetRows);
  const auto png = data::encode_png(sheet);
  core::write_file(folder / "contact_sheet.png",
                   {reinterpret_cast<const char*>(png.data()), png.size()});
}

void work(const fs::path& stages, const fs::path& folder, const Stage& stage, StageCache& cache,
          StatusFile& status, const StageOptions& options) {
  if (stage.kind == Kind::kPoison) {
    run_poison(folder, stage, cache.data);
    return;
  }
  const torch::Device device = train::resolve_device(options.device);
  const int threads =
      options.threads > 0 ? options.threads : static_cast<int>(std::thread::hardware_concurrency());
  train::set_threads(threads);
  core::write_file(folder / "provenance.json",
                   provenance(stage, train::describe_device(device), threads).dump(1) + "\n");
  TrainingStage(stages, stage, cache, status, device).run();
}

}  // namespace

void run_stage(const fs::path& stages, const std::string& id, const StageOptions& options,
               StageCache& cache) {
  const fs::path folder = stages / id;
  core::HeldFolder held(folder);
  const auto lock = core::FileLock::acquire(folder / "lock", [](const std::string& holder) {
    core::info("waiting: {} works on this stage", holder);
  });
  held.watch(folder / "lock");
  core::LogFile log(folder / "log.txt");
  auto document = config::Document::load(folder / "config.resolved.yaml");
  for (const auto& assignment : options.local) document.set(assignment);
  const auto config = std::make_shared<const ExperimentConfig>(read_config(document));
  const Stage stage = find_stage(config, id, cache.data);
  core::info("{}: {} epoch(s), {} steps", id, stage.epochs, stage.steps);
  StatusFile status(folder, id, word(stage.kind));
  status.value.epochs = stage.epochs;
  status.value.steps = stage.steps;
  status.write();
  try {
    warn_of_damage(folder);
    work(stages, folder, stage, cache, status, options);
    Workspace workspace(*stage.config, cache.data);
    status.value.evaluation = stage.kind == Kind::kPoison ? "" : evaluation_id(workspace);
    status.finish(core::StageState::kDone);
    core::info("done");
  } catch (const Interrupted& stop) {
    status.finish(core::StageState::kInterrupted, stop.what());
    throw;
  } catch (const std::exception& error) {
    core::log(core::Level::kError, error.what());
    status.finish(core::StageState::kFailed, error.what());
    throw;
  }
}

}  // namespace theriac::experiment
