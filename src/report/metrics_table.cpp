#include "report/metrics_table.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <map>

#include "report/entries.h"
#include "report/figures.h"
#include "report/measure.h"
#include "theriac/core/text.h"

namespace theriac::report {

namespace {

constexpr std::array kShownElsewhere = {
    kAccuracy,          "zero_shot_top5", kAttack, "attack_success_all", "true_label_under_trigger",
    "target_rate_clean"};

struct Measure {
  std::string metric, data;
  bool rate = false;  // with an interval, in percent
};

std::vector<Measure> measures(const Experiment& e) {
  std::map<std::string, std::map<std::string, bool>> seen;  // by metric and data: rate
  for (const Stage* stage : all_stages(e))
    for (const auto& r : stage->records)
      if (std::find(kShownElsewhere.begin(), kShownElsewhere.end(), r.metric) ==
          kShownElsewhere.end())
        seen[r.metric.str()][r.data.str()] |= r.low < r.high;
  std::vector<Measure> result;
  for (const auto& [metric, sets] : seen) {
    const bool reported = sets.count(e.plan.report_data) > 0;
    for (const auto& [data, rate] : sets)
      if (!reported || data == e.plan.report_data) result.push_back({metric, data, rate});
  }
  return result;
}

std::string column_title(const Measure& m) {
  std::string name = m.metric;
  std::replace(name.begin(), name.end(), '_', ' ');
  return name + " on " + m.data + (m.rate ? ", %" : "");
}

Entry value_of(const Measurement* r) {
  if (!r) return missing();
  if (r->low < r->high) return rate_entry(r);
  Entry entry{fmt::format("{:.4g}", r->value), ""};
  entry.fields = {entry.text};
  return entry;
}

// The epochs of a cell's last measured stage to show, each with what it is.
std::map<std::int64_t, std::vector<std::string>> epochs_of(const Stage& stage, const Cell& cell,
                                                           const std::vector<Measure>& all,
                                                           const std::vector<Best>& best) {
  std::map<std::int64_t, std::vector<std::string>> result;
  std::optional<std::int64_t> last;
  for (const auto& m : all)
    if (const auto epoch = stage.last_epoch(m.metric, m.data))
      last = std::max(*epoch, last.value_or(0));
  if (!last) return result;
  result[*last].push_back("newest");
  for (const auto& b : best)
    if (b.within > 0 && b.choice->cell == &cell && b.choice->stage == &stage)
      result[b.choice->epoch].push_back("chosen on " + b.chosen_on);
  return result;
}

}  // namespace

Table metrics_table(const Experiment& e) {
  Table t{"metrics", "Other metrics", "", {}, {}};
  const auto all = measures(e);
  const auto best = best_under(e);
  t.columns = {{"Cell"}, {"Epoch", true}, {"Which"}};
  for (const auto& m : all) {
    const std::string name = m.metric + "_on_" + m.data;
    t.columns.push_back(
        {column_title(m), true, 0, m.rate ? with_interval(name) : std::vector{name}});
  }
  for (const auto& cell : e.cells) {
    if (cell.chain.empty()) continue;
    const Stage& stage = *cell.chain.back();
    for (const auto& [epoch, what] : epochs_of(stage, cell, all, best)) {
      std::vector<Entry> row = {{cell.name, "", colour_of(e, cell)},
                                {std::to_string(epoch), ""},
                                {core::join(what, ", "), "", -1, Entry::Mood::kQuiet}};
      for (const auto& m : all) row.push_back(value_of(stage.find(m.metric, m.data, epoch)));
      t.rows.push_back(std::move(row));
    }
  }
  t.note = fmt::format(
      "Of every cell its newest epoch and, where it is the best with ASR ≤ {:g} %, the chosen one. "
      "Rates in percent with 95 % Wilson intervals.",
      kBound);
  return t;
}

}  // namespace theriac::report
