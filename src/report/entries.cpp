#include "report/entries.h"

#include <fmt/format.h>

#include "report/figures.h"

namespace theriac::report {

Entry missing(const std::string& text) {
  Entry entry{text, "", -1, Entry::Mood::kQuiet};
  entry.fields = {""};
  return entry;
}

Entry rate_entry(double value) {
  Entry entry{percent(value), ""};
  entry.fields = {percent(value)};
  return entry;
}

Entry rate_entry(double value, double low, double high) {
  Entry entry{percent(value), fmt::format("[{}, {}]", percent(low), percent(high))};
  entry.fields = {percent(value), percent(low), percent(high)};
  return entry;
}

Entry rate_entry(const Measurement* record) {
  return record ? rate_entry(record->value, record->low, record->high) : missing();
}

std::string signed_points(double value) {
  const std::string text = percent(value);
  return text.starts_with('-') ? text : "+" + text;
}

Entry difference_entry(double value, double low, double high) {
  Entry entry = rate_entry(value, low, high);
  entry.text = signed_points(value);
  return entry;
}

Entry pair_entry(const std::string& first, const std::string& between, const std::string& second) {
  Entry entry{first + between + second, ""};
  entry.fields = {first, second};
  return entry;
}

Entry count_entry(std::size_t count) { return {std::to_string(count), ""}; }

std::vector<std::string> with_interval(const std::string& name) {
  return {name, name + "_low", name + "_high"};
}

}  // namespace theriac::report
