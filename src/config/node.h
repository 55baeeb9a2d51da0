#pragma once

#include <filesystem>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "theriac/config/document.h"

namespace theriac::config {

using NodePtr = std::shared_ptr<Document::Node>;

// A file, a piece of text or a --set option.
struct Source {
  std::string name;              // as shown to people
  std::filesystem::path folder;  // what relative paths start from
  bool is_set = false;
};

// Shared between trees and never changed once built. Its place is that of the key in a map.
struct Document::Node {
  enum class Kind { kNull, kScalar, kMap, kList };

  Kind kind = Kind::kNull;
  std::string text;     // of a scalar
  bool quoted = false;  // so "5" is text, not a number
  std::vector<std::pair<std::string, NodePtr>> members;
  std::vector<NodePtr> items;
  std::shared_ptr<const Source> source;
  int line = 1, column = 1;
  std::string dotted;

  bool is_null() const { return kind == Kind::kNull; }
  bool is_map() const { return kind == Kind::kMap; }
  bool is_list() const { return kind == Kind::kList; }
  bool is_scalar() const { return kind == Kind::kScalar; }
  const Node* find(std::string_view key) const;
  std::string position() const;
  std::string shown() const;  // for "got ...": 'text', a map, a list, nothing
};

std::string join_key(std::string_view prefix, std::string_view key);
bool is_index(std::string_view key);  // decimal digits only

// Parses one YAML (or JSON) document; null without problems when it is empty. What is wrong is
// appended to `problems`, one line each.
NodePtr parse_text(std::string_view text, std::shared_ptr<const Source> source,
                   std::string_view dotted, std::vector<std::string>& problems);

NodePtr merged(const NodePtr& base, const NodePtr& patch);

// "N problems in the configuration:" and one indented line each, thrown as Error; nothing if empty.
void throw_problems(const std::vector<std::string>& problems);

}  // namespace theriac::config
