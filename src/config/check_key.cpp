#include <fmt/core.h>

#include <stdexcept>

#include "config/node.h"
#include "config/scalars.h"
#include "theriac/config/fields.h"
#include "theriac/core/text.h"

namespace theriac::config {
namespace {

// Follows one dotted path through a section and the components chosen there.
class KeyCheck final : public Fields {
 public:
  explicit KeyCheck(std::string_view dotted) : parts_(core::split(dotted, '.')) {}

  std::string run(Section& root) {
    into(root, false);
    return message_;
  }

  void value(std::string_view key, bool&, std::string_view) override { leaf(key); }
  void value(std::string_view key, std::int64_t&, std::string_view, Range) override { leaf(key); }
  void value(std::string_view key, double&, std::string_view, Range) override { leaf(key); }
  void value(std::string_view key, std::string&, std::string_view, Need) override { leaf(key); }
  void path(std::string_view key, std::string&, std::string_view, Need) override { leaf(key); }
  void value(std::string_view key, std::vector<std::string>& member, std::string_view) override {
    values(key, member.size());
  }
  void value(std::string_view key, std::vector<double>& member, std::string_view, Range) override {
    values(key, member.size());
  }
  void value(std::string_view key, std::vector<std::int64_t>& member, std::string_view,
             Range) override {
    values(key, member.size());
  }
  void value(std::string_view key, std::optional<std::int64_t>&, std::string_view, Range) override {
    leaf(key);
  }
  void value(std::string_view key, std::optional<double>&, std::string_view, Range) override {
    leaf(key);
  }
  void section(std::string_view key, Section& member, std::string_view) override {
    if (here(key) && !last()) descend(member, false);
  }
  void component(std::string_view key, AnyChoice& member, std::string_view, Need) override {
    if (here(key) && !last()) choice(member);
  }

 protected:
  void choice_index(std::string_view key, std::size_t&, std::string_view,
                    const std::vector<std::string_view>&) override {
    leaf(key);
  }
  bool optional_section(std::string_view key, bool present, std::string_view) override {
    present_ = present;
    wanted_ = here(key);
    return present || (wanted_ && !last());
  }
  bool in_optional_section(std::string_view, Section& member, std::string_view) override {
    const bool present = present_;
    if (wanted_ && !last()) descend(member, false);
    return present;
  }
  std::size_t list_size(std::string_view key, std::size_t current, std::string_view,
                        const AnyTable*, ListForm form) override {
    List list{here(key) && !last(), false, current};
    list.one = list.wanted && form == ListForm::kOneOrList && current == 1 && !is_index(next());
    if (list.wanted && !list.one) index(current);
    lists_.push_back(list);
    return current;
  }
  void list_item(std::string_view, std::size_t index, Section& member) override {
    if (wants(index)) item([&] { descend(member, false); });
  }
  void list_item(std::string_view, std::size_t index, AnyChoice& member) override {
    if (!wants(index)) return;
    if (lists_.back().one)
      choice(member);
    else
      item([&] { choice(member); });
  }
  void end_list(std::string_view) override { lists_.pop_back(); }
  std::vector<std::string> map_names(std::string_view key, const std::vector<std::string>& current,
                                     std::string_view, const AnyTable&) override {
    const bool wanted = here(key) && !last();
    bool known = false;
    for (const auto& name : current) known |= wanted && name == next();
    if (wanted && !known)
      message_ =
          fmt::format("{}: no such name{}", upto(depth_ + 2),
                      suggestion(next(), current, "; there are: " + core::join(current, " ")));
    lists_.push_back({wanted, false, current.size()});
    return current;
  }
  void map_item(std::string_view, const std::string& name, AnyChoice& member) override {
    if (lists_.back().wanted && name == next()) item([&] { choice(member); });
  }
  void end_map(std::string_view) override { lists_.pop_back(); }

 private:
  struct List {
    bool wanted, one;
    std::size_t size;
  };

  // parts_[depth_] is the key that is looked for in the section being visited.
  bool last() const { return depth_ + 1 == parts_.size(); }
  const std::string& next() const { return parts_[depth_ + 1]; }
  std::string upto(std::size_t count) const {
    return core::join({parts_.begin(), parts_.begin() + static_cast<std::ptrdiff_t>(count)}, ".");
  }

  bool here(std::string_view key) {
    known_.emplace_back(key);
    const bool match = parts_[depth_] == key && message_.empty();
    found_ |= match;
    return match;
  }

  void leaf(std::string_view key) {
    if (here(key) && !last())
      message_ =
          fmt::format("{}: a single value; there is no '{}' below it", upto(depth_ + 1), next());
  }
  void values(std::string_view key, std::size_t size) {
    if (!here(key) || last() || !index(size)) return;
    if (depth_ + 2 < parts_.size())
      message_ = fmt::format("{}: a single value; there is no '{}' below it", upto(depth_ + 2),
                             parts_[depth_ + 2]);
  }
  bool index(std::size_t size) {
    if (!is_index(next()))
      message_ = fmt::format("{}: a list; its items are named by number: {}.0", upto(depth_ + 1),
                             upto(depth_ + 1));
    else if (std::stoul(next()) >= size)
      message_ = fmt::format("{}: the list has {} item(s); the first is 0", upto(depth_ + 2), size);
    return message_.empty();
  }
  bool wants(std::size_t index) const {
    const List& list = lists_.back();
    if (!list.wanted || !message_.empty()) return false;
    return list.one || (is_index(next()) && std::stoul(next()) == index);
  }

  template <class Visit>
  void item(Visit visit) {
    ++depth_;
    if (!last()) visit();
    --depth_;
  }

  void choice(AnyChoice& member) {
    if (member.section()) return descend(*member.section(), true);
    if (auto fresh = member.table().make_section(member.type)) return descend(*fresh, true);
    if (next() == "type" && depth_ + 2 == parts_.size()) return;
    message_ = fmt::format("{}: nothing is chosen there; set {}.type first; {}", upto(depth_ + 1),
                           upto(depth_ + 1), table_list(member.table()));
  }

  void descend(Section& section, bool is_component) {
    ++depth_;
    into(section, is_component);
    --depth_;
  }

  void into(Section& section, bool is_component) {
    const bool outer_found = std::exchange(found_, false);
    auto outer_known = std::exchange(known_, {});
    if (is_component && here("type") && !last())
      message_ = fmt::format("{}: a single value", upto(depth_ + 1));
    section.describe(*this);
    if (!found_ && message_.empty())
      message_ = fmt::format(
          "{}: unknown key{}", upto(depth_ + 1),
          suggestion(parts_[depth_], known_, "; the keys here are: " + core::join(known_, " ")));
    found_ = outer_found;
    known_ = std::move(outer_known);
  }

  std::vector<std::string> parts_;
  std::size_t depth_ = 0;
  bool found_ = false, wanted_ = false, present_ = false;
  std::vector<std::string> known_;
  std::vector<List> lists_;
  std::string message_;
};

}  // namespace

std::string check_key(std::string_view dotted, Section& target) {
  return KeyCheck(dotted).run(target);
}

}  // namespace theriac::config
