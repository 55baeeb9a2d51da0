#pragma once

#include <cstdint>
#include <initializer_list>
#include <limits>
#include <memory>
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

// Each configuration struct lists its fields once, in describe(Fields&). The strict reader, the
// resolved writer, the reference page and the difference from the defaults are visitors of that one
// listing (config/document.h). No component sees YAML or JSON.

namespace theriac::config {

class Fields;

// Closed range for numbers.
struct Range {
  double low = -std::numeric_limits<double>::infinity();
  double high = std::numeric_limits<double>::infinity();
};

// Where check() reports what is wrong across fields. `key` is relative to the section.
class Problems {
 public:
  virtual ~Problems() = default;
  virtual void add(std::string_view key, const std::string& message) = 0;
};

// A struct with fields. Components (things chosen by `type:`) and plain sections derive from it.
class Section {
 public:
  virtual ~Section() = default;
  virtual void describe(Fields& fields) = 0;
  // Conditions over several fields; called after reading when the section itself had no problem.
  virtual void check(Problems&) const {}
};

// One row of a table: what `type: name` means.
template <class Config>
struct Entry {
  std::string name;
  std::string doc;  // one line
  std::unique_ptr<Config> (*make)();
};

class AnyTable {
 public:
  virtual ~AnyTable() = default;
  virtual std::string_view seam() const = 0;  // "trigger", "objective term", ...
  virtual std::vector<std::pair<std::string, std::string>> names() const = 0;      // name, doc
  virtual std::unique_ptr<Section> make_section(std::string_view name) const = 0;  // null: unknown
};

// The explicit table of one seam; function-local static in the seam's table.cpp. add() lets a
// consumer bring components of its own; a duplicate name is a std::logic_error.
template <class Config>
class Table final : public AnyTable {
 public:
  Table(std::string seam, std::initializer_list<Entry<Config>> entries) : seam_(std::move(seam)) {
    for (const auto& entry : entries) add(entry);
  }
  void add(Entry<Config> entry) {
    if (find(entry.name)) throw std::logic_error(seam_ + ": two components named " + entry.name);
    entries_.push_back(std::move(entry));
  }
  const Entry<Config>* find(std::string_view name) const {
    for (const auto& entry : entries_)
      if (entry.name == name) return &entry;
    return nullptr;
  }
  const std::vector<Entry<Config>>& entries() const { return entries_; }
  std::string_view seam() const override { return seam_; }
  std::vector<std::pair<std::string, std::string>> names() const override {
    std::vector<std::pair<std::string, std::string>> result;
    for (const auto& entry : entries_) result.emplace_back(entry.name, entry.doc);
    return result;
  }
  std::unique_ptr<Section> make_section(std::string_view name) const override {
    const auto* entry = find(name);
    return entry ? entry->make() : nullptr;
  }

 private:
  std::string seam_;
  std::vector<Entry<Config>> entries_;
};

// Makes an Entry for a config type with a default constructor.
template <class Config, class Mine>
Entry<Config> entry(std::string name, std::string doc) {
  return {std::move(name), std::move(doc),
          []() -> std::unique_ptr<Config> { return std::make_unique<Mine>(); }};
}

// A chosen component: its `type` and its configuration. Copies share the configuration, which is
// not changed after reading.
class AnyChoice {
 public:
  virtual ~AnyChoice() = default;
  std::string type;
  virtual const AnyTable& table() const = 0;
  virtual Section* section() const = 0;  // null: nothing chosen
  // A section made by table().make_section, or null for nothing; `type` is set by the caller.
  virtual void assign(std::unique_ptr<Section> section) = 0;
};

// `table` is the accessor of the seam's table, for example &objective::table.
template <class Config>
class Choice final : public AnyChoice {
 public:
  explicit Choice(Table<Config>& (*accessor)()) : table_(accessor) {}
  Choice(Table<Config>& (*accessor)(), std::string name) : table_(accessor) {
    assign(table().make_section(name));
    if (!config_) throw std::logic_error("no component named " + name);
    type = std::move(name);
  }
  explicit operator bool() const { return config_ != nullptr; }
  const Config& operator*() const { return *config_; }
  const Config* operator->() const { return config_.get(); }
  const AnyTable& table() const override { return table_(); }
  Section* section() const override { return config_.get(); }
  void assign(std::unique_ptr<Section> section) override {
    config_ = std::shared_ptr<Config>(dynamic_cast<Config*>(section.get()));
    if (config_) section.release();
  }

 private:
  Table<Config>& (*table_)();
  std::shared_ptr<Config> config_;
};

enum class Need { kOptional, kRequired };
enum class ListForm { kList, kOneOrList };

// The visitor. Non-virtual templates map the member types onto a few virtual functions.
class Fields {
 public:
  virtual ~Fields() = default;

  virtual void value(std::string_view key, bool& member, std::string_view doc) = 0;
  virtual void value(std::string_view key, std::int64_t& member, std::string_view doc,
                     Range range = {}) = 0;
  virtual void value(std::string_view key, double& member, std::string_view doc,
                     Range range = {}) = 0;
  virtual void value(std::string_view key, std::string& member, std::string_view doc,
                     Need need = Need::kOptional) = 0;
  // A file or folder; relative to the file that holds it, absolute after reading.
  virtual void path(std::string_view key, std::string& member, std::string_view doc,
                    Need need = Need::kOptional) = 0;
  virtual void value(std::string_view key, std::vector<std::string>& member,
                     std::string_view doc) = 0;
  virtual void value(std::string_view key, std::vector<double>& member, std::string_view doc,
                     Range range = {}) = 0;
  virtual void value(std::string_view key, std::vector<std::int64_t>& member, std::string_view doc,
                     Range range = {}) = 0;

  // Scalars that may be absent ("no value" is a meaning of its own, written as null or left out).
  virtual void value(std::string_view key, std::optional<std::int64_t>& member,
                     std::string_view doc, Range range = {}) = 0;
  virtual void value(std::string_view key, std::optional<double>& member, std::string_view doc,
                     Range range = {}) = 0;

  // An enumeration, one of a few words.
  template <class Enum>
  void choice(std::string_view key, Enum& member, std::string_view doc,
              std::initializer_list<std::pair<std::string_view, Enum>> options) {
    std::vector<std::string_view> words;
    std::size_t index = 0;
    for (const auto& option : options) {
      if (option.second == member) index = words.size();
      words.push_back(option.first);
    }
    choice_index(key, index, doc, words);
    member = (options.begin() + index)->second;
  }

  // A nested struct that is always there; all its fields have defaults.
  virtual void section(std::string_view key, Section& member, std::string_view doc) = 0;
  // A nested struct that may be absent.
  template <class T>
  void section(std::string_view key, std::optional<T>& member, std::string_view doc) {
    if (optional_section(key, member.has_value(), doc)) {
      if (!member) member.emplace();
      if (!in_optional_section(key, *member, doc)) member.reset();
    } else {
      member.reset();
    }
  }
  // A list of structs.
  template <class T>
  void sections(std::string_view key, std::vector<T>& member, std::string_view doc) {
    member.resize(list_size(key, member.size(), doc));
    for (std::size_t i = 0; i < member.size(); ++i) list_item(key, i, member[i]);
    end_list(key);
  }

  // A component chosen by `type:`, or nothing (null) when need is optional.
  virtual void component(std::string_view key, AnyChoice& member, std::string_view doc,
                         Need need = Need::kOptional) = 0;
  // A list of components. `default_type` is what an item without `type:` is, if anything.
  template <class Config>
  void components(std::string_view key, std::vector<Choice<Config>>& member,
                  Table<Config>& (*table)(), std::string_view doc,
                  std::string_view default_type = "") {
    list_of_components(key, member, table, doc, default_type, ListForm::kList);
  }
  // The same where one component may stand without the list: `clean: {...}` or `clean: [{...},
  // ...]`.
  template <class Config>
  void component_or_list(std::string_view key, std::vector<Choice<Config>>& member,
                         Table<Config>& (*table)(), std::string_view doc,
                         std::string_view default_type = "") {
    list_of_components(key, member, table, doc, default_type, ListForm::kOneOrList);
  }
  // Named components of one seam: {name: {type: ..., ...}, ...}, in the file's order; used for
  // additional data sets. Names are [a-z0-9_]+.
  template <class Config>
  void named_components(std::string_view key,
                        std::vector<std::pair<std::string, Choice<Config>>>& member,
                        Table<Config>& (*table)(), std::string_view doc) {
    std::vector<std::string> names;
    for (const auto& item : member) names.push_back(item.first);
    names = map_names(key, names, doc, table());
    std::vector<std::pair<std::string, Choice<Config>>> result;
    for (const auto& name : names) {
      Choice<Config> choice(table);
      for (auto& item : member)
        if (item.first == name) choice = item.second;
      map_item(key, name, choice);
      result.emplace_back(name, std::move(choice));
    }
    end_map(key);
    member = std::move(result);
  }

 protected:
  virtual void choice_index(std::string_view key, std::size_t& index, std::string_view doc,
                            const std::vector<std::string_view>& words) = 0;
  // Whether the section is to be visited (it is made when absent).
  virtual bool optional_section(std::string_view key, bool present, std::string_view doc) = 0;
  // Whether the section stays after the visit.
  virtual bool in_optional_section(std::string_view key, Section& member, std::string_view doc) = 0;
  virtual std::size_t list_size(std::string_view key, std::size_t current, std::string_view doc,
                                const AnyTable* table = nullptr,
                                ListForm form = ListForm::kList) = 0;
  virtual void list_item(std::string_view key, std::size_t index, Section& member) = 0;
  virtual void list_item(std::string_view key, std::size_t index, AnyChoice& member) = 0;
  virtual void end_list(std::string_view key) = 0;
  virtual std::vector<std::string> map_names(std::string_view key,
                                             const std::vector<std::string>& current,
                                             std::string_view doc, const AnyTable& table) = 0;
  virtual void map_item(std::string_view key, const std::string& name, AnyChoice& member) = 0;
  virtual void end_map(std::string_view key) = 0;

 private:
  template <class Config>
  void list_of_components(std::string_view key, std::vector<Choice<Config>>& member,
                          Table<Config>& (*table)(), std::string_view doc,
                          std::string_view default_type, ListForm form) {
    const std::size_t size = list_size(key, member.size(), doc, &table(), form);
    Choice<Config> item(table);
    item.type = default_type;
    member.resize(size, item);
    for (std::size_t i = 0; i < size; ++i) list_item(key, i, static_cast<AnyChoice&>(member[i]));
    end_list(key);
  }
};

}  // namespace theriac::config
