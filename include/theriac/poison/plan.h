#pragma once

#include <cstdint>
#include <memory>
#include <nlohmann/json_fwd.hpp>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "theriac/config/fields.h"
#include "theriac/data/source.h"
#include "theriac/poison/trigger.h"

namespace theriac::poison {

enum class Geometry {
  kCrop,
  kSquash
};  // how a picture gets the model's input size before the trigger

enum class Select { kAny, kTargetClass };  // which samples may be poisoned
enum class Caption { kTemplate, kKeep };   // what their captions become
enum class Match { kWord, kSubstring };    // how a caption names the target

struct PoisonConfig final : config::Section {
  std::string target;      // class name; required
  std::int64_t count = 0;  // samples; 0 = none (the trigger is still evaluated)
  config::Choice<TriggerConfig> trigger{&table, "random_patch"};
  Select select = Select::kAny;
  Caption caption = Caption::kTemplate;
  std::vector<std::string> captions{// templates with one {}
                                    "a photo of a {}", "a picture of a {}",
                                    "this is a {}",    "the {}",
                                    "one {}",          "there is a {} here"};
  bool exclude_target = true;  // samples that show or name the target stay clean
  Match match = Match::kWord;
  bool match_case = false;
  Geometry geometry = Geometry::kCrop;
  std::optional<std::int64_t> seed;  // default: derived from the experiment's seed
  void describe(config::Fields& fields) override;
  void check(config::Problems& problems) const override;
};

struct PoisonedSample {
  std::int64_t index;
  std::string key;
  std::string original_caption;
  std::string caption;
  std::uint64_t trigger_seed;  // key of the stream that apply() gets
};

// Which samples are poisoned and how; computed once from the seed, the same on every machine.
struct Plan {
  std::string target;
  std::uint64_t seed = 0;
  std::string data_id;
  std::string trigger_json;  // compact, with type
  Geometry geometry = Geometry::kCrop;
  std::vector<PoisonedSample> samples;                   // sorted by index
  std::string id() const;                                // hash of everything above
  const PoisonedSample* find(std::int64_t index) const;  // binary search
};

// `seed` is used where config.seed is not set. A larger count extends the plan of a smaller one.
// Error when the data has fewer eligible samples than `count`.
Plan make_plan(const PoisonConfig& config, std::uint64_t seed, const data::Source& source);

nlohmann::json to_json(const Plan& plan);         // manifest.json, with a version and the plan's id
Plan plan_from_json(const nlohmann::json& json);  // Error when version, fields or id do not fit

// Type, settings and, where the trigger has one, `content`; compact.
std::string trigger_json(const config::Choice<TriggerConfig>& trigger);

// The trigger that trigger_json() describes; Error when this program does not know it or when its
// content is not the same any more.
std::unique_ptr<Trigger> trigger_from_json(const std::string& json);

}  // namespace theriac::poison
