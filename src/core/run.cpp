#include "theriac/core/run.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <fstream>
#include <set>

#include "theriac/core/error.h"
#include "theriac/core/files.h"
#include "theriac/core/text.h"

namespace theriac::core {

using nlohmann::json;

namespace {

constexpr const char* kStates[] = {"waiting", "running", "done", "failed", "interrupted"};

template <class T>
void put(json& j, const char* key, const std::optional<T>& value) {
  if (value) j[key] = *value;
}

template <class T>
void get(const json& j, const char* key, std::optional<T>& value) {
  if (j.contains(key) && !j[key].is_null()) value = j[key].get<T>();
}

void check_version(int version) {
  if (version != kRunVersion)
    throw Error("run folder: written by another version of Theriac (format " +
                std::to_string(version) + ", this one reads " + std::to_string(kRunVersion) +
                "); use that version, or choose another folder with --runs DIR");
}

template <class T>
T read_json(const fs::path& path) {
  try {
    return json::parse(read_file(path)).get<T>();
  } catch (const json::exception& error) {
    throw Error("run folder: " + path.string() + " is damaged (" + error.what() +
                "); run the experiment again to write it anew");
  }
}

}  // namespace

std::string word(StageState state) { return kStates[static_cast<int>(state)]; }

std::string rates_text(const StageStatus& status) {
  if (!status.accuracy && !status.attack_success) return "";
  std::string text = status.measured_on.empty() ? " " : "  " + status.measured_on + ":";
  if (status.accuracy) text += fmt::format(" accuracy {:4.1f}", *status.accuracy);
  if (status.accuracy && status.attack_success) text += " ";
  if (status.attack_success) text += fmt::format(" ASR {:5.1f}", *status.attack_success);
  return text;
}

void to_json(json& j, const StageStatus& s) {
  j = {{"version", s.version},
       {"id", s.id},
       {"kind", s.kind},
       {"state", word(s.state)},
       {"epoch", s.epoch},
       {"epochs", s.epochs},
       {"step", s.step},
       {"steps", s.steps},
       {"pairs_per_second", s.pairs_per_second},
       {"eta_seconds", s.eta_seconds},
       {"loss", s.loss},
       {"bad", s.bad},
       {"measured_on", s.measured_on},
       {"evaluation", s.evaluation},
       {"error", s.error},
       {"host", s.host},
       {"pid", s.pid},
       {"started", s.started},
       {"updated", s.updated},
       {"seconds", s.seconds},
       {"training_seconds", s.training_seconds},
       {"evaluation_seconds", s.evaluation_seconds}};
  put(j, "accuracy", s.accuracy);
  put(j, "attack_success", s.attack_success);
}

void from_json(const json& j, StageStatus& s) {
  s.version = j.at("version");
  check_version(s.version);
  s.id = j.at("id");
  s.kind = j.at("kind");
  const std::string state = j.at("state");
  for (int i = 0; i < 5; ++i)
    if (state == kStates[i]) s.state = static_cast<StageState>(i);
  s.epoch = j.at("epoch");
  s.epochs = j.at("epochs");
  s.step = j.at("step");
  s.steps = j.at("steps");
  s.pairs_per_second = j.at("pairs_per_second");
  s.eta_seconds = j.at("eta_seconds");
  s.loss = j.at("loss").is_null() ? 0 : j.at("loss").get<double>();
  s.bad = j.at("bad").get<std::map<std::string, std::int64_t>>();
  s.evaluation = j.value("evaluation", "");
  s.measured_on = j.value("measured_on", "");
  s.error = j.at("error");
  s.host = j.at("host");
  s.pid = j.at("pid");
  s.started = j.at("started");
  s.updated = j.at("updated");
  s.seconds = j.at("seconds");
  s.training_seconds = j.value("training_seconds", 0.0);
  s.evaluation_seconds = j.value("evaluation_seconds", 0.0);
  get(j, "accuracy", s.accuracy);
  get(j, "attack_success", s.attack_success);
}

namespace {

json stage_json(const PlanStage& s) {
  return {{"id", s.id},           {"kind", s.kind},         {"parent", s.parent},
          {"label", s.label},     {"epochs", s.epochs},     {"steps", s.steps},
          {"samples", s.samples}, {"settings", s.settings}, {"evaluation", s.evaluation},
          {"alike", s.alike}};
}

PlanStage stage_from(const json& j) {
  return {j.at("id"),         j.at("kind"),        j.at("parent"),  j.at("label"),
          j.at("epochs"),     j.at("steps"),       j.at("samples"), j.at("settings"),
          j.at("evaluation"), j.value("alike", "")};
}

json expectation_json(const Expectation& e) {
  json j = {{"stage", e.stage},   {"cell", e.cell}, {"metric", e.metric}, {"data", e.data},
            {"source", e.source}, {"at", e.at},     {"bound", e.bound}};
  put(j, "at_least", e.at_least);
  put(j, "at_most", e.at_most);
  put(j, "value", e.value);
  put(j, "tolerance", e.tolerance);
  return j;
}

Expectation expectation_from(const json& j) {
  Expectation e;
  e.stage = j.at("stage");
  e.cell = j.at("cell").get<std::map<std::string, std::string>>();
  e.metric = j.at("metric");
  e.data = j.at("data");
  e.source = j.at("source");
  e.at = j.at("at");
  e.bound = j.at("bound");
  get(j, "at_least", e.at_least);
  get(j, "at_most", e.at_most);
  get(j, "value", e.value);
  get(j, "tolerance", e.tolerance);
  return e;
}

}  // namespace

void to_json(json& j, const PlanFile& p) {
  j = {{"version", p.version},
       {"name", p.name},
       {"file", p.file},
       {"theriac_version", p.theriac_version},
       {"selection_data", p.selection_data},
       {"report_data", p.report_data},
       {"target", p.target}};
  j["axes"] = j["cells"] = j["stages"] = j["expect"] = json::array();
  for (const auto& axis : p.axes)
    j["axes"].push_back({{"name", axis.name},
                         {"key", axis.key},
                         {"values", axis.values},
                         {"replicates", axis.replicates()}});
  for (const auto& cell : p.cells)
    j["cells"].push_back({{"values", cell.values}, {"stages", cell.stages}});
  for (const auto& stage : p.stages) j["stages"].push_back(stage_json(stage));
  for (const auto& expectation : p.expect) j["expect"].push_back(expectation_json(expectation));
}

void from_json(const json& j, PlanFile& p) {
  p.version = j.at("version");
  check_version(p.version);
  p.name = j.at("name");
  p.file = j.at("file");
  p.theriac_version = j.at("theriac_version");
  p.selection_data = j.at("selection_data");
  p.report_data = j.at("report_data");
  p.target = j.at("target");
  for (const auto& axis : j.at("axes"))
    p.axes.push_back(
        {axis.at("name"), axis.at("key"), axis.at("values"), axis.value("replicates", false)});
  for (const auto& cell : j.at("cells")) p.cells.push_back({cell.at("values"), cell.at("stages")});
  for (const auto& stage : j.at("stages")) p.stages.push_back(stage_from(stage));
  for (const auto& expectation : j.at("expect")) p.expect.push_back(expectation_from(expectation));
}

void to_json(json& j, const StepMetrics& m) {
  j = {{"step", m.step},
       {"epoch", m.epoch},
       {"loss", m.loss},
       {"learning_rate", m.learning_rate},
       {"logit_scale", m.logit_scale},
       {"pairs_per_second", m.pairs_per_second}};
  if (!m.parts.empty()) j["parts"] = m.parts;
}

void from_json(const json& j, StepMetrics& m) {
  m.step = j.at("step");
  m.epoch = j.at("epoch");
  m.loss = j.at("loss").is_null() ? std::nan("") : j.at("loss").get<double>();
  m.learning_rate = j.at("learning_rate");
  m.logit_scale = j.at("logit_scale");
  m.pairs_per_second = j.at("pairs_per_second");
  if (j.contains("parts")) m.parts = j["parts"].get<std::map<std::string, double>>();
}

std::string value_text(const std::string& axis, const std::string& value) {
  static const std::set<std::string> no_names = {"true", "false", "null", "yes", "no",
                                                 "on",   "off",   "inf",  "nan"};
  const bool number = value.find_first_of("0123456789+-.") == 0;
  if (!value.empty() && !number && value.find('=') == std::string::npos &&
      !no_names.contains(lower_ascii(value)))
    return value;
  std::string words = axis;
  std::replace(words.begin(), words.end(), '_', ' ');
  return words + " " + value;
}

std::string PlanCell::name() const {
  std::string result;
  for (const auto& [axis, value] : values)
    result += (result.empty() ? "" : ", ") + value_text(axis, value);
  return result.empty() ? "the experiment" : result;
}

const PlanStage* PlanFile::find(const std::string& id) const {
  for (const auto& stage : stages)
    if (stage.id == id) return &stage;
  return nullptr;
}

PlanFile read_plan(const fs::path& folder) {
  if (!fs::exists(folder / "plan.json"))
    throw Error("run folder: " + folder.string() +
                " holds no experiment (no plan.json); name a folder that `theriac run` wrote, for "
                "example runs/quickstart");
  return read_json<PlanFile>(folder / "plan.json");
}

double seconds_left(const StageStatus& s) {
  if (s.step <= 0 || s.training_seconds <= 0) return -1;
  const double step = s.training_seconds / static_cast<double>(s.step);
  const double evaluation =
      s.evaluation_seconds / static_cast<double>(std::max<std::int64_t>(1, s.epoch));
  return step * static_cast<double>(std::max<std::int64_t>(0, s.steps - s.step)) +
         evaluation * static_cast<double>(std::max<std::int64_t>(0, s.epochs - s.epoch));
}

std::optional<StageStatus> read_status(const fs::path& folder) {
  if (!fs::exists(folder / "status.json")) return std::nullopt;
  try {
    return json::parse(read_file(folder / "status.json")).get<StageStatus>();
  } catch (const json::exception&) {
    return std::nullopt;
  }
}

bool is_finished(const fs::path& folder, const std::string& evaluation) {
  const auto status = read_status(folder);
  return status && status->state == StageState::kDone && status->evaluation == evaluation;
}

std::vector<StepMetrics> read_metrics(const fs::path& folder) {
  std::vector<StepMetrics> result;
  std::ifstream file(folder / "metrics.jsonl");
  for (std::string line; std::getline(file, line);) {
    const json j = json::parse(line, nullptr, false);
    if (!j.is_discarded()) result.push_back(j.get<StepMetrics>());
  }
  return result;
}

}  // namespace theriac::core
