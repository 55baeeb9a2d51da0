#include <fmt/core.h>

#include <algorithm>
#include <stdexcept>
#include <tuple>

#include "config/node.h"
#include "config/scalars.h"
#include "theriac/config/fields.h"
#include "theriac/core/text.h"

namespace theriac::config {
namespace {

using Node = Document::Node;

struct Problem {
  int rank;  // the main file, other files by name, --set in the order of the fields
  std::string file;
  int line, column;
  std::string text;
};

class Reader final : public Fields {
 public:
  explicit Reader(const Document& document) : main_(main_source(document)) {}

  void enter(Section& section, const Node* node, const std::string& dotted,
             bool is_component = false) {
    if (node && node->is_null()) node = nullptr;
    if (node && !node->is_map()) {
      problem(node, dotted, fmt::format("expected a map, got {}", node->shown()));
      return;
    }
    const std::size_t before = problems_.size();
    frames_.push_back({node, node ? node : nearest_node(), dotted, {}});
    if (is_component) frames_.back().known.push_back("type");
    section.describe(*this);
    report_unknown();
    if (problems_.size() == before) {
      Checks checks(*this);
      section.check(checks);
    }
    frames_.pop_back();
  }

  std::vector<std::string> lines() {
    std::stable_sort(problems_.begin(), problems_.end(), [](const auto& a, const auto& b) {
      return std::tie(a.rank, a.file, a.line, a.column) <
             std::tie(b.rank, b.file, b.line, b.column);
    });
    std::vector<std::string> result;
    for (auto& problem : problems_) result.push_back(std::move(problem.text));
    return result;
  }

  void value(std::string_view key, bool& member, std::string_view) override { scalar(key, member); }
  void value(std::string_view key, std::int64_t& member, std::string_view, Range range) override {
    number(key, member, range);
  }
  void value(std::string_view key, double& member, std::string_view, Range range) override {
    number(key, member, range);
  }
  void value(std::string_view key, std::string& member, std::string_view doc, Need need) override {
    if (!find(key)) return required(key, member, doc, need);
    if (scalar(key, member)) required(key, member, doc, need);
  }
  void path(std::string_view key, std::string& member, std::string_view doc, Need need) override {
    const Node* node = find(key);
    value(key, member, doc, need);
    if (!node || member.empty()) return;
    const auto& folder = node->source->folder;
    member = (folder / member).lexically_normal().string();
  }
  void value(std::string_view key, std::vector<std::string>& member, std::string_view) override {
    list<std::string>(key, member, {});
  }
  void value(std::string_view key, std::vector<double>& member, std::string_view,
             Range range) override {
    list<double>(key, member, range);
  }
  void value(std::string_view key, std::vector<std::int64_t>& member, std::string_view,
             Range range) override {
    list<std::int64_t>(key, member, range);
  }
  void value(std::string_view key, std::optional<std::int64_t>& member, std::string_view,
             Range range) override {
    optional(key, member, range);
  }
  void value(std::string_view key, std::optional<double>& member, std::string_view,
             Range range) override {
    optional(key, member, range);
  }
  void section(std::string_view key, Section& member, std::string_view) override {
    enter(member, find(key), dotted(key));
  }
  void component(std::string_view key, AnyChoice& member, std::string_view doc,
                 Need need) override {
    const Node* node = find(key);
    if (node && node->is_null() && need == Need::kOptional) {
      member.type.clear();
      member.assign(nullptr);
    } else if (!node || node->is_null()) {
      if (member.section())
        enter(*member.section(), nullptr, dotted(key), true);
      else if (need == Need::kRequired)
        problem(node, dotted(key),
                fmt::format("required ({}); {}", doc, table_list(member.table())));
    } else {
      choose(member, node, dotted(key));
    }
  }

 protected:
  void choice_index(std::string_view key, std::size_t& index, std::string_view,
                    const std::vector<std::string_view>& words) override {
    const Node* node = find(key);
    if (!node) return;
    const auto found = std::find(words.begin(), words.end(), node->text);
    if (node->is_scalar() && found != words.end()) {
      index = static_cast<std::size_t>(found - words.begin());
      return;
    }
    const std::vector<std::string> known(words.begin(), words.end());
    problem(node, dotted(key),
            fmt::format("expected one of {}, got {}{}", core::join(known, " "), node->shown(),
                        node->is_scalar() ? suggestion(node->text, known) : ""));
  }

  bool optional_section(std::string_view key, bool present, std::string_view) override {
    const Node* node = find(key);
    return node ? !node->is_null() : present;
  }
  bool in_optional_section(std::string_view key, Section& member, std::string_view) override {
    enter(member, find(key), dotted(key));
    return true;
  }

  std::size_t list_size(std::string_view key, std::size_t current, std::string_view,
                        const AnyTable* table, ListForm form) override {
    const Node* node = find(key);
    List list{nullptr, {}, dotted(key), form == ListForm::kOneOrList};
    if (!node) {
      list.items.resize(current, nullptr);
      list.one = list.one && current == 1;
    } else if (node->is_list()) {
      for (const auto& item : node->items) list.items.push_back(item.get());
      list.one = false;
    } else if (node->is_map() && list.one) {
      list.items.push_back(node);
    } else if (!node->is_null()) {
      const bool item =
          node->is_map() && !node->members.empty() && is_index(node->members.front().first);
      problem(node, list.dotted,
              item ? "the file gives no such list, so its items cannot be set one by one; give the "
                     "whole list"
                   : fmt::format("expected a list of {}, got {}", table ? "{type: ...}" : "maps",
                                 node->shown()));
    }
    lists_.push_back(std::move(list));
    return lists_.back().items.size();
  }
  void list_item(std::string_view, std::size_t index, Section& member) override {
    const Node* item = lists_.back().items[index];
    const std::string name = join_key(lists_.back().dotted, std::to_string(index));
    if (item && item->is_null())
      problem(item, name, "expected a map, got nothing (null)");
    else
      enter(member, item, name);
  }
  void list_item(std::string_view, std::size_t index, AnyChoice& member) override {
    const List& list = lists_.back();
    const Node* item = list.items[index];
    const std::string name = list.one ? list.dotted : join_key(list.dotted, std::to_string(index));
    if (item)
      choose(member, item, name);
    else if (member.section())
      enter(*member.section(), nullptr, name, true);
  }
  void end_list(std::string_view) override { lists_.pop_back(); }

  std::vector<std::string> map_names(std::string_view key, const std::vector<std::string>& current,
                                     std::string_view, const AnyTable&) override {
    const Node* node = find(key);
    List map{node, {}, dotted(key), false};
    std::vector<std::string> names;
    if (!node) {
      names = current;
    } else if (node->is_map()) {
      for (const auto& [name, item] : node->members) {
        const bool good = std::all_of(name.begin(), name.end(), [](char c) {
          return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_';
        });
        if (good && !item->is_null())
          names.push_back(name);
        else if (!good)
          problem(item.get(), join_key(map.dotted, name), "a name has only a-z, 0-9 and _");
      }
    } else if (!node->is_null()) {
      problem(node, map.dotted, fmt::format("expected a map of names, got {}", node->shown()));
    }
    lists_.push_back(std::move(map));
    return names;
  }
  void map_item(std::string_view, const std::string& name, AnyChoice& member) override {
    const List& map = lists_.back();
    const Node* item = map.node && map.node->is_map() ? map.node->find(name) : nullptr;
    if (item)
      choose(member, item, join_key(map.dotted, name));
    else if (member.section())
      enter(*member.section(), nullptr, join_key(map.dotted, name), true);
  }
  void end_map(std::string_view) override { lists_.pop_back(); }

 private:
  struct Frame {
    const Node* node;   // null: the section is not in the document
    const Node* place;  // node, or the nearest one around it: where missing keys are reported
    std::string dotted;
    std::vector<std::string> known;
  };
  struct List {
    const Node* node;
    std::vector<const Node*> items;
    std::string dotted;
    bool one;  // a single component in the list's place
  };

  class Checks final : public Problems {
   public:
    explicit Checks(Reader& reader) : reader_(reader) {}
    void add(std::string_view key, const std::string& message) override {
      const Frame& frame = reader_.frames_.back();
      const Node* place = frame.node;
      for (const auto& part : core::split(key, '.')) {
        const Node* next = nullptr;
        if (place && place->is_map()) next = place->find(part);
        if (place && place->is_list() && is_index(part) && std::stoul(part) < place->items.size())
          next = place->items[std::stoul(part)].get();
        if (!next) break;
        place = next;
      }
      reader_.problem(place, join_key(frame.dotted, key), message);
    }

   private:
    Reader& reader_;
  };

  static const Source* main_source(const Document& document) {
    return document.node() ? document.node()->source.get() : nullptr;
  }

  const Node* nearest_node() const { return frames_.empty() ? nullptr : frames_.back().place; }

  std::string dotted(std::string_view key) const { return join_key(frames_.back().dotted, key); }

  const Node* find(std::string_view key) {
    Frame& frame = frames_.back();
    if (std::find(frame.known.begin(), frame.known.end(), key) == frame.known.end())
      frame.known.emplace_back(key);
    return frame.node ? frame.node->find(key) : nullptr;
  }

  void problem(const Node* node, const std::string& dotted, const std::string& message) {
    if (!node) node = nearest_node();
    const std::string name = dotted.empty() ? "the file" : dotted;
    if (!node || !node->source) {
      problems_.push_back({0, "", 0, 0, fmt::format("{}: {}", name, message)});
      return;
    }
    const Source& source = *node->source;
    const int rank = source.is_set ? 2 : main_ && source.name == main_->name ? 0 : 1;
    problems_.push_back({rank, source.is_set ? "" : source.name, source.is_set ? 0 : node->line,
                         source.is_set ? 0 : node->column,
                         fmt::format("{}: {}: {}", node->position(), name, message)});
  }

  void expected(const Node* node, const std::string& name, const std::string& what) {
    problem(node, name, fmt::format("expected {}, got {}", what, node->shown()));
  }

  void report_unknown() {
    const Frame& frame = frames_.back();
    if (!frame.node) return;
    for (const auto& [key, node] : frame.node->members) {
      if (std::find(frame.known.begin(), frame.known.end(), key) != frame.known.end()) continue;
      const std::string keys = "; the keys here are: " + core::join(frame.known, " ");
      problem(node.get(), dotted(key), "unknown key" + suggestion(key, frame.known, keys));
    }
  }

  void required(std::string_view key, const std::string& member, std::string_view doc, Need need) {
    if (need == Need::kRequired && member.empty())
      problem(find(key), dotted(key), fmt::format("required: {}", doc));
  }

  template <class T>
  bool scalar(std::string_view key, T& member) {
    const Node* node = find(key);
    if (!node) return true;
    const std::string wanted = read_scalar(*node, member);
    if (!wanted.empty()) expected(node, dotted(key), wanted);
    return wanted.empty();
  }

  template <class T>
  bool read_number(const Node* node, const std::string& name, T& result, Range range) {
    T read{};
    std::string wanted = read_scalar(*node, read);
    if constexpr (!std::is_same_v<T, std::string>) {
      const auto size = static_cast<double>(read);
      if (wanted.empty() && !(size >= range.low && size <= range.high)) wanted = expected_in(range);
    }
    if (!wanted.empty()) expected(node, name, wanted);
    if (wanted.empty()) result = std::move(read);
    return wanted.empty();
  }

  template <class T>
  void number(std::string_view key, T& member, Range range) {
    if (const Node* node = find(key)) read_number(node, dotted(key), member, range);
  }

  template <class T>
  void optional(std::string_view key, std::optional<T>& member, Range range) {
    const Node* node = find(key);
    if (!node) return;
    T read{};
    if (node->is_null())
      member.reset();
    else if (read_number(node, dotted(key), read, range))
      member = read;
  }

  template <class T>
  void list(std::string_view key, std::vector<T>& member, Range range) {
    const Node* node = find(key);
    if (!node) return;
    if (!node->is_list()) return expected(node, dotted(key), "a list such as [a, b]");
    std::vector<T> result(node->items.size());
    for (std::size_t i = 0; i < result.size(); ++i)
      read_number(node->items[i].get(), join_key(dotted(key), std::to_string(i)), result[i], range);
    member = std::move(result);
  }

  void choose(AnyChoice& member, const Node* node, const std::string& name) {
    const AnyTable& table = member.table();
    if (!node->is_map()) {
      const bool known = node->is_scalar() && table.make_section(node->text) != nullptr;
      const std::string example = known                   ? node->text
                                  : table.names().empty() ? "NAME"
                                                          : table.names()[0].first;
      return expected(node, name, fmt::format("a map such as {{type: {}}}", example));
    }
    const Node* type = node->find("type");
    if (type && !type->is_scalar()) return expected(type, name + ".type", "a name");
    const std::string chosen = type ? type->text : member.type;
    if (chosen.empty()) return problem(node, name, "no 'type'; " + table_list(table));
    auto section = table.make_section(chosen);
    if (!section) return problem(type ? type : node, name + ".type", unknown_type(table, chosen));
    member.type = chosen;
    member.assign(std::move(section));
    if (!member.section()) throw std::logic_error(name + ": a component of another table");
    enter(*member.section(), node, name, true);
  }

  const Source* main_;
  std::vector<Frame> frames_;
  std::vector<List> lists_;
  std::vector<Problem> problems_;
};

}  // namespace

std::vector<std::string> problems(const Document& document, Section& target) {
  Reader reader(document);
  reader.enter(target, document.node(), "");
  return reader.lines();
}

void read(const Document& document, Section& target) { throw_problems(problems(document, target)); }

}  // namespace theriac::config
