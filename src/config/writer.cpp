#include <fmt/core.h>

#include <algorithm>
#include <map>

#include "config/node.h"
#include "config/scalars.h"
#include "config/tree.h"
#include "theriac/core/text.h"

namespace theriac::config {
namespace {

using Json = nlohmann::ordered_json;

class YamlWriter {
 public:
  explicit YamlWriter(const Document* origins) : origins_(origins) {}

  std::string write(const Json& root) {
    map(root, 0, "", false);
    if (lines_.empty()) return "{}\n";
    std::size_t width = 0;
    for (const auto& line : lines_)
      if (!line.origin.empty())
        width = std::max(width, std::min<std::size_t>(line.text.size(), 60));
    std::string text;
    for (const auto& line : lines_) {
      text += line.text;
      if (!line.origin.empty()) {
        text.append(width - std::min(width, line.text.size()), ' ');
        text += "  # " + line.origin;
      }
      text += '\n';
    }
    return text;
  }

 private:
  struct Line {
    std::string text, origin;
  };

  std::string origin(const std::string& dotted) const {
    if (!origins_) return "";
    const Document found = origins_->at(dotted);
    const auto* node = found.node();
    if (!node || !node->source) return "default";
    std::string text = node->source->is_set ? node->source->name
                                            : fmt::format("{}:{}", node->source->name, node->line);
    std::replace(text.begin(), text.end(), '\n', ' ');
    return text;
  }

  // `in_list`: the first line continues a "- ".
  void map(const Json& value, std::size_t indent, const std::string& dotted, bool in_list) {
    for (const auto& [key, item] : value.items()) {
      const std::string lead =
          in_list ? std::string(indent - 2, ' ') + "- " : std::string(indent, ' ');
      in_list = false;
      entry(lead + yaml_text(key) + ":", item, indent, join_key(dotted, key));
    }
  }

  void entry(const std::string& head, const Json& value, std::size_t indent,
             const std::string& dotted) {
    if (is_leaf(value)) {
      lines_.push_back({head + " " + leaf_text(value), origin(dotted)});
      return;
    }
    lines_.push_back({head, ""});
    if (value.is_object()) {
      map(value, indent + 2, dotted, false);
      return;
    }
    for (std::size_t i = 0; i < value.size(); ++i) {
      const std::string name = join_key(dotted, std::to_string(i));
      if (is_leaf(value[i]))
        lines_.push_back({std::string(indent + 2, ' ') + "- " + leaf_text(value[i]), origin(name)});
      else
        map(value[i], indent + 4, name, true);
    }
  }

  const Document* origins_;
  std::vector<Line> lines_;
};

// Every leaf by its dotted path; a component's leaves carry the path of the component.
struct Leaf {
  std::string key, value, component;
};

void flatten(const Json& value, const std::string& dotted, std::string component,
             std::vector<Leaf>& leaves) {
  if (is_leaf(value)) {
    leaves.push_back({dotted, leaf_text(value), std::move(component)});
    return;
  }
  if (value.is_object() && value.contains("type")) component = dotted;
  std::size_t index = 0;
  for (const auto& [key, item] : value.items())
    flatten(item, join_key(dotted, value.is_array() ? std::to_string(index++) : key), component,
            leaves);
}

}  // namespace

std::string to_yaml(Section& section, const Document* origins) {
  return YamlWriter(origins).write(to_tree(section));
}

std::vector<Difference> differences(Section& section, Section& defaults) {
  std::vector<Leaf> now, before;
  flatten(to_tree(section), "", "", now);
  flatten(to_tree(defaults), "", "", before);
  std::map<std::string, std::string> values, old_values;
  for (const auto& leaf : now) values[leaf.key] = leaf.value;
  for (const auto& leaf : before) old_values[leaf.key] = leaf.value;
  const auto at = [](const auto& map, const std::string& key) {
    const auto found = map.find(key);
    return found == map.end() ? std::string() : found->second;
  };
  std::vector<Difference> result;
  for (const auto& leaf : now) {
    const std::string type = leaf.component + ".type";
    const bool same_component = leaf.component.empty() || at(values, type) == at(old_values, type);
    const std::string old =
        same_component || leaf.key == type ? at(old_values, leaf.key) : std::string();
    if (leaf.value != old) result.push_back({leaf.key, leaf.value, old});
  }
  for (const auto& leaf : before)
    if (!values.count(leaf.key) &&
        (leaf.component.empty() ||
         at(values, leaf.component + ".type") == at(old_values, leaf.component + ".type")))
      result.push_back({leaf.key, "", leaf.value});
  return result;
}

}  // namespace theriac::config
