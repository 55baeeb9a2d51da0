#include <fmt/format.h>

#include <charconv>
#include <nlohmann/json.hpp>
#include <optional>
#include <set>

#include "experiment/slurm_script.h"
#include "theriac/config/document.h"
#include "theriac/core/error.h"
#include "theriac/core/hash.h"
#include "theriac/core/text.h"

namespace theriac::experiment {

namespace fs = std::filesystem;

namespace {

constexpr std::int64_t kShortestTime = 600;  // seconds; half of it is for saving

std::optional<std::int64_t> whole_number(const std::string& text) {
  std::int64_t value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  const bool good = error == std::errc() && end == text.data() + text.size() && value >= 0;
  return good && value < 1'000'000 ? std::optional(value) : std::nullopt;
}

// Seconds of SLURM's times: M, M:S, H:M:S, D-H, D-H:M, D-H:M:S; nullopt for anything else.
std::optional<std::int64_t> slurm_seconds(const std::string& text) {
  const auto dash = text.find('-');
  const bool days = dash != std::string::npos;
  std::vector<std::int64_t> parts;
  for (const auto& part : core::split(days ? text.substr(dash + 1) : text, ':')) {
    const auto value = whole_number(part);
    if (!value) return std::nullopt;
    parts.push_back(*value);
  }
  if (parts.size() > 3) return std::nullopt;
  if (days) {
    const auto value = whole_number(text.substr(0, dash));
    if (!value) return std::nullopt;
    parts.resize(3);
    return *value * 86400 + parts[0] * 3600 + parts[1] * 60 + parts[2];
  }
  if (parts.size() == 3) return parts[0] * 3600 + parts[1] * 60 + parts[2];
  return parts[0] * 60 + (parts.size() == 2 ? parts[1] : 0);
}

void check_time(const std::string& time) {
  const std::string word = core::lower_ascii(time);
  if (time.empty() || word == "unlimited" || word == "infinite") return;
  const auto seconds = slurm_seconds(time);
  if (!seconds)
    throw Error("submit: --time: expected minutes, H:M:S or D-H:M:S, got '" + time + "'");
  if (*seconds > 0 && *seconds < kShortestTime)
    throw Error(
        fmt::format("submit: --time {} is {} s; a task saves 5 minutes before its time is "
                    "up, so give it at least 10 minutes",
                    time, *seconds));
}

// SLURM's sizes: a whole number, and K, M, G or T.
void check_memory(const std::string& memory) {
  if (memory.empty()) return;
  const bool unit = std::string("KMGTkmgt").find(memory.back()) != std::string::npos;
  if (!whole_number(memory.substr(0, memory.size() - unit)))
    throw Error("submit: --mem: expected a size such as 32G or 500M, got '" + memory + "'");
}

// The part of a path before the first component with a pattern, and the rest.
std::pair<fs::path, fs::path> split_at_pattern(const fs::path& path) {
  fs::path front, rest;
  for (const auto& part : path)
    if (!rest.empty() || part.string().find_first_of("{*?[") != std::string::npos)
      rest /= part;
    else
      front /= part;
  return {front, rest};
}

// A folder and a tar file are copied as they are; of everything else, the folder that holds it.
void set_source(NearCopy& copy, const fs::path& path) {
  auto [front, rest] = split_at_pattern(path.lexically_normal());
  if (front.filename().empty()) front = front.parent_path();
  if (!fs::exists(front))
    throw Error("submit: --local-data " + copy.key + ": " + front.string() + " is not there");
  const bool whole = fs::is_directory(front) || front.extension() == ".tar";
  if (!whole) {
    rest = front.filename();
    front = front.parent_path();
  }
  copy.source = front.string();
  copy.rest = rest.string();
}

std::string setting_text(const nlohmann::json& settings, const std::string& key) {
  const nlohmann::json* at = &settings;
  for (const auto& part : core::split(key, '.')) {
    if (!at->is_object() || !at->contains(part)) return {};
    at = &at->at(part);
  }
  return at->is_string() ? at->get<std::string>() : "";
}

}  // namespace

std::vector<NearCopy> near_copies(const std::vector<std::string>& near_data,
                                  const std::vector<const Stage*>& stages) {
  if (near_data.empty()) return {};
  std::vector<nlohmann::json> settings;
  for (const auto* stage : stages) {
    auto config = *stage->config;
    settings.push_back(config::to_json(config));
  }
  std::vector<NearCopy> copies;
  for (const auto& text : near_data) {
    const auto equals = text.find('=');
    if (equals == 0 || equals == std::string::npos || equals + 1 == text.size())
      throw Error(
          "submit: --local-data: expected KEY=FOLDER, such as "
          "data.train.path=/scratch/$USER, got '" +
          text + "'");
    NearCopy copy{text.substr(0, equals), {}, {}, text.substr(equals + 1)};
    std::set<std::string> paths;
    for (const auto& of_stage : settings)
      if (const auto path = setting_text(of_stage, copy.key); !path.empty())
        paths.insert(fs::absolute(path).string());
    if (paths.empty())
      throw Error("submit: --local-data " + copy.key +
                  ": the experiment has no path of this name; `theriac config show` lists them");
    if (paths.size() > 1)
      throw Error("submit: --local-data " + copy.key + ": differs between the cells (" +
                  core::join({paths.begin(), paths.end()}, ", ") +
                  "), so it cannot be copied once");
    set_source(copy, *paths.begin());
    copy.folder += "/" + core::sha256(copy.source).substr(0, 8);
    copies.push_back(std::move(copy));
  }
  return copies;
}

void check_slurm_options(const SlurmOptions& options) {
  const std::pair<const char*, const std::string*> texts[] = {
      {"--partition", &options.partition},
      {"--time", &options.time},
      {"--mem", &options.memory},
      {"--account", &options.account},
      {"--qos", &options.qos},
      {"--constraint", &options.constraint},
      {"--dependency", &options.dependency}};
  for (const auto& [name, text] : texts)
    if (text->find('\n') != std::string::npos)
      throw Error(fmt::format("submit: {}: expected one line", name));
  if (options.partition.empty())
    throw Error("submit: --partition: expected a partition's name; `sinfo` lists them");
  for (const auto& raw : options.raw)
    if (!raw.starts_with("-") || raw.find('\n') != std::string::npos)
      throw Error("submit: --sbatch: expected one option of sbatch, such as --exclusive, got '" +
                  raw + "'");
  const std::pair<const char*, int> numbers[] = {{"--gpus", options.gpus},
                                                 {"--cpus", options.cpus},
                                                 {"--max-array", options.max_array},
                                                 {"--throttle", options.throttle}};
  for (const auto& [name, value] : numbers)
    if (value < 0)
      throw Error(fmt::format("submit: {}: expected a positive number, got {}", name, value));
  check_time(options.time);
  check_memory(options.memory);
}

}  // namespace theriac::experiment
