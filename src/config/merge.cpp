#include <fmt/core.h>

#include <algorithm>

#include "config/node.h"
#include "theriac/core/error.h"
#include "theriac/core/text.h"

namespace theriac::config {
namespace {

using Node = Document::Node;

bool addresses_items(const Node& patch) {
  return !patch.members.empty() &&
         std::all_of(patch.members.begin(), patch.members.end(),
                     [](const auto& member) { return is_index(member.first); });
}

bool changes_type(const Node& base, const Node& patch) {
  const Node* before = base.find("type");
  const Node* after = patch.find("type");
  return before && after && before->is_scalar() && after->is_scalar() &&
         before->text != after->text;
}

NodePtr merged_list(const NodePtr& base, const Node& patch) {
  auto result = std::make_shared<Node>(*base);
  for (const auto& [key, value] : patch.members) {
    const std::size_t index = std::stoul(key);
    if (index >= result->items.size())
      throw Error(fmt::format("{}: {}: the list has {} item(s); the first is 0", value->position(),
                              value->dotted, result->items.size()));
    result->items[index] = merged(result->items[index], value);
  }
  return result;
}

}  // namespace

NodePtr merged(const NodePtr& base, const NodePtr& patch) {
  if (!patch) return base;
  if (!base || !patch->is_map()) return patch;
  if (base->is_list()) {
    if (addresses_items(*patch)) return merged_list(base, *patch);
    if (patch->source && patch->source->is_set)
      throw Error(
          fmt::format("{}: {} is a list; name an item by its number ({}.0...) or give a list",
                      patch->position(), patch->dotted, patch->dotted));
    return patch;
  }
  if (!base->is_map() || changes_type(*base, *patch)) return patch;
  auto result = std::make_shared<Node>(*base);
  if (patch->source && !patch->source->is_set) {
    result->source = patch->source;
    result->line = patch->line;
    result->column = patch->column;
    result->dotted = patch->dotted;
  }
  for (const auto& [key, value] : patch->members) {
    const auto found = std::find_if(result->members.begin(), result->members.end(),
                                    [&, &name = key](const auto& m) { return m.first == name; });
    if (found == result->members.end())
      result->members.emplace_back(key, value);
    else
      found->second = merged(found->second, value);
  }
  return result;
}

void Document::merge(const Document& patch) { node_ = merged(node_, patch.node_); }

Document Document::single(std::string_view dotted, const Document& value) {
  NodePtr node = value.node_ ? value.node_ : std::make_shared<Node>();
  auto parts = core::split(dotted, '.');
  for (std::size_t n = parts.size(); n > 0; --n) {
    auto parent = std::make_shared<Node>();
    parent->kind = Node::Kind::kMap;
    parent->source = node->source;
    parent->line = node->line;
    parent->column = node->column;
    parent->members.emplace_back(parts[n - 1], node);
    parts.pop_back();
    parent->dotted = core::join(parts, ".");
    node = parent;
  }
  return Document(node);
}

void Document::set(std::string_view assignment) {
  const std::string name = "--set " + std::string(assignment);
  const std::size_t equals = assignment.find('=');
  const std::string_view key = core::trim(assignment.substr(0, equals));
  const auto parts = core::split(key, '.');
  if (equals == std::string_view::npos ||
      std::any_of(parts.begin(), parts.end(), [](const auto& part) { return part.empty(); }))
    throw Error(fmt::format("{}: expected KEY=VALUE, for example --set pretrain.epochs=4", name));
  std::vector<std::string> problems;
  const auto source =
      std::make_shared<const Source>(Source{name, std::filesystem::current_path(), true});
  NodePtr value = parse_text(assignment.substr(equals + 1), source, key, problems);
  throw_problems(problems);
  if (!value) {
    value = std::make_shared<Node>();
    value->source = source;
    value->dotted = key;
  }
  merge(single(key, Document(value)));
}

}  // namespace theriac::config
