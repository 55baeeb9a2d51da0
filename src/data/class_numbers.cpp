#include "data/class_numbers.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>

#include "theriac/core/text.h"

namespace theriac::data {
namespace {

constexpr std::int32_t kMostClasses = 1'000'000;

}  // namespace

std::optional<std::int32_t> as_class_number(std::string_view text) {
  std::int32_t value = -1;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  const bool whole = error == std::errc() && end == text.data() + text.size();
  return whole && value >= 0 && value < kMostClasses ? std::optional(value) : std::nullopt;
}

ClassNumbers::ClassNumbers(const std::vector<std::string>& classes) : count_(classes.size()) {
  for (std::size_t i = 0; i < classes.size(); ++i) {
    const auto [place, is_new] = by_name_.try_emplace(classes[i], static_cast<std::int32_t>(i));
    if (!is_new) place->second.reset();
  }
}

std::optional<std::int32_t> ClassNumbers::operator()(std::string_view label) const {
  if (const auto found = by_name_.find(std::string(label)); found != by_name_.end())
    return found->second;
  const auto number = as_class_number(label);
  const bool known = number && (count_ == 0 || static_cast<std::size_t>(*number) < count_);
  return known ? number : std::nullopt;
}

std::string class_problem(std::string_view label, const std::vector<std::string>& classes) {
  if (std::ranges::count(classes, label) > 1)
    return fmt::format("{} classes are named \"{}\"; write the class as a number",
                       std::ranges::count(classes, label), label);
  const std::string near = core::nearest(std::string(label), classes);
  return fmt::format("unknown class \"{}\"{}", label,
                     near.empty() ? "" : fmt::format("; did you mean \"{}\"?", near));
}

}  // namespace theriac::data
