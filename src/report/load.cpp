#include "report/load.h"

#include <algorithm>
#include <cstdlib>
#include <map>
#include <nlohmann/json.hpp>
#include <numeric>
#include <set>
#include <string_view>
#include <tuple>

#include "theriac/core/error.h"
#include "theriac/core/text.h"

namespace theriac::report {

using nlohmann::json;

namespace {

constexpr std::size_t kMostTriggers = 3;  // named where all of a sweep are listed

Stage load_stage(const core::PlanStage& plan, const std::filesystem::path& folder, Names& names,
                 std::vector<std::string>& problems) {
  Stage stage;
  std::vector<core::Record> records;
  stage.plan = plan;
  stage.folder = folder;
  const auto attempt = [&](const char* what, auto&& read) {
    try {
      read();
    } catch (const std::exception& error) {
      problems.push_back(plan.id + ": " + what + " left out: " + error.what());
    }
  };
  attempt("status.json", [&] {
    const auto status = core::read_status(folder);
    if (!status && std::filesystem::exists(folder / "status.json"))
      throw Error("it is damaged; run the experiment again to write it anew");
    stage.status = status.value_or(stage.status);
  });
  attempt("metrics.jsonl", [&] { stage.metrics = core::read_metrics(folder); });
  attempt("records.jsonl", [&] {
    const auto path = folder / "records.jsonl";
    if (!std::filesystem::exists(path)) return;
    const bool runs = stage.status.state == core::StageState::kRunning;
    auto file = core::read_records(path.string(),
                                   runs ? core::LastLine::kMayBeWritten : core::LastLine::kIsWhole);
    if (!file.damage.empty())
      problems.push_back(file.damage_text() +
                         ": left out, the other lines are used; run the experiment again to "
                         "measure what is missing");
    records = std::move(file.records);
  });
  // Rows of an earlier `evaluate` section stay in the file; show the plan's where it has any.
  const auto current = [&](const core::Record& r) { return r.protocol_id == plan.evaluation; };
  const bool any = std::any_of(records.begin(), records.end(), current);
  const auto shown = any ? std::count_if(records.begin(), records.end(), current)
                         : static_cast<std::ptrdiff_t>(records.size());
  stage.records.reserve(static_cast<std::size_t>(shown));
  for (const auto& record : records)
    if (!any || current(record)) stage.records.emplace_back(record, names);
  stage.make_index();
  return stage;
}

// The first number called `key`, at any depth.
std::optional<double> find_number(const json& settings, const std::string& key) {
  if (settings.is_object() && settings.contains(key) && settings[key].is_number())
    return settings[key].get<double>();
  if (settings.is_structured())
    for (const auto& child : settings)
      if (const auto found = find_number(child, key)) return found;
  return std::nullopt;
}

std::string words(std::string name) {
  std::replace(name.begin(), name.end(), '_', ' ');
  return name;
}

// What a cell starts cleaning from: the id of its last pre-training stage, or "".
std::string model_of(const Cell& cell) {
  const Stage* stage = cell.last("pretrain");
  return stage ? stage->plan.id : "";
}

using Values = std::vector<std::pair<std::string, std::string>>;

// An axis belongs to cleaning when it varies among the cells of one pre-trained model.
std::set<std::string> find_cleaning_axes(const std::vector<Cell>& cells,
                                         const std::vector<core::PlanCell>& plan) {
  std::map<std::pair<std::string, std::string>, std::set<std::string>> seen;
  for (std::size_t i = 0; i < cells.size(); ++i)
    for (const auto& [axis, value] : plan[i].values) seen[{model_of(cells[i]), axis}].insert(value);
  std::set<std::string> result;
  for (const auto& [key, values] : seen)
    if (values.size() > 1) result.insert(key.second);
  return result;
}

std::string join_values(const Values& values, const auto& keep) {
  std::vector<std::string> parts;
  for (const auto& [axis, value] : values)
    if (keep(axis)) parts.push_back(core::value_text(axis, value));
  return core::join(parts, ", ");
}

// As join_values; of a single axis, which legends name, the value alone.
std::string legend_values(const Values& values, const auto& keep, bool single) {
  if (single)
    for (const auto& [axis, value] : values)
      if (keep(axis)) return value;
  return join_values(values, keep);
}

bool is_seed(const core::PlanFile& plan, const std::string& axis) {
  return std::any_of(plan.axes.begin(), plan.axes.end(),
                     [&](const auto& a) { return a.name == axis && a.replicates(); });
}

void name_cell(Cell& cell, const core::PlanCell& values, const core::PlanFile& plan,
               const std::set<std::string>& cleaning) {
  const auto key = [&](const std::string& name) -> std::string {
    for (const auto& axis : plan.axes)
      if (axis.name == name) return axis.key;
    return "";
  };
  const auto seed = [&](const std::string& axis) {
    return cleaning.count(axis) && is_seed(plan, axis);
  };
  const auto named = [&](const std::string& axis) {
    return cleaning.count(axis) && key(axis).empty() && !seed(axis);
  };
  cell.name = values.name();
  const Stage* clean = cell.last("clean");
  if (!clean) return;
  const auto tuned = [&](const auto& axis) { return cleaning.count(axis) && !seed(axis); };
  const auto axes = std::count_if(cleaning.begin(), cleaning.end(), tuned);
  cell.cleaning = legend_values(values.values, tuned, axes == 1);
  cell.treatment = join_values(values.values, named);
  cell.seed = join_values(values.values, seed);
  cell.method =
      cell.treatment + (cell.treatment.empty() || cell.seed.empty() ? "" : ", ") + cell.seed;
  std::vector<std::string> parts;
  for (const auto& [axis, value] : values.values) {
    if (!cleaning.count(axis)) continue;
    parts.push_back(core::value_text(axis, value));
    if (!key(axis).ends_with("learning_rate")) continue;
    cell.learning_rate = std::strtod(value.c_str(), nullptr);
    cell.control |= cell.learning_rate == 0;
  }
  cell.description = core::join(parts, ", ");
  const auto rate = find_number(clean->plan.settings, "learning_rate");
  if (rate == 0.0) cell.control = true;
  if (rate) cell.learning_rate = *rate;
}

bool poisoned(const Cell& cell) {
  const Stage* poison = cell.last("poison");
  return poison && find_number(poison->plan.settings, "count").value_or(1) > 0;
}

std::string seed_of(const core::PlanFile& plan, const Values& values, const Cell& cell,
                    const std::set<std::string>& cleaning) {
  const auto seeds = join_values(
      values, [&](const auto& axis) { return is_seed(plan, axis) && !cleaning.count(axis); });
  if (!seeds.empty()) return seeds;
  const Stage* stage = cell.last("pretrain");
  const auto seed = stage ? find_number(stage->plan.settings, "seed") : std::nullopt;
  return seed ? std::to_string(static_cast<long long>(*seed)) : "";
}

void make_groups(Experiment& e, const std::set<std::string>& cleaning) {
  std::map<std::string, std::size_t> index;
  for (std::size_t i = 0; i < e.cells.size(); ++i) {
    Cell& cell = e.cells[i];
    const auto [it, fresh] = index.emplace(model_of(cell), e.groups.size());
    cell.group = it->second;
    if (fresh) {
      const auto& values = e.plan.cells[i].values;
      const auto model = [&](const auto& axis) { return !cleaning.count(axis); };
      const std::string label = join_values(values, model);
      const std::string setting = join_values(
          values, [&](const auto& axis) { return model(axis) && !is_seed(e.plan, axis); });
      e.groups.push_back({label.empty() ? e.plan.name : label,
                          setting.empty() ? e.plan.name : setting,
                          seed_of(e.plan, values, cell, cleaning),
                          poisoned(cell),
                          false,
                          {}});
    }
  }
  for (const Cell& cell : e.cells) {
    e.groups[cell.group].cells.push_back(&cell);
    e.groups[cell.group].cleaned |= cell.cleaned();
  }
  std::map<std::string, int> labels;
  for (const auto& group : e.groups) ++labels[group.label];
  for (auto& group : e.groups)
    if (labels[group.label] > 1) group.label = group.cells.front()->name;
  for (auto& cell : e.cells) cell.model = e.groups[cell.group].label;
}

std::string describe_trigger(const std::string& text) {
  const json trigger = json::parse(text, nullptr, false);
  if (!trigger.is_object()) return text;
  std::string result = trigger.contains("type") && trigger["type"].is_string()
                           ? words(trigger["type"].get<std::string>())
                           : "";
  for (const auto& [key, value] : trigger.items())
    if (key != "type" && value.is_primitive())
      result += (result.empty() ? "" : ", ") + words(key) + " " +
                (value.is_string() ? value.get<std::string>() : value.dump());
  return result;
}

void collect(Experiment& e) {
  std::set<std::string> data, seen;
  std::vector<std::string> triggers;
  for (const auto& stage : e.stages)
    for (const auto& record : stage.records) {
      if (record.metric == kAccuracy || record.metric == kAttack) data.insert(record.data);
      if (record.metric == kAttack && seen.insert(record.trigger).second)
        triggers.push_back(describe_trigger(record.trigger));
    }
  if (triggers.size() > kMostTriggers) {
    const std::size_t more = triggers.size() - kMostTriggers;
    triggers.resize(kMostTriggers);
    triggers.push_back("and " + std::to_string(more) + " more");
  }
  e.trigger = core::join(triggers, "; ");
  for (const auto& first : {e.plan.report_data, e.plan.selection_data})
    if (data.erase(first)) e.data_sets.push_back(first);
  e.data_sets.insert(e.data_sets.end(), data.begin(), data.end());
  for (const auto& cell : e.cells)
    if (cell.cleaned() && std::count(e.cleanings.begin(), e.cleanings.end(), cell.cleaning) == 0)
      e.cleanings.push_back(cell.cleaning);
}

}  // namespace

namespace {

using Key = std::tuple<std::string_view, std::string_view, std::int64_t>;

Key key_of(const Measurement& r) { return {r.metric.str(), r.data.str(), r.epoch}; }

bool preferred(const Measurement& r) {
  return r.protocol.empty() || r.protocol == "exclude_target";
}

}  // namespace

void Stage::make_index() {
  newest_.resize(records.size());
  std::iota(newest_.begin(), newest_.end(), 0U);
  std::stable_sort(newest_.begin(), newest_.end(), [&](std::uint32_t a, std::uint32_t b) {
    return key_of(records[a]) < key_of(records[b]);
  });
  std::size_t kept = 0;
  for (const auto i : newest_) {
    const bool fresh = kept == 0 || key_of(records[newest_[kept - 1]]) != key_of(records[i]);
    if (fresh)
      newest_[kept++] = i;
    else if (preferred(records[i]) || !preferred(records[newest_[kept - 1]]))
      newest_[kept - 1] = i;
  }
  newest_.resize(kept);
  newest_.shrink_to_fit();
  for (const auto i : newest_) {
    const Measurement& r = records[i];
    if (r.metric != kAccuracy && r.metric != kAttack) continue;
    auto& pairs = measured[r.data];
    auto at = std::lower_bound(pairs.begin(), pairs.end(), r.epoch,
                               [](const Pair& p, std::int64_t epoch) { return p.epoch < epoch; });
    if (at == pairs.end() || at->epoch != r.epoch) at = pairs.insert(at, Pair{r.epoch, {}, {}});
    (r.metric == kAccuracy ? at->accuracy : at->attack) = &r;
  }
}

const Measurement* Stage::find(const std::string& metric, const std::string& data,
                               std::int64_t epoch) const {
  const Key key{metric, data, epoch};
  const auto at =
      std::lower_bound(newest_.begin(), newest_.end(), key,
                       [&](std::uint32_t i, const Key& k) { return key_of(records[i]) < k; });
  return at != newest_.end() && key_of(records[*at]) == key ? &records[*at] : nullptr;
}

std::optional<std::int64_t> Stage::last_epoch(const std::string& metric,
                                              const std::string& data) const {
  const Key key{metric, data, INT64_MAX};
  const auto after =
      std::upper_bound(newest_.begin(), newest_.end(), key,
                       [&](const Key& k, std::uint32_t i) { return k < key_of(records[i]); });
  if (after == newest_.begin()) return std::nullopt;
  const Measurement& r = records[*std::prev(after)];
  if (r.metric != metric || r.data != data) return std::nullopt;
  return r.epoch;
}

std::vector<const Stage*> all_stages(const Experiment& e) {
  std::vector<const Stage*> result;
  for (const auto& stage : e.stages) result.push_back(&stage);
  if (!result.empty()) return result;
  std::set<const Stage*> seen;
  for (const auto& cell : e.cells)
    for (const Stage* stage : cell.chain)
      if (seen.insert(stage).second) result.push_back(stage);
  return result;
}

const Stage* Cell::first(const std::string& kind) const {
  for (const Stage* stage : chain)
    if (stage->plan.kind == kind) return stage;
  return nullptr;
}

const Stage* Cell::last(const std::string& kind) const {
  for (auto stage = chain.rbegin(); stage != chain.rend(); ++stage)
    if ((*stage)->plan.kind == kind) return *stage;
  return nullptr;
}

std::size_t Experiment::mark(const Cell& cell) const {
  const auto it = std::find(cleanings.begin(), cleanings.end(), cell.cleaning);
  return static_cast<std::size_t>(it - cleanings.begin());
}

std::size_t Experiment::count(core::StageState state) const {
  return static_cast<std::size_t>(
      std::count_if(stages.begin(), stages.end(),
                    [&](const Stage& stage) { return stage.status.state == state; }));
}

std::string title_of(const Experiment& e, const std::vector<const Experiment*>& all) {
  const auto same = std::count_if(all.begin(), all.end(), [&](const Experiment* other) {
    return other->plan.name == e.plan.name;
  });
  return same > 1 ? e.plan.name + " (" + e.folder.string() + ")" : e.plan.name;
}

void load(const std::filesystem::path& folder, const std::filesystem::path& stages,
          Experiment& experiment) {
  Experiment& e = experiment;
  e.folder = folder;
  e.plan = core::read_plan(folder);
  e.stages.reserve(e.plan.stages.size());
  std::map<std::string, const Stage*> by_id;
  for (const auto& plan : e.plan.stages) {
    e.stages.push_back(load_stage(plan, stages / plan.id, e.names, e.problems));
    by_id[plan.id] = &e.stages.back();
  }
  for (const auto& plan : e.plan.cells) {
    Cell& cell = e.cells.emplace_back();
    for (const auto& id : plan.stages)
      if (const auto it = by_id.find(id); it != by_id.end()) cell.chain.push_back(it->second);
  }
  const auto cleaning = find_cleaning_axes(e.cells, e.plan.cells);
  for (std::size_t i = 0; i < e.cells.size(); ++i)
    name_cell(e.cells[i], e.plan.cells[i], e.plan, cleaning);
  std::vector<std::string> names;
  for (const auto& axis : e.plan.axes)
    if (cleaning.count(axis.name) && !axis.replicates()) names.push_back(words(axis.name));
  e.cleaning_axes = core::join(names, ", ");
  make_groups(e, cleaning);
  make_models(e);
  collect(e);
}

}  // namespace theriac::report
