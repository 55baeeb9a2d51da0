#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "config/node.h"
#include "theriac/config/fields.h"

namespace theriac::config {

// The strict reading of scalars: "" and the value, or what was expected ("an integer", ...).
std::string read_scalar(const Document::Node& node, bool& value);
std::string read_scalar(const Document::Node& node, std::int64_t& value);
std::string read_scalar(const Document::Node& node, double& value);
std::string read_scalar(const Document::Node& node, std::string& value);

std::string number_text(double value);    // shortest that reads back to the same value
std::string range_text(Range range);      // "[1, 1000]", ">= 0", "" for no limits
std::string expected_in(Range range);     // "a value in [1, 1000]", "a value >= 0"
std::string yaml_text(std::string_view);  // plain where that is safe, else in double quotes

// "; did you mean 'x'?", or `otherwise`.
std::string suggestion(std::string_view word, const std::vector<std::string>& known,
                       const std::string& otherwise = "");
std::string table_list(const AnyTable& table);  // "the triggers are:" and one line each
std::string unknown_type(const AnyTable& table, std::string_view type);

}  // namespace theriac::config
