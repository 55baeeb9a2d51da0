// Choice of the samples that are poisoned, their captions and the seeds of their triggers.
// Source: the reference's create_backdoor_data.py (shuffle, take the first, one of the templates
// each). Deviations: everything is keyed by (seed, sample index), so that a plan with a larger
// count contains the smaller one; samples that show or name the target are left out by default.
#include "theriac/poison/plan.h"

#include <fmt/format.h>

#include <algorithm>
#include <nlohmann/json.hpp>

#include "poison/mention.h"
#include "theriac/config/document.h"
#include "theriac/core/error.h"
#include "theriac/core/random.h"
#include "theriac/core/text.h"
#include "theriac/data/prompts.h"

namespace theriac::poison {
namespace {

struct Candidates {
  std::vector<std::int64_t> eligible;
  std::int64_t with_target = 0, without_caption = 0;
};

Candidates find_candidates(const PoisonConfig& config, const data::Source& source) {
  Candidates result;
  std::int64_t label = -1;
  const auto& classes = source.classes();
  if (const auto at = std::ranges::find(classes, config.target); at != classes.end())
    label = at - classes.begin();
  for (std::int64_t i = 0; i < source.size(); ++i) {
    const auto row = source.row(i);
    if (core::trim(row.caption).empty()) {
      ++result.without_caption;
    } else if (config.exclude_target &&
               ((label >= 0 && row.label == label) || mentions(row.caption, config.target))) {
      ++result.with_target;
    } else {
      result.eligible.push_back(i);
    }
  }
  return result;
}

// The first `count` of a shuffle of `items`.
void choose(std::vector<std::int64_t>& items, std::size_t count, core::Stream random) {
  for (std::size_t i = 0; i < count; ++i)
    std::swap(items[i], items[i + random.below(items.size() - i)]);
  items.resize(count);
}

std::string spec(const PoisonConfig& config) {
  auto json = config::to_json(*config.trigger.section());
  json["type"] = config.trigger.type;
  return json.dump();
}

}  // namespace

void PoisonConfig::describe(config::Fields& fields) {
  fields.value("target", target, "class that triggered pictures shall be taken for",
               config::Need::kRequired);
  fields.value("count", count,
               "poisoned training samples; 0 = none, the trigger is still evaluated", {0, 1e12});
  fields.component("trigger", trigger, "what is put on the pictures", config::Need::kRequired);
  fields.value("captions", captions,
               "captions of poisoned samples, each with one {} for the target; one is drawn per "
               "sample");
  fields.value("exclude_target", exclude_target,
               "leave out samples of the target class and those whose caption names the target (as "
               "a word, in any case, singular or plural)");
  fields.choice("geometry", geometry,
                "how a picture gets the model's input size before the trigger",
                {{"crop", Geometry::kCrop}, {"squash", Geometry::kSquash}});
  fields.value("seed", seed, "seed of the plan; default: derived from the experiment's");
}

void PoisonConfig::check(config::Problems& problems) const {
  if (core::trim(target).empty()) problems.add("target", "is empty; name the target class");
  if (captions.empty()) problems.add("captions", "is empty; give at least one template");
  for (const auto& text : captions) {
    const auto first = text.find("{}");
    if (first == text.npos || text.find("{}", first + 2) != text.npos) {
      problems.add("captions", fmt::format("'{}' has {} {{}}; expected exactly one, for example "
                                           "'a photo of a {{}}'",
                                           text, first == text.npos ? "no" : "more than one"));
    }
  }
}

const PoisonedSample* Plan::find(std::int64_t index) const {
  const auto at = std::ranges::lower_bound(samples, index, {}, &PoisonedSample::index);
  return at != samples.end() && at->index == index ? &*at : nullptr;
}

Plan make_plan(const PoisonConfig& config, std::uint64_t seed, const data::Source& source) {
  Plan plan{.target = config.target,
            .seed = config.seed ? static_cast<std::uint64_t>(*config.seed) : seed,
            .data_id = data::data_id(source),
            .trigger_json = spec(config),
            .geometry = config.geometry,
            .samples = {}};
  if (config.count == 0) return plan;

  auto found = find_candidates(config, source);
  if (static_cast<std::int64_t>(found.eligible.size()) < config.count) {
    throw Error(fmt::format(
        "poison: count is {}, but only {} of {} samples can be poisoned ({} show or name '{}', {} "
        "have no caption); lower poison.count, use more data{}",
        config.count, found.eligible.size(), source.size(), found.with_target, config.target,
        found.without_caption,
        found.with_target > 0 ? ", or set poison.exclude_target: false" : ""));
  }
  choose(found.eligible, static_cast<std::size_t>(config.count),
         core::stream(plan.seed, "poison samples"));
  std::ranges::sort(found.eligible);
  for (const auto index : found.eligible) {
    auto row = source.row(index);
    const auto sample = static_cast<std::uint64_t>(index);
    const auto pick =
        core::stream(plan.seed, "poison caption", 0, sample).below(config.captions.size());
    plan.samples.push_back(
        {.index = index,
         .key = std::move(row.key),
         .original_caption = std::move(row.caption),
         .caption = data::fill(config.captions[pick], config.target),
         .trigger_seed = core::stream(plan.seed, "poison trigger", 0, sample).bits64()});
  }
  return plan;
}

}  // namespace theriac::poison
