#include "config/tree.h"

#include <fmt/core.h>

#include <cmath>
#include <stdexcept>

#include "config/scalars.h"
#include "theriac/config/fields.h"

namespace theriac::config {
namespace {

using Json = nlohmann::ordered_json;

class TreeBuilder final : public Fields {
 public:
  Json build(Section& section, const std::string& type = "") {
    stack_.push_back(Json::object());
    if (!type.empty()) stack_.back()["type"] = type;
    section.describe(*this);
    Json result = std::move(stack_.back());
    stack_.pop_back();
    return result;
  }

  void value(std::string_view key, bool& member, std::string_view) override { put(key, member); }
  void value(std::string_view key, std::int64_t& member, std::string_view, Range) override {
    put(key, member);
  }
  void value(std::string_view key, double& member, std::string_view, Range) override {
    put(key, finite(key, member));
  }
  void value(std::string_view key, std::string& member, std::string_view, Need) override {
    put(key, member);
  }
  void path(std::string_view key, std::string& member, std::string_view, Need) override {
    put(key, member);
  }
  void value(std::string_view key, std::vector<std::string>& member, std::string_view) override {
    put(key, member);
  }
  void value(std::string_view key, std::vector<double>& member, std::string_view, Range) override {
    for (const double number : member) finite(key, number);
    put(key, member);
  }
  void value(std::string_view key, std::vector<std::int64_t>& member, std::string_view,
             Range) override {
    put(key, member);
  }
  void value(std::string_view key, std::optional<std::int64_t>& member, std::string_view,
             Range) override {
    put(key, member ? Json(*member) : Json(nullptr));
  }
  void value(std::string_view key, std::optional<double>& member, std::string_view,
             Range) override {
    put(key, member ? Json(finite(key, *member)) : Json(nullptr));
  }
  void section(std::string_view key, Section& member, std::string_view) override {
    put(key, build(member));
  }
  void component(std::string_view key, AnyChoice& member, std::string_view, Need) override {
    put(key, choice(member));
  }

 protected:
  void choice_index(std::string_view key, std::size_t& index, std::string_view,
                    const std::vector<std::string_view>& words) override {
    put(key, std::string(words[index]));
  }
  bool optional_section(std::string_view key, bool present, std::string_view) override {
    if (!present) put(key, nullptr);
    return present;
  }
  bool in_optional_section(std::string_view key, Section& member, std::string_view) override {
    put(key, build(member));
    return true;
  }
  std::size_t list_size(std::string_view, std::size_t current, std::string_view, const AnyTable*,
                        ListForm form) override {
    lists_.push_back({Json::array(), form == ListForm::kOneOrList && current == 1});
    return current;
  }
  void list_item(std::string_view, std::size_t, Section& member) override {
    Json item = build(member);
    lists_.back().value.push_back(std::move(item));
  }
  void list_item(std::string_view, std::size_t, AnyChoice& member) override {
    Json item = choice(member);
    lists_.back().value.push_back(std::move(item));
  }
  void end_list(std::string_view key) override {
    put(key, lists_.back().one ? lists_.back().value[0] : lists_.back().value);
    lists_.pop_back();
  }
  std::vector<std::string> map_names(std::string_view, const std::vector<std::string>& current,
                                     std::string_view, const AnyTable&) override {
    lists_.push_back({Json::object(), false});
    return current;
  }
  void map_item(std::string_view, const std::string& name, AnyChoice& member) override {
    Json item = choice(member);
    lists_.back().value[name] = std::move(item);
  }
  void end_map(std::string_view key) override {
    put(key, lists_.back().value);
    lists_.pop_back();
  }

 private:
  struct List {
    Json value;
    bool one;
  };

  void put(std::string_view key, Json value) { stack_.back()[std::string(key)] = std::move(value); }

  static double finite(std::string_view key, double value) {
    if (!std::isfinite(value))
      throw std::logic_error(fmt::format("{}: a configuration holds finite numbers only", key));
    return value;
  }

  Json choice(AnyChoice& member) {
    return member.section() ? build(*member.section(), member.type) : Json(nullptr);
  }

  std::vector<Json> stack_;
  std::vector<List> lists_;
};

}  // namespace

nlohmann::ordered_json to_tree(Section& section) { return TreeBuilder().build(section); }

bool is_leaf(const nlohmann::ordered_json& value) {
  if (value.is_array()) {
    for (const auto& item : value)
      if (item.is_structured()) return false;
    return true;
  }
  return !value.is_object() || value.empty();
}

std::string leaf_text(const nlohmann::ordered_json& leaf) {
  if (leaf.is_string()) return yaml_text(leaf.get_ref<const std::string&>());
  if (leaf.is_number_float()) return number_text(leaf.get<double>());
  if (!leaf.is_array()) return leaf.dump();
  std::string text = "[";
  for (const auto& item : leaf) text += (text.size() > 1 ? ", " : "") + leaf_text(item);
  return text + "]";
}

namespace {

nlohmann::json sorted(nlohmann::ordered_json& tree) {
  using Kind = nlohmann::json::value_t;
  switch (tree.type()) {
    case Kind::object: {
      nlohmann::json result = nlohmann::json::object();
      for (auto& [key, value] : tree.items()) result[key] = sorted(value);
      return result;
    }
    case Kind::array: {
      nlohmann::json result = nlohmann::json::array();
      for (auto& item : tree) result.push_back(sorted(item));
      return result;
    }
    case Kind::string:
      return std::move(tree.get_ref<std::string&>());
    case Kind::boolean:
      return tree.get<bool>();
    case Kind::number_integer:
      return tree.get<std::int64_t>();
    case Kind::number_unsigned:
      return tree.get<std::uint64_t>();
    case Kind::number_float:
      return tree.get<double>();
    default:
      return nullptr;
  }
}

}  // namespace

std::string fingerprint(Section& section) { return to_tree(section).dump(); }

nlohmann::json to_json(Section& section) {
  auto tree = to_tree(section);
  return sorted(tree);
}

}  // namespace theriac::config
