#pragma once

#include <filesystem>
#include <memory>
#include <nlohmann/json_fwd.hpp>
#include <string>
#include <string_view>
#include <vector>

#include "theriac/config/fields.h"

namespace theriac::config {

// A parsed configuration tree that remembers where every value came from. YAML or JSON, one strict
// parser for both: anchors, aliases, tags, merge keys, duplicate keys, files over 1 MiB, depth over
// 32 are refused. Values are read from it by read(); nothing else looks inside, except a sweep.
class Document {
 public:
  // `path` and the files it names under `base:` (a path or a list, relative to the file; a cycle is
  // an error), merged: maps merge, lists and scalars replace, null removes, a changed `type:`
  // replaces the whole map. Throws Error listing every problem as file:line:column.
  static Document load(const std::filesystem::path& path);
  static Document parse(std::string_view text, const std::string& name);  // for tests and --set

  Document();  // empty
  Document(const Document&);
  Document(Document&&) noexcept;
  Document& operator=(Document);
  ~Document();

  // Merges "a.b=c" (value parsed as YAML; `a.0.b` addresses list items); later wins.
  // Its origin is "--set a.b=c".
  void set(std::string_view assignment);
  // Merges another tree into this one, as above.
  void merge(const Document& patch);
  // Removes a top-level key and returns it (empty document when absent): `sweep`, `expect`.
  Document take(std::string_view key);
  // A copy of the subtree at a dotted path; empty document when absent.
  Document at(std::string_view dotted) const;
  // A tree that holds only `value` at the dotted path: the patch for one value of a sweep axis.
  static Document single(std::string_view dotted, const Document& value);

  bool empty() const;  // absent or null
  bool is_map() const;
  bool is_list() const;
  bool is_scalar() const;
  std::vector<std::string> keys() const;  // of a map, in order
  std::vector<Document> items() const;    // of a list
  std::string scalar() const;             // as written
  std::string position() const;           // "file:line:column" or "--set ..."
  std::string dotted() const;             // dotted path in the file it came from

  struct Node;  // private to config/
  const Node* node() const { return node_.get(); }

 private:
  explicit Document(std::shared_ptr<Node> node);
  std::shared_ptr<Node> node_;
};

// Fills `target` (which holds the defaults) from `document`. Every problem is reported at once:
// unknown key (with "did you mean" or the known keys), wrong type, value out of range, unknown
// component (with the table's list), failed check(). Throws Error.
void read(const Document& document, Section& target);
// The same, collecting instead of throwing; one line per problem, in file order.
std::vector<std::string> problems(const Document& document, Section& target);
// Does the dotted key exist in `target` (through the components chosen there)?
// Returns "" or a message with a suggestion: for sweep axes and --set.
std::string check_key(std::string_view dotted, Section& target);

// The resolved configuration, defaults included, in the listing's order; read(parse(write(x))) = x.
// With `origins`, every value is followed by where it comes from: "# file:line", "# --set a.b=c".
std::string to_yaml(Section& section, const Document* origins = nullptr);
nlohmann::json to_json(Section& section);   // the same as JSON; keys sorted; for hashes
std::string fingerprint(Section& section);  // equal for equal values; quick

struct Difference {
  std::string key, value, default_value;
};
std::vector<Difference> differences(Section& section, Section& defaults);

// docs/config.md: all fields of `root` with type, default, range and doc; every component of every
// table that is reachable, each once. Deterministic. `root` holds the defaults; its lists of
// sections may grow.
std::string reference(Section& root);

}  // namespace theriac::config
