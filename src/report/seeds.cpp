#include "report/seeds.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <set>

#include "report/entries.h"
#include "report/figures.h"
#include "report/rules.h"
#include "report/rules_table.h"
#include "report/stats.h"
#include "theriac/core/text.h"

namespace theriac::report {

namespace {

constexpr std::size_t kMostStudies = 8;  // all pairs up to here, above only with the first
constexpr std::uint64_t kBootstrapSeed = 1;

// What must be equal for an average: of the pool's first reported candidate.
std::string protocol_of(const Pool& pool) {
  for (const auto& c : pool.candidates)
    if (c.on_report) return comparable(*c.on_report->accuracy) + comparable(*c.on_report->attack);
  return "";
}

std::string reported_on(const std::vector<Pool>& pools) {
  std::set<std::string> data;
  for (const auto& pool : pools) data.insert(pool.report_data);
  return core::join({data.begin(), data.end()}, ", ");
}

const Candidate* first_choice(const Pool& pool) {
  const Choice choice = choose(pool, rules().front());
  return choice ? &pool.candidates[*choice] : nullptr;
}

// Both studies' chosen models on the images of the seeds that both have.
struct Comparison {
  std::vector<Paired> accuracy, attack;
  std::string problem;
};

Comparison compare_studies(const Study& a, const Study& b) {
  Comparison result;
  for (const Pool* first : a.seeds)
    for (const Pool* second : b.seeds) {
      if (first->group->seed != second->group->seed) continue;
      const auto *x = first_choice(*first), *y = first_choice(*second);
      if (!x || !y || !x->on_report || !y->on_report) {
        result.problem = "a seed has no model within the bound";
        return result;
      }
      const auto add = [&](std::vector<Paired>& to, const Measurement& r, const Measurement& s) {
        const Paired p =
            comparable(r) == comparable(s) ? paired(r.outcomes, s.outcomes, r.n) : Paired{};
        if (p.images > 0)
          to.push_back(p);
        else
          result.problem = comparable(r) == comparable(s) ? "no outcomes per image in the records"
                                                          : "measured under different protocols";
      };
      add(result.accuracy, *x->on_report->accuracy, *y->on_report->accuracy);
      add(result.attack, *x->on_report->attack, *y->on_report->attack);
    }
  if (result.accuracy.empty() && result.problem.empty()) result.problem = "no seed in common";
  return result;
}

Entry bootstrapped(const std::vector<Paired>& seeds, const std::string& names) {
  const auto e = paired_bootstrap(seeds, core::stream(kBootstrapSeed, "bootstrap " + names));
  Entry entry = difference_entry(e.value, e.low, e.high);
  if (e.low > 0 || e.high < 0) return entry;
  entry.small += ", no clear difference";
  entry.mood = Entry::Mood::kQuiet;
  return entry;
}

}  // namespace

std::vector<Study> studies(const std::vector<Pool>& pools) {
  std::vector<Study> result;
  std::map<std::string, std::size_t> index;
  std::map<std::string, int> names;
  bool several = false;
  for (const auto& pool : pools)
    several |= pool.experiment->plan.name != pools.front().experiment->plan.name;
  for (const auto& pool : pools) {
    const std::string& experiment = pool.experiment->plan.name;
    std::string name = pool.group->setting + (pool.method.empty() ? "" : ", " + pool.method);
    if (several) name = experiment + ": " + name;
    const std::string key = experiment + "\n" + name + "\n" + protocol_of(pool);
    const auto [it, fresh] = index.emplace(key, result.size());
    if (fresh) {
      const int nth = ++names[name];
      result.push_back({nth == 1 ? name : fmt::format("{} (protocol {})", name, nth), {}});
    }
    auto& seeds = result[it->second].seeds;
    if (std::none_of(seeds.begin(), seeds.end(),
                     [&](const Pool* other) { return other->group->seed == pool.group->seed; }))
      seeds.push_back(&pool);
  }
  return result;
}

Table seeds_table(const std::vector<Pool>& pools) {
  Table t{"seeds", "Mean over seeds", "", {}, {}};
  const std::string on = " on " + reported_on(pools);
  t.columns = {{"Model"},
               {"Rule"},
               {"Seeds", true},
               {"Accuracy" + on + ", %", true, 0, with_interval("accuracy")},
               {"ASR" + on + ", %", true, 0, with_interval("attack_success")},
               {"Missing", true, 2}};
  t.about = {{"reported_on", reported_on(pools)}};
  for (const auto& study : studies(pools)) {
    if (study.seeds.size() < 2) continue;
    for (std::size_t k = 0; k < rules().size(); ++k) {
      std::vector<double> accuracy, attack;
      for (const Pool* pool : study.seeds) {
        const Choice choice = choose(*pool, rules()[k]);
        const auto reported = choice ? pool->candidates[*choice].report() : std::nullopt;
        if (!reported) continue;
        accuracy.push_back(reported->accuracy);
        attack.push_back(reported->attack);
      }
      const auto absent = study.seeds.size() - accuracy.size();
      std::vector<Entry> row = {
          {study.name, ""}, {rules()[k].name(), ""}, {std::to_string(accuracy.size()), ""}};
      for (const auto* values : {&accuracy, &attack}) {
        if (values->size() < 2) {
          row.push_back(values->empty() ? missing() : rate_entry(values->front()));
          row.back().mood = Entry::Mood::kQuiet;
          continue;
        }
        const auto e = rate_over_seeds(*values);
        row.push_back(rate_entry(e.value, e.low, e.high));
      }
      row.push_back({absent ? fmt::format("{} of {}", absent, study.seeds.size()) : "", ""});
      row.back().fields = {std::to_string(absent)};
      t.rows.push_back(std::move(row));
    }
  }
  t.note =
      "What each rule chooses in each seed, averaged; 95 % t intervals over seeds, cut at 0 and "
      "100, in "
      "brackets. "
      "Missing: seeds in which no model qualifies; the mean is over the others.";
  return t;
}

Table differences_table(const std::vector<Pool>& pools) {
  Table t{"differences", "Differences between models", "", {}, {}};
  const std::string on = " on " + reported_on(pools);
  t.columns = {{"First"},
               {"Second"},
               {"Accuracy" + on + ", points", true, 0, with_interval("accuracy")},
               {"ASR" + on + ", points", true, 0, with_interval("attack_success")},
               {"Seeds", true, 2},
               {"Images", true, 3, {"images", "problem"}}};
  t.about = {{"reported_on", reported_on(pools)}};
  const auto all = studies(pools);
  bool any = false;
  for (std::size_t i = 0; i < all.size() && (i == 0 || all.size() <= kMostStudies); ++i)
    for (std::size_t k = i + 1; k < all.size(); ++k) {
      const auto c = compare_studies(all[i], all[k]);
      std::vector<Entry> row = {{all[i].name, ""}, {all[k].name, ""}};
      if (c.problem.empty()) {
        any = true;
        const std::string names = all[i].name + "\n" + all[k].name;
        row.push_back(bootstrapped(c.accuracy, names + "\naccuracy"));
        row.push_back(bootstrapped(c.attack, names + "\nattack"));
        row.push_back({std::to_string(c.accuracy.size()), ""});
        row.push_back({std::to_string(c.accuracy.front().images), ""});
        row.back().fields = {row.back().text};
      } else {
        row.push_back(missing(c.problem));
        row.insert(row.end(), 3, missing());
        row.back().fields = {"", c.problem};
      }
      t.rows.push_back(std::move(row));
    }
  if (!any) t.rows.clear();
  t.note = fmt::format(
      "First minus second, of the models chosen by \"{}\", on the same images. 95 % intervals by a "
      "paired hierarchical bootstrap: 10,000 draws of seeds, then of images; no clear "
      "difference where the interval holds 0. With one seed only images are drawn, and the "
      "interval says nothing about "
      "other seeds.",
      rules().front().name());
  return t;
}

std::vector<Table> choice_tables(const std::vector<Pool>& pools) {
  std::vector<Table> tables = {rules_table(pools), seeds_table(pools), differences_table(pools)};
  std::erase_if(tables, [](const Table& table) { return table.rows.empty(); });
  return tables;
}

}  // namespace theriac::report
