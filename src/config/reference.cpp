#include <fmt/core.h>

#include <algorithm>

#include "config/node.h"
#include "config/scalars.h"
#include "config/tree.h"
#include "theriac/config/fields.h"
#include "theriac/core/text.h"

namespace theriac::config {
namespace {

std::string seam_title(const AnyTable& table) { return "Components: " + std::string(table.seam()); }

std::string seam_link(const AnyTable& table) {
  std::string anchor = core::lower_ascii("components-" + std::string(table.seam()));
  std::replace(anchor.begin(), anchor.end(), ' ', '-');
  return fmt::format("[{}](#{})", table.seam(), anchor);
}

std::string cell(std::string text) {
  for (std::size_t i = 0; (i = text.find('|', i)) != std::string::npos; i += 2)
    text.insert(i, "\\");
  return text;
}

// The rows of one section: nested sections give rows with dotted keys, or, at the top, parts of
// their own.
class Listing final : public Fields {
 public:
  struct Row {
    std::string key, type, value, range, doc;
  };
  struct Part {
    std::string title, doc;
    std::vector<Row> rows;
  };

  std::vector<Part> parts;
  std::vector<const AnyTable*> tables;

  Listing(Section& section, bool with_parts) : with_parts_(with_parts) {
    parts.push_back({});
    section.describe(*this);
  }

  void value(std::string_view key, bool& member, std::string_view doc) override {
    row(key, "true or false", member ? "true" : "false", "", doc);
  }
  void value(std::string_view key, std::int64_t& member, std::string_view doc,
             Range range) override {
    row(key, "integer", std::to_string(member), range_text(range), doc);
  }
  void value(std::string_view key, double& member, std::string_view doc, Range range) override {
    row(key, "number", number_text(member), range_text(range), doc);
  }
  void value(std::string_view key, std::string& member, std::string_view doc, Need need) override {
    row(key, "text", text(member, need), "", doc);
  }
  void path(std::string_view key, std::string& member, std::string_view doc, Need need) override {
    row(key, "path", text(member, need), "", doc);
  }
  void value(std::string_view key, std::vector<std::string>& member,
             std::string_view doc) override {
    row(key, "list of text", leaf_text(member), "", doc);
  }
  void value(std::string_view key, std::vector<double>& member, std::string_view doc,
             Range range) override {
    row(key, "list of numbers", leaf_text(member), range_text(range), doc);
  }
  void value(std::string_view key, std::vector<std::int64_t>& member, std::string_view doc,
             Range range) override {
    row(key, "list of integers", leaf_text(member), range_text(range), doc);
  }
  void value(std::string_view key, std::optional<std::int64_t>& member, std::string_view doc,
             Range range) override {
    row(key, "integer or null", member ? std::to_string(*member) : "null", range_text(range), doc);
  }
  void value(std::string_view key, std::optional<double>& member, std::string_view doc,
             Range range) override {
    row(key, "number or null", member ? number_text(*member) : "null", range_text(range), doc);
  }
  void section(std::string_view key, Section& member, std::string_view doc) override {
    nested(key, member, std::string(doc));
  }
  void component(std::string_view key, AnyChoice& member, std::string_view doc,
                 Need need) override {
    use(member.table());
    const bool required = need == Need::kRequired;
    row(key, seam_link(member.table()),
        !member.type.empty() ? member.type
        : required           ? "*required*"
                             : "null",
        "", doc);
  }

 protected:
  void choice_index(std::string_view key, std::size_t& index, std::string_view doc,
                    const std::vector<std::string_view>& words) override {
    const std::vector<std::string> names(words.begin(), words.end());
    row(key, core::join(names, ", "), names[index], "", doc);
  }
  bool optional_section(std::string_view, bool present, std::string_view) override {
    present_ = present;
    return true;
  }
  bool in_optional_section(std::string_view key, Section& member, std::string_view doc) override {
    const bool present = present_;
    nested(key, member, std::string(doc) + (present ? " (null: left out)" : " (may be left out)"));
    return present;
  }
  std::size_t list_size(std::string_view key, std::size_t current, std::string_view doc,
                        const AnyTable* table, ListForm form) override {
    types_.clear();
    if (!table) {
      row(key, "list of maps", "[]", "", doc);
      prefixes_.push_back(prefix() + std::string(key) + "[].");
      return std::max<std::size_t>(current, 1);
    }
    use(*table);
    const std::string link = seam_link(*table);
    row(key, form == ListForm::kOneOrList ? link + ", or a list of them" : "list of " + link, "",
        "", doc);
    prefixes_.push_back("");
    return current;
  }
  void list_item(std::string_view, std::size_t index, Section& member) override {
    if (index == 0) member.describe(*this);
  }
  void list_item(std::string_view, std::size_t, AnyChoice& member) override {
    types_.push_back(member.type);
  }
  void end_list(std::string_view) override {
    if (prefixes_.back().empty()) {
      std::string& value = parts.back().rows.back().value;
      value = types_.empty() ? "[]" : core::join(types_, ", ");
    }
    prefixes_.pop_back();
  }
  std::vector<std::string> map_names(std::string_view key, const std::vector<std::string>&,
                                     std::string_view doc, const AnyTable& table) override {
    use(table);
    row(key, "map of names to " + seam_link(table), "{}", "", doc);
    return {};
  }
  void map_item(std::string_view, const std::string&, AnyChoice&) override {}
  void end_map(std::string_view) override {}

 private:
  static std::string text(const std::string& member, Need need) {
    if (need == Need::kRequired && member.empty()) return "*required*";
    return yaml_text(member);
  }
  std::string prefix() const { return prefixes_.empty() ? "" : prefixes_.back(); }

  void row(std::string_view key, std::string type, std::string value, std::string range,
           std::string_view doc) {
    parts.back().rows.push_back({prefix() + std::string(key), std::move(type), std::move(value),
                                 std::move(range), std::string(doc)});
  }

  void nested(std::string_view key, Section& member, const std::string& doc) {
    if (with_parts_ && prefixes_.empty()) {
      Listing inner(member, false);
      inner.parts[0].title = key;
      inner.parts[0].doc = doc;
      later_.push_back(std::move(inner.parts[0]));
      for (const auto* table : inner.tables) use(*table);
      return;
    }
    prefixes_.push_back(prefix() + std::string(key) + ".");
    member.describe(*this);
    prefixes_.pop_back();
  }

  void use(const AnyTable& table) {
    if (std::find(tables.begin(), tables.end(), &table) == tables.end()) tables.push_back(&table);
  }

 public:
  std::vector<Part> all_parts() {
    std::vector<Part> result = parts;
    result.insert(result.end(), later_.begin(), later_.end());
    return result;
  }

 private:
  bool with_parts_;
  bool present_ = false;
  std::vector<Part> later_;
  std::vector<std::string> prefixes_, types_;
};

std::string markdown(const std::vector<Listing::Row>& rows) {
  if (rows.empty()) return "No settings.\n";
  std::string text = "| key | type | default | range | meaning |\n|---|---|---|---|---|\n";
  for (const auto& row : rows) {
    const bool literal = !row.value.empty() && row.value[0] != '*';
    text +=
        fmt::format("| `{}` | {} | {} | {} | {} |\n", row.key, cell(row.type),
                    literal ? "`" + cell(row.value) + "`" : row.value, row.range, cell(row.doc));
  }
  return text;
}

}  // namespace

std::string reference(Section& root) {
  Listing top(root, true);
  std::string text =
      "# Configuration reference\n\nGenerated by `theriac config reference`; do not edit.\n"
      "A component is a map with `type:`; what it may hold besides stands under its name below.\n"
      "An experiment file may have three keys more, `base`, `sweep` and `expect`: "
      "[experiments.md](experiments.md).\n";
  for (const auto& part : top.all_parts()) {
    if (part.title.empty() && part.rows.empty()) continue;
    text += part.title.empty() ? "\n## Top level\n" : fmt::format("\n## {}\n", part.title);
    if (!part.doc.empty()) text += "\n" + part.doc + "\n";
    text += "\n" + markdown(part.rows);
  }
  std::vector<const AnyTable*> tables = top.tables;
  for (std::size_t i = 0; i < tables.size(); ++i) {
    text += fmt::format("\n## {}\n", seam_title(*tables[i]));
    for (const auto& [name, doc] : tables[i]->names()) {
      const auto section = tables[i]->make_section(name);
      const Listing listing(*section, false);
      text += fmt::format("\n### `{}`\n\n{}\n\n{}", name, doc, markdown(listing.parts[0].rows));
      for (const auto* table : listing.tables)
        if (std::find(tables.begin(), tables.end(), table) == tables.end()) tables.push_back(table);
    }
  }
  return text;
}

}  // namespace theriac::config
