#include "theriac/experiment/sweep.h"

#include <fmt/format.h>

#include <algorithm>
#include <atomic>
#include <future>
#include <nlohmann/json.hpp>
#include <set>
#include <thread>
#include <unordered_set>

#include "experiment/sweep_block.h"
#include "theriac/core/log.h"
#include "theriac/core/text.h"
#include "theriac/experiment/smoke.h"

namespace theriac::experiment {

using config::Document;

namespace {

// A value for a key of a section that the cell does not have changes nothing.
bool without_effect(const std::string& key, const Document& document) {
  const std::string section = key.substr(0, key.find('.'));
  return (section == "poison" || section == "pretrain" || section == "clean") &&
         document.at(section).empty();
}

Cell make_cell(const std::vector<Axis>& axes, const std::vector<std::size_t>& index,
               const Document& base, const LoadOptions& options) {
  Cell cell{{}, base, nullptr};
  for (const bool keyed : {false, true})
    for (std::size_t a = 0; a < axes.size(); ++a)
      if (axes[a].key.empty() != keyed && (!keyed || !without_effect(axes[a].key, cell.document)))
        cell.document.merge(axes[a].patches[index[a]].second);
  if (options.smoke) shrink(cell.document);
  for (const auto& assignment : options.sets) cell.document.set(assignment);
  for (std::size_t a = 0; a < axes.size(); ++a)
    if (axes[a].key.empty() || !without_effect(axes[a].key, cell.document))
      cell.values.emplace_back(axes[a].name, axes[a].patches[index[a]].first);
  return cell;
}

// The last axis runs fastest.
void expand(const Block& block, const Document& base, const LoadOptions& options,
            std::vector<Cell>& cells) {
  std::vector<std::size_t> index(block.axes.size(), 0);
  while (true) {
    if (!block.excludes(index)) cells.push_back(make_cell(block.axes, index, base, options));
    std::size_t g = block.groups.size();
    for (; g > 0; --g) {
      const auto& group = block.groups[g - 1];
      const bool last = index[group[0]] + 1 == block.axes[group[0]].patches.size();
      for (const auto axis : group) index[axis] = last ? 0 : index[axis] + 1;
      if (!last) break;
    }
    if (g == 0) return;
  }
}

// Cells whose resolved settings are equal are one cell: the first of them.
void collapse(std::vector<Cell>& cells, Collector& problems) {
  struct Read {
    std::shared_ptr<const ExperimentConfig> config;
    std::vector<std::string> problems;
    std::string fingerprint;
  };
  std::vector<Read> read(cells.size());
  std::atomic<std::size_t> next{0};
  const auto read_some = [&] {  // in blocks: a cell takes a tenth of a millisecond
    constexpr std::size_t kBlock = 64;
    for (std::size_t begin; (begin = next.fetch_add(kBlock)) < cells.size();)
      for (std::size_t i = begin; i < std::min(begin + kBlock, cells.size()); ++i) {
        const auto config = std::make_shared<ExperimentConfig>();
        read[i].problems = config::problems(cells[i].document, *config);
        read[i].fingerprint = config::fingerprint(*config);
        read[i].config = config;
      }
  };
  {
    std::vector<std::future<void>> helpers;
    const auto blocks = cells.size() / 64;
    for (std::size_t n = 1; n < std::min<std::size_t>(std::thread::hardware_concurrency(), blocks);
         ++n)
      helpers.push_back(std::async(std::launch::async, read_some));
    read_some();
    for (auto& helper : helpers) helper.get();
  }
  std::unordered_set<std::string> seen;
  std::vector<Cell> kept;
  for (std::size_t i = 0; i < cells.size(); ++i) {
    for (const auto& problem : read[i].problems) problems.add(problem);
    cells[i].config = std::move(read[i].config);
    if (!read[i].problems.empty() || seen.insert(std::move(read[i].fingerprint)).second)
      kept.push_back(std::move(cells[i]));
  }
  cells = std::move(kept);
}

// A map of nothing but `seed`, at any depth.
bool only_seeds(const Document& patch) {
  const auto keys = patch.keys();
  return patch.is_map() && !keys.empty() &&
         std::all_of(keys.begin(), keys.end(), [&](const auto& key) {
           const Document value = patch.at(key);
           return key == "seed" ? !value.is_map() : only_seeds(value);
         });
}

// One patch may be empty: the seeds of the file.
bool replicates(const Axis& axis) {
  const auto empty = [](const auto& patch) {
    return patch.second.empty() || (patch.second.is_map() && patch.second.keys().empty());
  };
  return axis.key.empty() && !std::all_of(axis.patches.begin(), axis.patches.end(), empty) &&
         std::all_of(axis.patches.begin(), axis.patches.end(),
                     [&](const auto& patch) { return empty(patch) || only_seeds(patch.second); });
}

void add_sections(const Document& patch, std::set<std::string>& sections) {
  for (const auto& key : patch.keys())
    if (key != "data")
      sections.insert(key);
    else
      for (const auto& set : patch.at(key).keys()) sections.insert("data." + set);
}

void add_axes(Sweep& sweep, const std::vector<Axis>& axes) {
  for (const auto& axis : axes) {
    const bool seeds = replicates(axis);
    auto found = std::find_if(sweep.axes.begin(), sweep.axes.end(),
                              [&](const auto& have) { return have.name == axis.name; });
    if (found == sweep.axes.end())
      found = sweep.axes.insert(sweep.axes.end(), {axis.name, axis.key, {}, seeds});
    found->seeds &= seeds;
    for (const auto& [value, patch] : axis.patches) add_sections(patch, sweep.sections[axis.name]);
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

// Reported here, as only a file has `base`, `sweep` and `expect`; a cell's settings do not.
void take_unknown(Document& document, Collector& problems) {
  ExperimentConfig probe;
  std::vector<std::string> known{"base", "sweep", "expect"};
  const auto settings = config::to_json(probe);
  for (const auto& setting : settings.items()) known.push_back(setting.key());
  for (const auto& key : document.keys()) {
    if (std::find(known.begin(), known.end(), key) != known.end()) continue;
    const auto near = core::nearest(key, known);
    problems.add(fmt::format("{}: {}: unknown key{}", document.at(key).position(), key,
                             near.empty() ? "; the keys here are: " + core::join(known, " ")
                                          : "; did you mean '" + near + "'?"));
    document.take(key);
  }
}

using AxisValues = std::set<std::pair<std::string, std::string>>;

AxisValues values_of(const std::vector<Cell>& cells) {
  AxisValues values;
  for (const auto& cell : cells) values.insert(cell.values.begin(), cell.values.end());
  return values;
}

// A value that changes nothing anywhere is most likely a slip.
void tell_of_equal(const AxisValues& given, const std::vector<Cell>& kept) {
  const auto left = values_of(kept);
  for (const auto& value : given)
    if (!left.contains(value))
      core::warn(
          "sweep.{}: every cell with '{}' has the same settings as another cell, and is one with "
          "it",
          value.first, value.second);
}

// A report is of one selection and of one data set, a run of one kind of device.
void check_report(const Sweep& sweep, Collector& problems) {
  std::set<std::string> choices, reported, devices;
  for (const auto& cell : sweep.cells) {
    choices.insert(selection_data(*cell.config));
    reported.insert(report_data(*cell.config));
    devices.insert(cell.config->device);
  }
  if (devices.size() > 1)
    problems.add(fmt::format(
        "sweep: its cells name different devices ({}), and a run uses one kind; leave `device` out "
        "of the sweep and choose it with `theriac run --device`",
        core::join({devices.begin(), devices.end()}, ", ")));
  for (const auto& [what, names] :
       {std::pair{"make their choices", choices}, std::pair{"are reported", reported}})
    if (names.size() > 1)
      problems.add(fmt::format(
          "sweep: its cells {} on different data ({}), and a report has one; make two experiments "
          "of it",
          what, core::join({names.begin(), names.end()}, ", ")));
}

}  // namespace

std::string selection_data(const ExperimentConfig& config) {
  return config.selection == Selection::kTest || !config.data.validation ? "test" : "validation";
}

std::string report_data(const ExperimentConfig& config) {
  return config.data.test ? "test" : "validation";
}

Sweep load_sweep(const std::filesystem::path& file, const LoadOptions& given) {
  Collector problems;
  Document document = Document::load(file);
  LoadOptions options = given;
  std::erase_if(options.sets, [&](const std::string& assignment) {
    const bool whole = of_the_whole(assignment);
    if (whole || assignment.starts_with("name=")) document.set(assignment);
    return whole;
  });
  const Document blocks = document.take("sweep");
  const Document expectations = document.take("expect");
  take_unknown(document, problems);
  Sweep sweep{experiment_name(document, file, problems), {}, {}, {}, document};

  std::vector<Document> list = blocks.is_list() ? blocks.items() : std::vector<Document>{blocks};
  for (const auto& block : list) {
    if (!block.empty() && !block.is_map()) {
      problems.add(block.position() + ": sweep: expected a map of axes, or a list of such maps");
      continue;
    }
    const std::size_t before = problems.size();
    const auto read = read_block(block, document, problems);
    add_axes(sweep, read.axes);
    const bool usable = std::none_of(read.axes.begin(), read.axes.end(),
                                     [](const Axis& axis) { return axis.patches.empty(); });
    if (usable && problems.size() == before) expand(read, document, options, sweep.cells);
  }
  if (problems.size() == 0 && sweep.cells.empty())
    problems.add(blocks.position() + ": sweep: every cell is excluded; nothing is left to run");
  const auto given_values = values_of(sweep.cells);
  collapse(sweep.cells, problems);
  if (problems.size() == 0) tell_of_equal(given_values, sweep.cells);
  if (problems.size() == 0) check_report(sweep, problems);
  sweep.expect = read_expectations(expectations, sweep, problems);
  problems.finish();

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
