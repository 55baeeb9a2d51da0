#include "experiment/sweep_block.h"

#include <fmt/format.h>

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

}  // namespace

Block read_block(const Document& document, const Document& base, Collector& problems) {
  Block result;
  auto& axes = result.axes;
  Document zips, exclusions;
  for (const auto& name : document.keys()) {
    const Document node = document.at(name);
    if (node.is_list() && (name == "zip" || name == "exclude")) {
      (name == "zip" ? zips : exclusions) = node;
      continue;
    }
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
  read_zips(result, zips, problems);
  read_exclusions(result, exclusions, problems);
  return result;
}

}  // namespace theriac::experiment
