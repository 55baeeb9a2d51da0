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
  std::vector<Paired> accuracy, attack;  // seeds
  std::int64_t images = 0;
  std::string problem;
};

Comparison compare_studies(const Study& a, const Study& b) {
  Comparison result;
  if (a.disjoint || b.disjoint) {
    result.problem = "its seeds have no settings and epochs in common";
    return result;
  }
  std::map<std::string, std::pair<std::vector<Paired>, std::vector<Paired>>> models;
  for (const Pool& first : a.seeds)
    for (const Pool& second : b.seeds) {
      if (first.seed() != second.seed()) continue;
      const auto *x = first_choice(first), *y = first_choice(second);
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
        result.images = p.images;
      };
      auto& [accuracy, attack] = models[first.group->seed];
      add(attack, *x->on_report->attack, *y->on_report->attack);
      add(accuracy, *x->on_report->accuracy, *y->on_report->accuracy);
    }
  if (models.empty()) result.problem = "no seed in common";
  if (!result.problem.empty()) return result;
  for (const auto& [seed, pairs] : models) {
    result.accuracy.push_back(together(pairs.first));
    result.attack.push_back(together(pairs.second));
  }
  if (models.size() == 1) {  // seeds of cleaning alone
    result.accuracy = models.begin()->second.first;
    result.attack = models.begin()->second.second;
  }
  return result;
}

std::vector<Entry> mean_row(const Study& study, const Rule& rule) {
  std::vector<std::pair<std::string, double>> accuracies, attacks;  // by the model's seed
  std::size_t points = 0;
  for (const Pool& pool : study.seeds) {
    points = std::max(points, points_of(pool, rule));
    const Choice choice = choose(pool, rule);
    const auto reported = choice ? pool.candidates[*choice].report() : std::nullopt;
    if (!reported) continue;
    accuracies.emplace_back(pool.group->seed, reported->accuracy);
    attacks.emplace_back(pool.group->seed, reported->attack);
  }
  const auto accuracy = independent(accuracies), attack = independent(attacks);
  const auto absent = study.seeds.size() - accuracies.size();
  std::vector<Entry> row = {
      {study.name, ""}, {rule.name(), ""}, {std::to_string(accuracy.size()), ""}};
  for (const auto* values : {&accuracy, &attack}) {
    if (values->size() < 2) {
      const Entry none = study.disjoint ? missing("nothing in common") : missing();
      row.push_back(values->empty() ? none : rate_entry(values->front()));
      row.back().mood = Entry::Mood::kQuiet;
      continue;
    }
    const auto e = rate_over_seeds(*values);
    row.push_back(rate_entry(e.value, e.low, e.high));
  }
  row.push_back({absent ? fmt::format("{} of {}", absent, study.seeds.size()) : "", ""});
  row.back().fields = {std::to_string(absent)};
  row.push_back({std::to_string(points), ""});
  return row;
}

Entry bootstrapped(const std::vector<Paired>& seeds) {
  const auto e = paired_bootstrap(seeds);
  Entry entry = difference_entry(e.value, e.low, e.high);
  if (e.low > 0 || e.high < 0) return entry;
  entry.small += ", no clear difference";
  entry.mood = Entry::Mood::kQuiet;
  return entry;
}

}  // namespace

Table seeds_table(const std::vector<Pool>& pools) {
  Table t{"seeds", "Mean over seeds", "", {}, {}};
  const std::string on = " on " + reported_on(pools);
  t.columns = {{"Model"},
               {"Rule"},
               {"Seeds", true},
               {"Accuracy" + on + ", %", true, 0, with_interval("accuracy")},
               {"ASR" + on + ", %", true, 0, with_interval("attack_success")},
               {"Missing", true, 2},
               {"Points", true, 3}};
  t.about = {{"reported_on", reported_on(pools)}};
  const auto all = studies(pools);
  for (const auto& study : all)
    if (study.seeds.size() > 1)
      for (const auto& rule : rules()) t.rows.push_back(mean_row(study, rule));
  t.note =
      "What each rule chooses in each seed, averaged; 95 % t intervals over seeds, cut at 0 and "
      "100, in brackets. Missing: seeds in which no model qualifies or none is measured; the mean "
      "is over the others. Points: what a rule chooses from in each seed, settings and epochs "
      "that all measured seeds have. Where models of several seeds are cleaned with several seeds, "
      "the interval is over the models, of each the mean of its cleaning." +
      remarks(all);
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
        row.push_back(bootstrapped(c.accuracy));
        row.push_back(bootstrapped(c.attack));
        row.push_back({std::to_string(c.accuracy.size()), ""});
        row.push_back({std::to_string(c.images), ""});
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
      "paired hierarchical bootstrap: 10,000 draws of seeds, then of images; the part of the seeds "
      "is widened by Student's t, as few seeds vary too little when drawn from themselves. No "
      "clear difference: the interval holds 0. It covers other seeds and other images of the same "
      "kind. Below "
      "about 5 seeds it is wide because little is known; with one seed only images are drawn, and "
      "it says nothing about other seeds.",
      rules().front().name());
  const bool averaged =
      std::any_of(all.begin(), all.end(), [](const auto& study) { return study.seeds.size() > 1; });
  if (!averaged) t.note += remarks(all);  // else they are below the means
  return t;
}

std::vector<Table> choice_tables(const std::vector<Pool>& pools) {
  std::vector<Table> tables = {rules_table(pools), seeds_table(pools), differences_table(pools)};
  std::erase_if(tables, [](const Table& table) { return table.rows.empty(); });
  return tables;
}

}  // namespace theriac::report
