#include "experiment/sweep_block.h"

#include <fmt/format.h>

#include <set>

#include "theriac/core/error.h"
#include "theriac/core/text.h"

namespace theriac::experiment {

using config::Document;

void Collector::finish() const {
  if (problems_.empty()) return;
  std::string text = fmt::format("{} problem(s) in the configuration:", problems_.size());
  for (const auto& problem : problems_) text += "\n  " + problem;
  throw Error(text);
}

std::string compact(const Document& value) {
  if (value.is_scalar()) return value.scalar();
  std::string text;
  for (const auto& item : value.items()) text += (text.empty() ? "" : "+") + compact(item);
  for (const auto& key : value.keys())
    text += (text.empty() ? "" : " ") + key + "=" + compact(value.at(key));
  return text.empty() ? "null" : text;
}

namespace {

constexpr double kMostCells = 1e5;
constexpr const char* kNameIsOne =
    "name belongs to the experiment and cannot differ between its cells; axes and values name them";

// What stands beside `key:` and `values:`.
void report_unknown(const std::string& name, const Document& node, Collector& problems) {
  const std::vector<std::string> known{"key", "values"};
  for (const auto& key : node.keys()) {
    if (std::find(known.begin(), known.end(), key) != known.end()) continue;
    const auto near = core::nearest(key, known);
    problems.add(fmt::format(
        "{}: sweep.{}.{}: unknown key{}", node.at(key).position(), name, key,
        near.empty() ? "; the keys here are: key values" : "; did you mean '" + near + "'?"));
  }
}

Axis key_axis(const std::string& name, const Document& node, const Document& base,
              Collector& problems) {
  report_unknown(name, node, problems);
  Axis axis{name, node.at("key").is_scalar() ? node.at("key").scalar() : "", {}};
  if (axis.key.empty()) {
    problems.add(
        fmt::format("{}: sweep.{}.key: expected a dotted key such as "
                    "clean.optimizer.learning_rate",
                    node.position(), name));
    return axis;
  }
  if (axis.key == "name")
    problems.add(fmt::format("{}: sweep.{}.key: {}", node.at("key").position(), name, kNameIsOne));
  ExperimentConfig probe;
  config::problems(base, probe);
  if (const auto message = config::check_key(axis.key, probe); !message.empty())
    problems.add(fmt::format("{}: sweep.{}.key: {}", node.at("key").position(), name, message));
  const auto values = node.at("values").items();
  if (values.empty())
    problems.add(fmt::format(
        "{}: sweep.{}.values: expected a list of at least one value",
        node.at("values").empty() ? node.position() : node.at("values").position(), name));
  std::set<std::string> seen;
  for (const auto& value : values)
    if (value.is_scalar() && !seen.insert(value.scalar()).second)
      problems.add(fmt::format("{}: sweep.{}.values: '{}' is there twice", value.position(), name,
                               value.scalar()));
  for (const auto& value : values)
    axis.patches.emplace_back(compact(value), Document::single(axis.key, value));
  return axis;
}

std::size_t find_axis(const Block& block, const Document& name, const std::string& what,
                      Collector& problems) {
  std::vector<std::string> names;
  for (std::size_t a = 0; a < block.axes.size(); ++a) {
    if (name.is_scalar() && block.axes[a].name == name.scalar()) return a;
    names.push_back(block.axes[a].name);
  }
  problems.add(fmt::format("{}: sweep.{}: expected the name of an axis of this block ({}){}",
                           name.position(), what, core::join(names, ", "),
                           name.is_scalar() ? ", got '" + name.scalar() + "'" : ""));
  return block.axes.size();
}

// zip: [[a, b], ...]: the axes of each list advance together.
void read_zips(Block& block, const Document& zips, Collector& problems) {
  std::set<std::size_t> zipped;
  for (const auto& list : zips.items()) {
    std::vector<std::size_t> group;
    for (const auto& name : list.items()) {
      const auto axis = find_axis(block, name, "zip", problems);
      if (axis == block.axes.size()) return;
      if (!zipped.insert(axis).second)
        problems.add(fmt::format("{}: sweep.zip: axis {} stands here twice", name.position(),
                                 block.axes[axis].name));
      group.push_back(axis);
    }
    if (group.size() < 2) {
      problems.add(list.position() + ": sweep.zip: expected lists of two or more axes, [[a, b]]");
      return;
    }
    for (const auto axis : group) {
      const auto &first = block.axes[group.front()], &other = block.axes[axis];
      if (first.patches.size() != other.patches.size())
        problems.add(fmt::format(
            "{}: sweep.zip: {} has {} value(s), {} has {}; zipped axes need "
            "equally many",
            list.position(), first.name, first.patches.size(), other.name, other.patches.size()));
    }
    block.groups.push_back(group);
  }
  for (std::size_t a = 0; a < block.axes.size(); ++a)
    if (!zipped.contains(a)) block.groups.push_back({a});
  for (auto& group : block.groups) std::sort(group.begin(), group.end());
  std::sort(block.groups.begin(), block.groups.end());  // by their first axis
}

// exclude: [{a: x, b: y}, ...]: cells that have all values of one of the maps.
void read_exclusions(Block& block, const Document& list, Collector& problems) {
  for (const auto& item : list.items()) {
    std::map<std::size_t, std::string> values;
    for (const auto& key : item.keys()) {
      const Document value = item.at(key);
      const auto found = std::find_if(block.axes.begin(), block.axes.end(),
                                      [&](const Axis& axis) { return axis.name == key; });
      const std::string text = compact(value);
      if (found == block.axes.end()) {
        problems.add(fmt::format("{}: sweep.exclude: no axis of this block is named '{}'",
                                 value.position(), key));
        continue;
      }
      std::vector<std::string> names;
      for (const auto& patch : found->patches) names.push_back(patch.first);
      if (std::find(names.begin(), names.end(), text) == names.end())
        problems.add(fmt::format("{}: sweep.exclude: axis {} has no value '{}'; it has: {}",
                                 value.position(), key, text, core::join(names, ", ")));
      values[static_cast<std::size_t>(found - block.axes.begin())] = text;
    }
    if (values.empty())
      problems.add(item.position() + ": sweep.exclude: expected maps of axis and value");
    else
      block.excluded.push_back(std::move(values));
  }
}

// Named patches: maps of settings, each merged into the base.
Axis patch_axis(const std::string& name, const Document& node, Collector& problems) {
  Axis axis{name, "", {}};
  const auto keys = node.keys();
  for (const auto& key : keys) {
    const Document patch = node.at(key);
    if (patch.empty()) continue;  // removed, as of a base
    if (!patch.is_map())
      problems.add(fmt::format(
          "{}: sweep.{}.{}: expected a map of settings; values of one setting are given as "
          "`key:` and `values:`",
          patch.position(), name, key));
    else if (!patch.at("name").empty())
      problems.add(fmt::format("{}: sweep.{}.{}.name: {}", patch.at("name").position(), name, key,
                               kNameIsOne));
    axis.patches.emplace_back(key, patch);
  }
  if (axis.patches.empty())
    problems.add(fmt::format("{}: sweep.{}: expected named patches, or `key:` and `values:`",
                             node.position(), name));
  return axis;
}

void check_keys(const Block& block, const Document& document, Collector& problems) {
  std::map<std::string, std::string> axes;  // by key
  for (const auto& axis : block.axes) {
    if (axis.key.empty()) continue;
    const auto [found, fresh] = axes.emplace(axis.key, axis.name);
    if (!fresh)
      problems.add(
          fmt::format("{}: sweep.{}.key: {} is the key of axis {}, too; the later one "
                      "would hide it",
                      document.at(axis.name).position(), axis.name, axis.key, found->second));
  }
}

void check_size(const Block& block, const Document& document, Collector& problems) {
  double cells = 1;
  std::string sizes;
  for (const auto& group : block.groups) {
    const auto& axis = block.axes[group.front()];
    cells *= static_cast<double>(axis.patches.size());
    sizes += fmt::format("{}{} of {}", sizes.empty() ? "" : " x ", axis.patches.size(), axis.name);
  }
  if (cells > kMostCells)
    problems.add(fmt::format("{}: sweep: {} are {:.0f} cells; expected at most {:.0f}; split it",
                             document.position(), sizes, cells, kMostCells));
}

}  // namespace

Block read_block(const Document& document, const Document& base, Collector& problems) {
  Block result;
  auto& axes = result.axes;
  Document zips, exclusions;
  for (const auto& name : document.keys()) {
    const Document node = document.at(name);
    if (name == "zip" || name == "exclude") {
      if (!node.empty() && !node.is_list())
        problems.add(fmt::format(
            "{}: sweep.{}: expected a list of {}; no axis may have this name", node.position(),
            name,
            name == "zip" ? "lists of axes, [[a, b]]" : "maps of axis and value, [{a: x, b: y}]"));
      (name == "zip" ? zips : exclusions) = node;
      continue;
    }
    if (node.empty()) continue;  // removed, as of a base
    const auto keys = node.keys();
    const auto has = [&](const char* key) {
      return std::find(keys.begin(), keys.end(), key) != keys.end();
    };
    const bool keyed = has("key") || (has("values") && node.at("values").is_list());
    axes.push_back(keyed ? key_axis(name, node, base, problems) : patch_axis(name, node, problems));
  }
  check_keys(result, document, problems);
  read_zips(result, zips, problems);
  read_exclusions(result, exclusions, problems);
  check_size(result, document, problems);
  return result;
}

}  // namespace theriac::experiment
