#include <ctime>

#include "theriac/config/document.h"
#include "theriac/core/files.h"
#include "theriac/experiment/runner.h"

namespace theriac::experiment {

namespace fs = std::filesystem;

namespace {

std::string timestamp() {
  char when[32] = {};
  const std::time_t now = std::time(nullptr);
  std::strftime(when, sizeof when, "%Y%m%dT%H%M%SZ", std::gmtime(&now));
  return when;
}

// Several runs may begin in one second.
fs::path unused(const fs::path& path) {
  fs::path result = path;
  for (int i = 2; fs::exists(result); ++i) result = path.string() + "-" + std::to_string(i);
  return result;
}

// The experiment's file with every default written out: the chain without the sweep's patches, and
// each cell's differences from it as a comment.
std::string resolved(const Sweep& sweep) {
  std::string text;
  for (const auto& cell : sweep.cells) {
    text += "# cell";
    for (const auto& [axis, value] : cell.values) text += " " + axis + "=" + value;
    text += "\n---\n";
    auto config = read_config(cell.document);
    text += config::to_yaml(config);
  }
  return text;
}

}  // namespace

void write_experiment(const Plan& plan, const Sweep& sweep, const fs::path& folder) {
  const std::string text = resolved(sweep);
  const fs::path file = folder / "experiment.resolved.yaml";
  if (fs::exists(file) && core::read_file(file) != text) {
    const fs::path kept = unused(folder / "history" / timestamp());
    core::make_folder(kept);
    for (const char* name : {"experiment.resolved.yaml", "plan.json", "report"})
      if (fs::exists(folder / name)) fs::rename(folder / name, kept / name);
  }
  core::write_file(file, text);
  core::write_file(folder / "plan.json", nlohmann::json(plan.file).dump(1) + "\n");
}

}  // namespace theriac::experiment
