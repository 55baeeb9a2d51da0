#include "theriac/experiment/sweep.h"

#include <fmt/format.h>

#include <algorithm>
#include <functional>
#include <set>

#include "theriac/core/error.h"
#include "theriac/core/text.h"
#include "theriac/experiment/smoke.h"

namespace theriac::experiment {

using config::Document;

namespace {

struct Axis {
  std::string name, key;                                  // key empty: named patches
  std::vector<std::pair<std::string, Document>> patches;  // value's name, what it merges
};

class Collector {
 public:
  void add(const std::string& problem) {
    if (seen_.insert(problem).second) problems_.push_back(problem);
  }
  void finish() const {
    if (problems_.empty()) return;
    std::string text = fmt::format("{} problem(s) in the configuration:", problems_.size());
    for (const auto& problem : problems_) text += "\n  " + problem;
    throw Error(text);
  }

 private:
  std::vector<std::string> problems_;
  std::set<std::string> seen_;
};

std::string compact(const Document& value) {
  if (value.is_scalar()) return value.scalar();
  std::string text;
  for (const auto& item : value.items()) text += (text.empty() ? "" : "+") + compact(item);
  for (const auto& key : value.keys())
    text += (text.empty() ? "" : " ") + key + "=" + compact(value.at(key));
  return text.empty() ? "null" : text;
}

Axis key_axis(const std::string& name, const Document& node, const Document& base,
              Collector& problems) {
  Axis axis{name, node.at("key").is_scalar() ? node.at("key").scalar() : "", {}};
  if (axis.key.empty()) {
    problems.add(
        fmt::format("{}: sweep.{}.key: expected a dotted key such as "
                    "clean.optimizer.learning_rate",
                    node.position(), name));
    return axis;
  }
  ExperimentConfig probe;
  config::problems(base, probe);
  if (const auto message = config::check_key(axis.key, probe); !message.empty())
    problems.add(fmt::format("{}: sweep.{}.key: {}", node.at("key").position(), name, message));
  const auto values = node.at("values").items();
  if (values.empty())
    problems.add(
        fmt::format("{}: sweep.{}.values: expected a list of values", node.position(), name));
  for (const auto& value : values)
    axis.patches.emplace_back(compact(value), Document::single(axis.key, value));
  return axis;
}

std::vector<Axis> read_block(const Document& block, const Document& base, Collector& problems) {
  std::vector<Axis> axes;
  for (const auto& name : block.keys()) {
    const Document node = block.at(name);
    const auto keys = node.keys();
    const bool keyed = std::find(keys.begin(), keys.end(), "key") != keys.end();
    if (keyed) {
      axes.push_back(key_axis(name, node, base, problems));
      continue;
    }
    Axis axis{name, "", {}};
    if (!node.is_map() || keys.empty())
      problems.add(fmt::format("{}: sweep.{}: expected named patches, or `key:` and `values:`",
                               node.position(), name));
    for (const auto& key : keys) axis.patches.emplace_back(key, node.at(key));
    axes.push_back(std::move(axis));
  }
  return axes;
}

// A value for a key of a section that the cell does not have changes nothing.
bool without_effect(const std::string& key, const Document& document) {
  const std::string section = key.substr(0, key.find('.'));
  return (section == "poison" || section == "pretrain" || section == "clean") &&
         document.at(section).empty();
}

void expand(const std::vector<Axis>& axes, const Document& base, const LoadOptions& options,
            std::vector<Cell>& cells) {
  std::vector<std::size_t> index(axes.size(), 0);
  while (true) {
    Cell cell{{}, base};
    for (const bool keyed : {false, true})
      for (std::size_t a = 0; a < axes.size(); ++a)
        if (axes[a].key.empty() != keyed && (!keyed || !without_effect(axes[a].key, cell.document)))
          cell.document.merge(axes[a].patches[index[a]].second);
    if (options.smoke) shrink(cell.document);
    for (const auto& assignment : options.sets) cell.document.set(assignment);
    for (std::size_t a = 0; a < axes.size(); ++a)
      if (axes[a].key.empty() || !without_effect(axes[a].key, cell.document))
        cell.values.emplace_back(axes[a].name, axes[a].patches[index[a]].first);
    cells.push_back(std::move(cell));
    std::size_t a = axes.size();
    while (a > 0 && ++index[a - 1] == axes[a - 1].patches.size()) index[--a] = 0;
    if (a == 0) return;
  }
}

// Cells whose resolved settings are equal are one cell: the first of them.
void collapse(std::vector<Cell>& cells, Collector& problems) {
  std::set<std::string> seen;
  std::vector<Cell> kept;
  for (auto& cell : cells) {
    ExperimentConfig config;
    const auto found = config::problems(cell.document, config);
    for (const auto& problem : found) problems.add(problem);
    if (!found.empty() || seen.insert(config::to_json(config).dump()).second)
      kept.push_back(std::move(cell));
  }
  cells = std::move(kept);
}

struct ExpectSection final : config::Section {
  core::Expectation value;
  void describe(config::Fields& f) override {
    f.value("stage", value.stage, "pretrain or clean", config::Need::kRequired);
    f.value("metric", value.metric, "name of the metric", config::Need::kRequired);
    f.value("data", value.data, "data set it was measured on");
    f.value("at", value.at, "last, epoch-0, best (accuracy with ASR <= bound) or lowest (ASR)");
    f.value("bound", value.bound, "with at: best, the largest attack success, in percent",
            {0, 100});
    f.value("at_least", value.at_least, "smallest value expected");
    f.value("at_most", value.at_most, "largest value expected");
    f.value("value", value.value, "value expected, within `tolerance`");
    f.value("tolerance", value.tolerance, "largest difference from `value`", {0, 1e9});
    f.value("source", value.source, "where the expectation comes from");
  }
  void check(config::Problems& problems) const override {
    if (value.stage != "pretrain" && value.stage != "clean")
      problems.add("stage", "expected one of pretrain clean, got '" + value.stage + "'");
    const bool chosen = value.at == "best" || value.at == "lowest";
    if (value.at != "last" && value.at != "epoch-0" && !chosen)
      problems.add("at", "expected last, epoch-0, best or lowest, got '" + value.at + "'");
    if (chosen && value.stage != "clean")
      problems.add("at", value.at + " is chosen from cleaned models; it needs stage: clean");
    if (value.at != "best" && value.bound != core::Expectation().bound)
      problems.add("bound", "has an effect only with at: best");
    if (!value.at_least && !value.at_most && !value.value)
      problems.add("at_least", "give at least one of at_least, at_most, value");
    if (value.value && !value.tolerance) problems.add("tolerance", "missing beside `value`");
  }
};

std::vector<core::Expectation> read_expectations(const Document& list, const Sweep& sweep,
                                                 Collector& problems) {
  std::vector<core::Expectation> result;
  if (!list.empty() && !list.is_list())
    problems.add(list.position() + ": expect: expected a list of expectations");
  for (auto item : list.items()) {
    const Document cell = item.take("cell");
    ExpectSection section;
    for (const auto& problem : config::problems(item, section)) problems.add(problem);
    for (const auto& axis : cell.keys()) {
      const Document value = cell.at(axis);
      const auto found =
          std::find_if(sweep.axes.begin(), sweep.axes.end(),
                       [&](const auto& candidate) { return candidate.name == axis; });
      const std::string text = compact(value);
      if (found == sweep.axes.end())
        problems.add(fmt::format("{}: expect.cell.{}: the sweep has no axis of this name",
                                 value.position(), axis));
      else if (std::find(found->values.begin(), found->values.end(), text) == found->values.end())
        problems.add(fmt::format("{}: expect.cell.{}: the axis has no value '{}'; it has: {}",
                                 value.position(), axis, text, core::join(found->values, ", ")));
      section.value.cell[axis] = text;
    }
    result.push_back(section.value);
  }
  return result;
}

void add_axes(Sweep& sweep, const std::vector<Axis>& axes) {
  for (const auto& axis : axes) {
    auto found = std::find_if(sweep.axes.begin(), sweep.axes.end(),
                              [&](const auto& have) { return have.name == axis.name; });
    if (found == sweep.axes.end())
      found = sweep.axes.insert(sweep.axes.end(), {axis.name, axis.key, {}});
    for (const auto& [value, patch] : axis.patches)
      if (std::find(found->values.begin(), found->values.end(), value) == found->values.end())
        found->values.push_back(value);
  }
}

// `sweep` and `expect` are set once; every other key is set in each cell, after its patches.
bool of_the_whole(std::string_view assignment) {
  const auto section = assignment.substr(0, assignment.find_first_of("=."));
  return section == "sweep" || section == "expect";
}

std::string experiment_name(const Document& document, const std::filesystem::path& file,
                            Collector& problems) {
  const Document name = document.at("name");
  const std::string text = name.is_scalar() ? name.scalar() : file.stem().string();
  const bool good =
      !text.empty() && text[0] != '.' && std::all_of(text.begin(), text.end(), [](unsigned char c) {
        return std::isalnum(c) || c == '-' || c == '_' || c == '.';
      });
  if (!good || text == "stages")
    problems.add(
        fmt::format("{}: name: '{}' cannot be a folder's name here; use letters, digits, "
                    "'-', '_' and '.', and not 'stages'",
                    name.is_scalar() ? name.position() : file.string(), text));
  return text;
}

}  // namespace

Sweep load_sweep(const std::filesystem::path& file, const LoadOptions& given) {
  Collector problems;
  Document document = Document::load(file);
  LoadOptions options = given;
  std::erase_if(options.sets, [&](const std::string& assignment) {
    const bool whole = of_the_whole(assignment);
    if (whole) document.set(assignment);
    return whole;
  });
  const Document blocks = document.take("sweep");
  const Document expectations = document.take("expect");
  Sweep sweep{experiment_name(document, file, problems), {}, {}, {}, document};

  std::vector<Document> list = blocks.is_list() ? blocks.items() : std::vector<Document>{blocks};
  for (const auto& block : list) {
    if (!block.empty() && !block.is_map()) {
      problems.add(block.position() + ": sweep: expected a map of axes, or a list of such maps");
      continue;
    }
    const auto axes = read_block(block, document, problems);
    const bool usable = std::none_of(axes.begin(), axes.end(),
                                     [](const Axis& axis) { return axis.patches.empty(); });
    add_axes(sweep, axes);
    if (usable) expand(axes, document, options, sweep.cells);
  }
  collapse(sweep.cells, problems);
  sweep.expect = read_expectations(expectations, sweep, problems);
  problems.finish();

  for (const auto& assignment : options.sets)
    if (assignment.starts_with("name=")) sweep.name = assignment.substr(5);
  if (options.smoke) {
    sweep.name += "-smoke";
    sweep.expect.clear();
  }
  return sweep;
}

ExperimentConfig read_config(const Document& document) {
  ExperimentConfig config;
  config::read(document, config);
  return config;
}

}  // namespace theriac::experiment
