#include "report/rules_table.h"

#include <fmt/format.h>

#include <algorithm>
#include <set>

#include "report/entries.h"
#include "report/figures.h"
#include "report/rules.h"
#include "theriac/core/text.h"

namespace theriac::report {

namespace {

Entry at_equal_points(const Selected& s) {
  const bool drawn = s.points > 0 && s.equal > 0;
  if (!s.expected) {
    Entry entry = missing(drawn ? fmt::format("none (of {})", s.equal) : "–");
    if (drawn) entry.fields = {"", "", std::to_string(s.equal), percent(100)};
    return entry;
  }
  Entry entry = pair_entry(percent(s.expected->accuracy), " @ ", percent(s.expected->attack));
  entry.small =
      fmt::format("(of {}{})", s.equal,
                  s.none > 0.0005 ? fmt::format("; none in {} %", percent(100 * s.none)) : "");
  entry.fields.push_back(std::to_string(s.equal));
  entry.fields.push_back(percent(100 * s.none));
  return entry;
}

std::vector<Entry> rule_row(const Selected& s, const std::vector<const Experiment*>& all) {
  const bool several = all.size() > 1;
  const Pool& pool = *s.pool;
  std::vector<Entry> row;
  if (several) row.push_back({title_of(*pool.experiment, all), ""});
  row.push_back({pool.name(), "", several ? -1 : colour_of(*pool.group)});
  row.push_back({s.rule.name(), ""});
  const Candidate* choice = s.choice ? &pool.candidates[*s.choice] : nullptr;
  row.push_back(choice ? Entry{run_of(choice->on_selection), ""} : missing("none"));
  const bool reported = choice && choice->on_report;
  row.push_back(rate_entry(reported ? choice->on_report->accuracy : nullptr));
  row.push_back(rate_entry(reported ? choice->on_report->attack : nullptr));
  if (s.regret) {
    row.push_back(
        {signed_points(s.regret->accuracy) + " / " + signed_points(s.regret->attack), ""});
    row.back().fields = {percent(s.regret->accuracy), percent(s.regret->attack)};
  } else {
    row.push_back(missing());
  }
  row.push_back(count_entry(s.points));
  row.push_back(at_equal_points(s));
  return row;
}

std::string warnings(const std::vector<Pool>& pools) {
  std::string text;
  for (const auto& pool : pools) {
    const std::string who = pool.experiment->plan.name + ", " + pool.name();
    if (!pool.unfinished.empty()) {
      const std::size_t shown = std::min<std::size_t>(pool.unfinished.size(), 4);
      const std::vector<std::string> names(
          pool.unfinished.begin(), pool.unfinished.begin() + static_cast<std::ptrdiff_t>(shown));
      text += fmt::format(" Incomplete: {} of {} runs of {} are not done ({}{}).",
                          pool.unfinished.size(), pool.runs, who, core::join(names, "; "),
                          shown < pool.unfinished.size() ? "; ..." : "");
    }
    if (pool.left_out > 0)
      text += fmt::format(" {} points of {} were measured under another protocol and are left out.",
                          pool.left_out, who);
  }
  return text;
}

}  // namespace

Table rules_table(const std::vector<Pool>& pools) {
  Table t{"rules", "What each selection rule would have chosen", "", {}, {}};
  std::vector<const Experiment*> experiments;
  std::set<std::string> chosen_on, reported_on;
  for (const auto& pool : pools) {
    if (std::find(experiments.begin(), experiments.end(), pool.experiment) == experiments.end())
      experiments.push_back(pool.experiment);
    chosen_on.insert(pool.selection_data);
    reported_on.insert(pool.report_data);
  }
  const bool several = experiments.size() > 1;
  const auto words = [](const std::set<std::string>& set) {
    return core::join({set.begin(), set.end()}, ", ");
  };
  if (several) t.columns.push_back({"Experiment"});
  t.columns.insert(
      t.columns.end(),
      {{"Model"},
       {"Rule"},
       {"Chosen on " + words(chosen_on), false, 2, {"chosen"}},
       {"Accuracy on " + words(reported_on) + ", %", true, 0, with_interval("accuracy")},
       {"ASR on " + words(reported_on) + ", %", true, 0, with_interval("attack_success")},
       {"Regret: accuracy / ASR", true, 3, {"regret_accuracy", "regret_attack_success"}},
       {"Points", true},
       {"At equal points: accuracy @ ASR",
        true,
        4,
        {"equal_points_accuracy", "equal_points_attack_success", "equal_points",
         "equal_points_none_percent"}}});
  t.about = {{"chosen_on", words(chosen_on)}, {"reported_on", words(reported_on)}};
  for (const auto& s : apply_rules(pools))
    if (!s.pool->candidates.empty()) t.rows.push_back(rule_row(s, experiments));
  t.note = "Chosen on " + words(chosen_on) + ", reported on " + words(reported_on) +
           "; 95 % Wilson intervals in brackets. Blind rules never look at the ASR, as a defender "
           "who does not know the trigger. "
           "Regret: reported accuracy and ASR minus those of the first rule, in points. At equal "
           "points: the expected report when the rule sees a random subset of as many points as "
           "the smallest group has, given that one qualifies; otherwise how often none does.";
  for (const auto& data : chosen_on)
    if (reported_on.count(data) > 0) {
      t.note += " Where choice and report use the same images the numbers are optimistic.";
      break;
    }
  t.note += warnings(pools);
  return t;
}

}  // namespace theriac::report
