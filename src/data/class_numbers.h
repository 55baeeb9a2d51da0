#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace theriac::data {

// "0", "17", ... below a million.
std::optional<std::int32_t> as_class_number(std::string_view text);

// The numbers of classes as data sets write them: by name or by number.
class ClassNumbers {
 public:
  // Empty: every number below a million is a class.
  explicit ClassNumbers(const std::vector<std::string>& classes);
  // Nothing when `label` is neither a number of the list nor a name that is there once.
  std::optional<std::int32_t> operator()(std::string_view label) const;

 private:
  std::size_t count_;
  std::unordered_map<std::string, std::optional<std::int32_t>> by_name_;
};

// Why `label` is not a class of the list, for messages.
std::string class_problem(std::string_view label, const std::vector<std::string>& classes);

}  // namespace theriac::data
