#include "theriac/experiment/workspace.h"

#include <algorithm>
#include <cctype>
#include <filesystem>
#include <nlohmann/json.hpp>

#include "experiment/limited_source.h"
#include "theriac/config/document.h"
#include "theriac/core/error.h"
#include "theriac/core/hash.h"
#include "theriac/core/text.h"

namespace theriac::experiment {

using nlohmann::json;

json choice_json(const config::AnyChoice& choice) {
  if (!choice.section()) return nullptr;
  json result = config::to_json(*choice.section());
  result["type"] = choice.type;
  return result;
}

namespace {

template <class Map, class Make>
auto& cached(Map& map, const std::string& key, const Make& make) {
  auto found = map.find(key);
  if (found == map.end()) found = map.emplace(key, make()).first;
  return found->second;
}

const std::pair<const char*, DataConfig::Source DataConfig::*> kSections[] = {
    {"train", &DataConfig::train},
    {"cleaning", &DataConfig::cleaning},
    {"validation", &DataConfig::validation},
    {"test", &DataConfig::test},
    {"held_out", &DataConfig::held_out}};

// Whether `message` is about the file, folder or pattern ("shards/{000..120}.tar") of a setting.
bool is_about(const std::string& message, const std::string& place) {
  const auto plain = place.substr(0, place.find_first_of("*?[{"));
  return place.starts_with('/') && plain.size() > 1 && message.find(plain) != std::string::npos;
}

// The message with the setting it comes from: "data.train.path: csv: cannot open ...".
std::string with_setting(const std::string& message, const std::string& section,
                         const json& settings) {
  if (message.starts_with("data.")) return message;  // of the data that this is a subset of
  std::string key, place;
  for (const auto& [name, value] : settings.items())
    if (value.is_string() && value.get_ref<const std::string&>().size() > place.size() &&
        is_about(message, value))
      key = "." + name, place = value;
  std::string text = "data." + section + key + ": " + message;
  std::error_code unknown;
  if (!place.empty() && !std::filesystem::exists(place, unknown))
    text +=
        "; give the place where it is (a relative path starts at the folder of the file that it "
        "stands in)";
  return text;
}

std::shared_ptr<const data::Source> open(const config::Choice<data::SourceConfig>& choice,
                                         const data::SourceContext& context) {
  try {
    return choice->build(context);
  } catch (const Error& error) {
    throw Error(with_setting(error.what(), context.section, choice_json(choice)), error.code());
  }
}

}  // namespace

Workspace::Workspace(const ExperimentConfig& config, DataCache& cache)
    : config_(config), cache_(cache) {}

const DataConfig::Source* Workspace::find(const std::string& section) const {
  for (const auto& [name, member] : kSections)
    if (section == name) return config_.data.*member ? &(config_.data.*member) : nullptr;
  for (const auto& [name, source] : config_.data.extra)
    if (section == name) return &source;
  return nullptr;
}

bool Workspace::is_extra(const std::string& section) const {
  return std::any_of(config_.data.extra.begin(), config_.data.extra.end(),
                     [&](const auto& item) { return item.first == section; });
}

bool Workspace::has(const std::string& section) const { return find(section) != nullptr; }

const std::string& Workspace::key(const std::string& section) {
  const auto known = keys_.find(section);
  if (known != keys_.end()) return known->second;
  auto& result = keys_[section];
  const auto* choice = find(section);
  if (!choice) return result;
  json parts = {section, choice_json(*choice), config_.model.resolved_image_size(),
                config_.data.limit.value_or(0)};
  if (choice->type == "subset") {
    const std::string of = parts[1].value("of", "");
    parts.push_back(of == section ? std::string() : key(of));
    if (config_.poison) {
      auto poison = *config_.poison;
      parts.push_back({config::to_json(poison), config_.poison_seed()});
    }
  }
  return result = parts.dump();
}

std::shared_ptr<const data::Source> Workspace::source(const std::string& section) {
  const auto* choice = find(section);
  if (!choice) throw Error("data." + section + ": the experiment has no such data set");
  return cached(cache_.sources, key(section), [&] {
    if (std::find(open_.begin(), open_.end(), section) != open_.end())
      throw Error("data." + section + ": a subset of itself (" + core::join(open_, " -> ") +
                  " -> " + section + ")");
    open_.push_back(section);
    data::SourceContext context;
    context.section = section;
    context.image_size = static_cast<int>(config_.model.resolved_image_size());
    context.other = [this](const std::string& other) { return source(other); };
    context.poisoned = [this](const std::string& other) {
      std::vector<std::int64_t> indices;
      const auto poisons = other == "train" ? plan() : nullptr;
      if (poisons)
        for (const auto& sample : poisons->samples) indices.push_back(sample.index);
      return indices;
    };
    auto result = open(*choice, context);
    if (config_.data.limit) result = limited(std::move(result), *config_.data.limit);
    open_.pop_back();
    return result;
  });
}

std::string Workspace::source_id(const std::string& section) {
  return cached(cache_.ids, key(section), [&] { return data::data_id(*source(section)); });
}

std::vector<std::string> Workspace::evaluation_sections() const {
  std::vector<std::string> result;
  for (const char* name : {"validation", "test", "held_out"})
    if (has(name)) result.push_back(name);
  for (const auto& [name, source] : config_.data.extra) result.push_back(name);
  return result;
}

std::string Workspace::plan_key() {
  if (!config_.poison || config_.poison->count == 0) return {};
  auto& result = keys_["a poison plan"];  // no section has such a name
  if (!result.empty()) return result;
  auto poison = *config_.poison;
  return result =
             key("train") + config::to_json(poison).dump() + std::to_string(config_.poison_seed());
}

std::string Workspace::plan_id() {
  const auto poisons = plan();
  return poisons ? cached(cache_.ids, plan_key(), [&] { return poisons->id(); }) : std::string();
}

std::string Workspace::cleaning_plan_id() {
  const auto left = cleaning_plan();
  return left ? cached(cache_.ids, "left in " + key("cleaning"), [&] { return left->id(); })
              : std::string();
}

std::shared_ptr<const poison::Plan> Workspace::plan() {
  const std::string id = plan_key();
  if (id.empty()) return nullptr;
  return cached(cache_.plans, id, [&] {
    return std::make_shared<const poison::Plan>(
        poison::make_plan(*config_.poison, config_.poison_seed(), *source("train")));
  });
}

std::shared_ptr<const poison::Plan> Workspace::cleaning_plan() {
  const auto* choice = find("cleaning");
  if (!choice || choice->type != "subset" || choice_json(*choice).value("of", "") != "train")
    return nullptr;
  const auto poisons = plan();
  if (!poisons) return nullptr;
  return cached(cache_.cleaning_plans, key("cleaning"), [&] {
    poison::Plan left = *poisons;
    left.samples.clear();
    const auto cleaning = source("cleaning");
    for (std::int64_t i = 0; i < cleaning->size(); ++i)
      if (const auto* poisoned = poisons->find(cleaning->origin(i))) {
        left.samples.push_back(*poisoned);
        left.samples.back().index = i;
      }
    return left.samples.empty() ? nullptr : std::make_shared<const poison::Plan>(std::move(left));
  });
}

std::shared_ptr<const text::Tokenizer> Workspace::train_tokenizer() {
  const std::string id = key("train") + plan_key() + choice_json(config_.tokenizer).dump();
  return cached(cache_.tokenizers, id, [&] {
    const auto train = source("train");
    const auto poisons = plan();
    return std::shared_ptr<const text::Tokenizer>(
        config_.tokenizer->build([&](const std::function<void(std::string_view)>& use) {
          for (std::int64_t i = 0; i < train->size(); ++i) {
            const auto* poisoned = poisons ? poisons->find(i) : nullptr;
            use(poisoned ? poisoned->caption : train->row(i).caption);
          }
        }));
  });
}

void Workspace::share_pictures(const std::string& section, loader::Dataset& dataset) {
  const auto mib = config_.loader.cache_mib;
  const std::string id =
      json({key(section), dataset.plan ? plan_key() : "", dataset.image_size, mib}).dump();
  if (cache_.pictures_key != id) cache_.pictures = loader::share_pictures(dataset, mib);
  cache_.pictures_key = id;
  dataset.pictures = cache_.pictures;
}

std::string Workspace::wordnet_id() {
  const auto& text = config_.loader.text;
  return cached(cache_.ids, "wordnet " + text.wordnet, [&] { return text.wordnet_hash(); });
}

std::vector<evaluate::DataSet> Workspace::evaluation_data() {
  std::vector<evaluate::DataSet> result;
  for (const auto& section : evaluation_sections())
    result.push_back({section, source(section), source_id(section), is_extra(section)});
  return result;
}

std::optional<evaluate::Attack> Workspace::attack() const {
  if (!config_.poison) return std::nullopt;
  return evaluate::Attack{config_.poison->target, config_.poison->trigger->build(),
                          poison::trigger_json(config_.poison->trigger), config_.poison->geometry};
}

namespace {
std::string quoted(const std::string& key) {
  const auto plain = [](char c) { return std::isalnum(static_cast<unsigned char>(c)) || c == '_'; };
  return std::all_of(key.begin(), key.end(), plain) ? '"' + key + '"' : json(key).dump();
}

// As dump() without what is null, and without a copy: plans hash tens of thousands of settings.
void append_given(const json& value, std::string& text) {
  const char* separator = "";
  if (value.is_object()) {
    text += '{';
    for (const auto& [key, item] : value.get_ref<const json::object_t&>()) {
      if (item.is_null()) continue;
      (text += separator) += quoted(key);
      text += ':';
      append_given(item, text);
      separator = ",";
    }
    text += '}';
  } else if (value.is_array()) {
    text += '[';
    for (const auto& item : value) {
      text += separator;
      append_given(item, text);
      separator = ",";
    }
    text += ']';
  } else {
    text += value.dump();
  }
}
}  // namespace

std::string short_hash(const json& value) {
  std::string text;
  append_given(value, text);
  return core::sha256(text).substr(0, 12);
}

}  // namespace theriac::experiment
