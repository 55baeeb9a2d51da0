#include <algorithm>

#include "experiment/records.h"
#include "experiment/stage_cache.h"
#include "theriac/config/document.h"
#include "theriac/core/error.h"
#include "theriac/core/files.h"
#include "theriac/experiment/stage_run.h"

namespace theriac::experiment {

namespace fs = std::filesystem;

namespace {

bool is_done(const fs::path& folder) {
  const auto status = core::read_status(folder);
  return status && status->state == core::StageState::kDone;
}

void need_parent(const Plan& plan, const fs::path& stages, const std::string& parent) {
  if (parent.empty() || is_done(stages / parent)) return;
  const auto* stage = plan.file.find(parent);
  throw Error("run: the parent " + parent + (stage ? " (" + stage->label + ")" : "") +
              " is not done in " + stages.string() + "; run it first, with --stage " + parent);
}

}  // namespace

bool run_planned_stage(const Plan& plan, const fs::path& stages, const std::string& id,
                       const StageOptions& options) {
  const auto found = std::find_if(plan.stages.begin(), plan.stages.end(),
                                  [&](const Stage& stage) { return stage.id == id; });
  if (found == plan.stages.end())
    throw Error("run: " + plan.file.file + " has no stage " + id +
                " with these settings; the file, its data or the program changed since the id was "
                "written down. `theriac plan` lists the stages");
  need_parent(plan, stages, found->parent);
  const auto& evaluation =
      plan.file.stages[static_cast<std::size_t>(found - plan.stages.begin())].evaluation;
  if (is_finished(stages / id, evaluation)) return false;
  core::make_folder(stages / id);
  auto config = *found->config;
  core::write_file(stages / id / "config.resolved.yaml", config::to_yaml(config));
  StageOptions mine = options;
  if (mine.device.empty()) mine.device = config.device;
  StageCache cache;
  run_stage(stages, id, mine, cache);
  return true;
}

}  // namespace theriac::experiment
