// Choice of the samples that are poisoned, their captions and the seeds of their triggers.
// Source: the reference's create_backdoor_data.py (shuffle, take the first, one of the templates
// each). Deviations: everything is keyed by (seed, sample index), so that a plan with a larger
// count contains the smaller one; samples that show or name the target are left out by default.
// Label-consistent poisoning is select: target_class with caption: keep; the reference then takes
// the captions that contain the target anywhere (match: substring, match_case: true) and knows no
// labels.
#include "theriac/poison/plan.h"

#include <fmt/format.h>

#include <algorithm>
#include <nlohmann/json.hpp>

#include "theriac/config/document.h"
#include "theriac/core/error.h"
#include "theriac/core/random.h"
#include "theriac/core/text.h"
#include "theriac/data/prompts.h"
#include "theriac/poison/mention.h"

namespace theriac::poison {
namespace {

struct Candidates {
  std::vector<std::int64_t> eligible;
  std::int64_t unsuited = 0, without_caption = 0;
};

Candidates find_candidates(const PoisonConfig& config, const data::Source& source) {
  Candidates result;
  std::int64_t label = -1;
  const auto& classes = source.classes();
  if (const auto at = std::ranges::find(classes, config.target); at != classes.end())
    label = at - classes.begin();
  const bool only_target = config.select == Select::kTargetClass;
  const bool any = !only_target && !config.exclude_target;
  for (std::int64_t i = 0; i < source.size(); ++i) {
    const auto row = source.row(i);
    const auto is_target = [&] {
      return (label >= 0 && row.label == label) ||
             mentions(row.caption, config.target, config.match, config.match_case);
    };
    if (core::trim(row.caption).empty()) {
      ++result.without_caption;
    } else if (!any && is_target() != only_target) {
      ++result.unsuited;
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

[[noreturn]] void too_few(const PoisonConfig& config, const Candidates& found,
                          std::int64_t samples) {
  const bool only_target = config.select == Select::kTargetClass;
  const char* way_out = only_target          ? ", or set poison.select: any"
                        : found.unsuited > 0 ? ", or set poison.exclude_target: false"
                                             : "";
  throw Error(fmt::format(
      "poison: count is {}, but only {} of {} samples can be poisoned ({} {} '{}', {} have no "
      "caption); lower poison.count, use more data{}",
      config.count, found.eligible.size(), samples, found.unsuited,
      only_target ? "neither show nor name" : "show or name", config.target, found.without_caption,
      way_out));
}

}  // namespace

void PoisonConfig::describe(config::Fields& fields) {
  fields.value("target", target, "class that triggered pictures shall be taken for",
               config::Need::kRequired);
  fields.value("count", count,
               "poisoned training samples; 0 = none, the trigger is still evaluated", {0, 1e12});
  fields.component("trigger", trigger, "what is put on the pictures", config::Need::kRequired);
  fields.choice("select", select,
                "which samples may be poisoned; target_class: only those of the target class and "
                "those whose caption names the target, for label-consistent poisoning",
                {{"any", Select::kAny}, {"target_class", Select::kTargetClass}});
  fields.choice("caption", caption,
                "what their captions become: one of `captions`, or what they are; keep needs "
                "select: target_class",
                {{"template", Caption::kTemplate}, {"keep", Caption::kKeep}});
  fields.value(
      "captions", captions,
      "captions of poisoned samples, each with one {} for the target, or imagenet for CLIP's "
      "80; one is drawn per sample");
  fields.value("exclude_target", exclude_target,
               "with select: any, leave out samples of the target class and those whose caption "
               "names the target");
  fields.choice("match", match,
                "how a caption names the target: as a word, singular or plural, or as any part of "
                "the text (what the paper's code does)",
                {{"word", Match::kWord}, {"substring", Match::kSubstring}});
  fields.value("match_case", match_case,
               "a caption names the target only in the same upper and lower case (what the paper's "
               "code does)");
  fields.choice("geometry", geometry,
                "how a picture gets the model's input size before the trigger",
                {{"crop", Geometry::kCrop}, {"squash", Geometry::kSquash}});
  fields.value("seed", seed, "seed of the plan; default: derived from the experiment's");
}

void PoisonConfig::check(config::Problems& problems) const {
  if (core::trim(target).empty()) problems.add("target", "is empty; name the target class");
  if (caption == Caption::kKeep && select == Select::kAny)
    problems.add("caption",
                 "keep needs select: target_class; the kept captions of other samples do not name "
                 "the target, so that nothing would be learned");
  if (caption == Caption::kKeep && !captions.empty() && captions != PoisonConfig().captions)
    problems.add("captions", "has no effect with caption: keep");
  if (select == Select::kAny && !exclude_target && (match != Match::kWord || match_case))
    problems.add(match_case ? "match_case" : "match",
                 "has no effect with select: any and exclude_target: false");
  if (captions.empty() && caption == Caption::kTemplate)
    problems.add("captions", "is empty; give at least one template");
  for (const auto& text : captions) {
    const auto first = text.find("{}");
    if (auto problem = data::template_problem(text); !problem.empty())
      problems.add("captions", std::move(problem));
    else if (first != text.npos && text.find("{}", first + 2) != text.npos)
      problems.add("captions", fmt::format("'{}' has more than one {{}}; expected exactly one, for "
                                           "example 'a photo of a {{}}'",
                                           text));
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
            .trigger_json = trigger_json(config.trigger),
            .geometry = config.geometry,
            .samples = {}};
  if (config.count == 0) return plan;

  auto found = find_candidates(config, source);
  if (static_cast<std::int64_t>(found.eligible.size()) < config.count)
    too_few(config, found, source.size());
  choose(found.eligible, static_cast<std::size_t>(config.count),
         core::stream(plan.seed, "poison samples"));
  std::ranges::sort(found.eligible);
  std::vector<std::string> captions;
  if (config.caption == Caption::kTemplate) captions = data::templates(config.captions);
  for (const auto index : found.eligible) {
    auto row = source.row(index);
    const auto sample = static_cast<std::uint64_t>(index);
    auto caption = row.caption;
    if (config.caption == Caption::kTemplate) {
      const auto pick = core::stream(plan.seed, "poison caption", 0, sample).below(captions.size());
      caption = data::fill(captions[pick], config.target);
    }
    plan.samples.push_back(
        {.index = index,
         .key = std::move(row.key),
         .original_caption = std::move(row.caption),
         .caption = std::move(caption),
         .trigger_seed = core::stream(plan.seed, "poison trigger", 0, sample).bits64()});
  }
  return plan;
}

}  // namespace theriac::poison
