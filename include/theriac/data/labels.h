#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <unordered_map>

namespace theriac::data {

// Class ids by sample key, from a CSV file with the columns `key` and `label` (0, 1, 2, ...). `tag`
// starts the message of an Error: unreadable, a column missing, a label that is not such a number,
// a key with two labels.
std::unordered_map<std::string, std::int64_t> read_labels(std::string_view tag,
                                                          const std::string& path);

}  // namespace theriac::data
