#include "cli/checkpoint_places.h"

#include <map>
#include <set>

#include "cli/checkpoint_experiment.h"
#include "theriac/core/error.h"
#include "theriac/core/run.h"

namespace theriac::cli {

namespace {

namespace fs = std::filesystem;

// The label that an experiment beside the stages gives to this one, or its id.
std::string label_of(const fs::path& stage) {
  const auto id = stage.filename().string();
  std::error_code ignored;
  for (const auto& entry : fs::directory_iterator(stage.parent_path().parent_path(), ignored)) {
    if (!fs::is_regular_file(entry.path() / "plan.json")) continue;
    try {
      const auto plan = core::read_plan(entry.path());
      if (const auto* found = plan.find(id)) return found->label;
    } catch (const Error&) {  // of another version: its labels are not needed
    }
  }
  return id;
}

void name_runs(std::vector<Place>& places) {
  std::map<std::string, std::set<fs::path>> stages;  // by label
  for (auto& place : places) {
    place.run = place.stage.empty() ? place.folder.filename().string() : label_of(place.stage);
    stages[place.run].insert(place.stage);
  }
  for (auto& place : places)
    if (stages[place.run].size() > 1) place.run += " (" + place.stage.filename().string() + ")";
}

}  // namespace

std::string Place::name() const {
  return (stage.empty() ? folder : stage.filename() / folder.filename()).string();
}

Named sorted_out(const std::vector<std::string>& paths, const std::string& verb) {
  Named result;
  std::set<fs::path> seen;
  const auto add = [&](const fs::path& folder) {
    const auto whole = fs::weakly_canonical(folder);
    if (seen.insert(whole).second)
      result.checkpoints.push_back({whole, stage_of(whole.string()), ""});
  };
  for (const auto& path : paths) {
    const auto ending = fs::path(path).extension();
    const bool written = ending == ".yaml" || ending == ".yml" || ending == ".json";
    if (!fs::is_directory(path) && (written || fs::is_regular_file(path))) {
      if (!result.file.empty())
        throw Error(verb + ": " + result.file + " and " + path +
                    " are both files; give folders of checkpoints, and at most one experiment "
                    "file");
      result.file = path;
      continue;
    }
    const auto newest = checkpoint_folder(path);
    std::vector<fs::path> kept;
    if (fs::is_directory(fs::path(path) / "checkpoints"))
      kept = checkpoint::epochs(fs::path(path) / "checkpoints");
    if (kept.empty()) kept = {newest};
    for (const auto& folder : kept) add(folder);
  }
  if (result.checkpoints.empty())
    throw Error(verb + ": no checkpoint is named, only the experiment file " + result.file +
                "; give the folder of a checkpoint or of a stage, for example "
                "runs/stages/pretrain-5bd0e1aa94c2");
  name_runs(result.checkpoints);
  return result;
}

}  // namespace theriac::cli
