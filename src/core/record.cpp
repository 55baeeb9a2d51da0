#include "theriac/core/record.h"

#include <fmt/core.h>

#include <cmath>
#include <limits>
#include <nlohmann/json.hpp>
#include <string_view>
#include <type_traits>

#include "theriac/core/error.h"
#include "theriac/core/files.h"

namespace theriac::core {
namespace {

// The one listing of a record's keys.
template <class R, class Visit>
void visit(R& r, Visit&& field) {
  field("metric", r.metric);
  field("value", r.value);
  field("low", r.low);
  field("high", r.high);
  field("n", r.n);
  field("excluded", r.excluded);
  field("data", r.data);
  field("data_id", r.data_id);
  field("protocol", r.protocol);
  field("protocol_id", r.protocol_id);
  field("target", r.target);
  field("trigger", r.trigger);
  field("trigger_seed", r.trigger_seed);
  field("prompts", r.prompts);
  field("checkpoint", r.checkpoint);
  field("epoch", r.epoch);
  field("step", r.step);
  field("outcomes", r.outcomes);
}

[[noreturn]] void wrong(const char* key, const char* expected, const nlohmann::json& value) {
  throw Error(fmt::format("record: {}: expected {}, got {}", key, expected,
                          value.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace)));
}

void take(const nlohmann::json& value, const char* key, std::string& member) {
  if (!value.is_string()) wrong(key, "a string", value);
  member = value.get<std::string>();
}

void take(const nlohmann::json& value, const char* key, std::int64_t& member) {
  const bool too_large = value.is_number_unsigned() &&
                         value.get<std::uint64_t>() >
                             static_cast<std::uint64_t>(std::numeric_limits<std::int64_t>::max());
  if (!value.is_number_integer() || too_large) wrong(key, "an integer", value);
  member = value.get<std::int64_t>();
}

void take(const nlohmann::json& value, const char* key, double& member) {
  if (!value.is_number() && !value.is_null()) wrong(key, "a number or null", value);
  member = value.is_null() ? std::numeric_limits<double>::quiet_NaN() : value.get<double>();
}

}  // namespace

void to_json(nlohmann::json& json, const Record& record) {
  json = nlohmann::json::object();
  visit(record, [&](const char* key, const auto& member) {
    if constexpr (std::is_same_v<std::decay_t<decltype(member)>, double>)
      json[key] = std::isfinite(member) ? nlohmann::json(member) : nlohmann::json(nullptr);
    else
      json[key] = member;
  });
}

void from_json(const nlohmann::json& json, Record& record) {
  if (!json.is_object()) wrong("", "an object", json);
  std::size_t known = 0;
  visit(record, [&](const char* key, auto& member) {
    const auto found = json.find(key);
    if (found == json.end())
      throw Error(fmt::format("record: no key '{}'; it was written by another version", key));
    take(*found, key, member);
    ++known;
  });
  if (json.size() == known) return;
  for (const auto& item : json.items()) {
    bool found = false;
    visit(record, [&](const char* key, const auto&) { found |= item.key() == key; });
    if (!found)
      throw Error(
          fmt::format("record: unknown key '{}'; it was written by another version", item.key()));
  }
}

RecordFile read_records(const std::string& path, LastLine last) {
  const std::string bytes = read_file(path);
  RecordFile file{path, {}, {}};
  std::size_t start = 0, number = 1;
  for (std::size_t end; (end = bytes.find('\n', start)) != std::string::npos;
       start = end + 1, ++number) {
    const std::string_view line(bytes.data() + start, end - start);
    std::string reason;
    try {
      const auto json = nlohmann::json::parse(line, nullptr, false);
      if (json.is_discarded())
        reason = "not JSON";
      else
        file.records.push_back(json.get<Record>());
    } catch (const Error& error) {
      reason = error.what();
    }
    if (!reason.empty())
      file.damage.push_back({number, std::move(reason), std::string(line), file.records.size()});
  }
  if (start < bytes.size() && last == LastLine::kIsWhole)
    file.damage.push_back({number, "cut off", bytes.substr(start), file.records.size()});
  return file;
}

std::string RecordFile::damage_text() const {
  if (damage.empty()) return {};
  std::string text = fmt::format("{}:{}: {}", path, damage.front().line, damage.front().reason);
  const std::size_t more = damage.size() - 1;
  if (more > 0) text += fmt::format(" (and {} more line{})", more, more == 1 ? "" : "s");
  return text;
}

Interval wilson(std::int64_t successes, std::int64_t n) {
  if (n <= 0) return {0, 1};
  constexpr double z = 1.959963984540054;
  const double count = static_cast<double>(n);
  const double rate = static_cast<double>(successes) / count;
  const double scale = 1 / (1 + z * z / count);
  const double middle = scale * (rate + z * z / (2 * count));
  const double half =
      scale * z * std::sqrt(rate * (1 - rate) / count + z * z / (4 * count * count));
  return {successes == 0 ? 0 : std::fmax(0, middle - half),
          successes == n ? 1 : std::fmin(1, middle + half)};
}

}  // namespace theriac::core
