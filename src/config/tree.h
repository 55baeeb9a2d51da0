#pragma once

#include <nlohmann/json.hpp>
#include <string>

#include "theriac/config/document.h"

namespace theriac::config {

// A section's values in the listing's order.
nlohmann::ordered_json to_tree(Section& section);

// One leaf of a tree as it stands in YAML: scalars, and lists of scalars as [a, b].
std::string leaf_text(const nlohmann::ordered_json& leaf);
bool is_leaf(const nlohmann::ordered_json& value);

}  // namespace theriac::config
