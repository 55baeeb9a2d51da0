#include "report/studies.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <nlohmann/json.hpp>
#include <set>

#include "theriac/core/text.h"

namespace theriac::report {

using nlohmann::json;

namespace {

constexpr std::size_t kMostKeys = 4;  // settings named in a remark

// Without seeds, and without hashes that seeds decide.
json seedless(json value) {
  if (value.is_object())
    for (const char* key : {"seed", "parent", "plan", "poisoned"}) value.erase(key);
  if (value.is_structured())
    for (auto& child : value) child = seedless(std::move(child));
  return value;
}

// What stages share that differ in their seeds only. Plans of before `alike` tell by settings.
class Alike {
 public:
  explicit Alike(const std::vector<Pool>& pools) {
    for (const auto& pool : pools)
      for (const Cell* cell : pool.group->cells)
        for (const Stage* stage : cell->chain) by_settings_ |= stage->plan.alike.empty();
  }
  bool by_marks() const { return !by_settings_; }
  const std::string& of(const Stage& stage) {
    if (!by_settings_) return stage.plan.alike;
    auto& id = ids_[&stage];
    if (id.empty())
      id = std::to_string(
          numbers_.emplace(stage.plan.kind + seedless(stage.plan.settings).dump(), numbers_.size())
              .first->second);
    return id;
  }

 private:
  bool by_settings_ = false;
  std::map<std::string, std::size_t> numbers_;  // by settings
  std::map<const Stage*, std::string> ids_;
};

std::vector<const Stage*> model_stages(const Pool& pool) {
  std::vector<const Stage*> result;
  for (const Stage* stage : pool.group->cells.front()->chain)
    if (stage->plan.kind != "clean") result.push_back(stage);
  return result;
}

// Its id, or "" where cleaning starts from a file.
std::string model_of(const Pool& pool) {
  const auto stages = model_stages(pool);
  return stages.empty() ? "" : stages.back()->plan.id;
}

// The settings that it was cleaned with, and the epoch.
std::string point_of(const Candidate& candidate, Alike& alike) {
  const Point& p = candidate.on_selection;
  std::string key;
  for (const Stage* stage : p.cell->chain)
    if (stage->plan.kind == "clean") {
      key += alike.of(*stage) + "\n";
      if (stage == p.stage) break;
    }
  return key + std::to_string(p.epoch);
}

// What must be equal for an average: of the pool's first reported candidate.
std::string protocol_of(const Pool& pool) {
  for (const auto& c : pool.candidates)
    if (c.on_report) return comparable(*c.on_report);
  return "";
}

using PointNames = std::set<std::string>;

PointNames points_in(const Pool& pool, Alike& alike) {
  PointNames result;
  for (const auto& c : pool.candidates) result.insert(point_of(c, alike));
  return result;
}

PointNames both(const PointNames& a, const PointNames& b) {
  PointNames result;
  std::set_intersection(a.begin(), a.end(), b.begin(), b.end(),
                        std::inserter(result, result.begin()));
  return result;
}

// "mmcl, CleanCLIP"; of one experiment's pools.
std::string title_of(const Pool& pool) {
  return pool.group->setting + (pool.treatment.empty() ? "" : ", " + pool.treatment);
}

struct Draft {
  Study study;
  std::string name, model, protocol;  // name without a number
  std::vector<const Pool*> seeds;
  std::vector<PointNames> points;  // of each seed
  PointNames common;               // of the measured ones

  bool measured() const {
    return std::any_of(points.begin(), points.end(), [](const auto& p) { return !p.empty(); });
  }
  bool has(const Pool& pool) const {
    return std::any_of(seeds.begin(), seeds.end(), [&](const Pool* other) {
      return other->seed() == pool.seed() ||
             (!model_of(pool).empty() && model_of(*other) == model_of(pool) &&
              other->cleaning_seed == pool.cleaning_seed);
    });
  }
  bool takes(const Pool& pool, const std::string& measure, const PointNames& more) const {
    if (!measure.empty() && !protocol.empty() && measure != protocol) return false;
    return more.empty() || !measured() || seeds.front()->experiment == pool.experiment ||
           !both(common, more).empty();
  }
  void add(const Pool& pool, const std::string& measure, PointNames more) {
    if (protocol.empty()) protocol = measure;
    if (!more.empty()) common = measured() ? both(common, more) : more;
    seeds.push_back(&pool);
    points.push_back(std::move(more));
  }
};

// What its pools are called; where they are of several experiments, by these only if nothing else
// tells them.
std::string name_of(const Draft& draft, bool several) {
  std::vector<std::string> titles, experiments;
  const auto add = [](std::vector<std::string>& to, const std::string& text) {
    if (std::find(to.begin(), to.end(), text) == to.end()) to.push_back(text);
  };
  for (const Pool* pool : draft.seeds) {
    add(titles, title_of(*pool));
    add(experiments, pool->experiment->plan.name);
  }
  if (experiments.size() > 1 || !several) return core::join(titles, " and ");
  return experiments.front() + ": " + titles.front();
}

// Keeps the common points. A point is the last one of its run where it is so in every seed.
void restrict(Draft& draft, Alike& alike) {
  Study& study = draft.study;
  std::map<std::string, std::size_t> last;
  std::size_t measured = 0;
  for (const Pool* pool : draft.seeds) {
    measured += !pool->candidates.empty();
    for (const auto& c : pool->candidates) last[point_of(c, alike)] += c.last;
  }
  study.points = draft.common.size();
  study.disjoint = measured > 1 && draft.common.empty();
  for (const Pool* pool : draft.seeds) {
    Pool& kept = study.seeds.emplace_back(*pool);
    study.left_out += std::erase_if(
        kept.candidates, [&](const auto& c) { return !draft.common.contains(point_of(c, alike)); });
    for (auto& c : kept.candidates) c.last = last[point_of(c, alike)] == measured;
  }
}

std::string differing(const Pool& a, const Pool& b) {
  const auto stages = [](const Pool& pool) {
    std::map<std::string, const Stage*> result;
    for (const Stage* stage : pool.group->cells.front()->chain) result[stage->plan.kind] = stage;
    return result;
  };
  const auto first = stages(a), second = stages(b);
  std::vector<std::string> keys;
  for (const auto& [kind, stage] : first) {
    const auto other = second.find(kind);
    if (other == second.end()) continue;
    const json x = seedless(stage->plan.settings).flatten(),
               y = seedless(other->second->plan.settings).flatten();
    const auto missing_or_other = [&](const json& from, const json& in, bool only_missing) {
      for (const auto& [key, value] : from.items())
        if (!key.empty() && (!in.contains(key) || (!only_missing && in[key] != value)))
          keys.push_back(kind + " " + key.substr(1));
    };
    missing_or_other(x, y, false);
    missing_or_other(y, x, true);
  }
  if (keys.empty()) return "what was poisoned, or how";
  const std::size_t all = keys.size();
  if (all > kMostKeys) keys.resize(kMostKeys);
  return core::join(keys, ", ") + (all > kMostKeys ? " and more" : "");
}

void name(std::vector<Draft>& drafts) {
  std::map<std::string, std::vector<const Draft*>> by_name;
  for (auto& draft : drafts) {
    auto& same = by_name[draft.name];
    same.push_back(&draft);
    draft.study.name = draft.name;
    if (same.size() == 1) continue;
    const Draft& first = *same.front();
    const bool protocol = first.model == draft.model && first.protocol != draft.protocol;
    draft.study.name += fmt::format(" ({} {})", protocol ? "protocol" : "settings", same.size());
    draft.study.apart =
        protocol ? "it was measured in another way"
                 : "it differs in " + differing(*first.seeds.front(), *draft.seeds.front());
  }
}

}  // namespace

std::vector<Study> studies(const std::vector<Pool>& pools) {
  Alike alike(pools);
  std::vector<Draft> drafts;
  std::map<std::string, std::vector<std::size_t>> index;
  const bool several = std::any_of(pools.begin(), pools.end(), [&](const Pool& pool) {
    return pool.experiment->plan.name != pools.front().experiment->plan.name;
  });
  for (const auto& pool : pools) {
    std::string model;
    for (const Stage* stage : model_stages(pool)) model += alike.of(*stage) + "\n";
    const std::string protocol = protocol_of(pool);
    PointNames points = points_in(pool, alike);
    // What is alike by the plans' marks is one whatever its experiment is called.
    const bool marked = alike.by_marks() && !model.empty();
    auto& same =
        index[(marked ? pool.treatment : pool.experiment->plan.name + "\n" + title_of(pool)) +
              "\n" + model];
    const auto home = std::find_if(same.begin(), same.end(),
                                   [&](auto i) { return drafts[i].takes(pool, protocol, points); });
    if (home == same.end()) {
      same.push_back(drafts.size());
      drafts.push_back({{}, {}, model, protocol, {}, {}, {}});
      drafts.back().add(pool, protocol, std::move(points));
    } else if (drafts[*home].has(pool)) {
      drafts[*home].study.again.push_back(pool.seed());
    } else {
      drafts[*home].add(pool, protocol, std::move(points));
    }
  }
  for (auto& draft : drafts) draft.name = name_of(draft, several);
  name(drafts);
  std::vector<Study> result;
  for (auto& draft : drafts) {
    restrict(draft, alike);
    result.push_back(std::move(draft.study));
  }
  return result;
}

std::string remarks(const std::vector<Study>& all) {
  std::string text;
  for (const auto& s : all) {
    if (!s.apart.empty())
      text += fmt::format(" {} is not averaged with its namesake: {}.", s.name, s.apart);
    if (!s.again.empty())
      text +=
          fmt::format(" {}: there twice and counted once: {}.", s.name, core::join(s.again, ", "));
    if (s.disjoint)
      text +=
          fmt::format(" {}: no mean, as its seeds have no settings and epochs in common.", s.name);
    else if (s.left_out > 0)
      text += fmt::format(
          " {}: {} points left out that not all of its seeds have; {} in each are chosen from.",
          s.name, s.left_out, s.points);
  }
  return text;
}

}  // namespace theriac::report
