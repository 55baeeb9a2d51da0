#include "report/paper_tables.h"

#include <fmt/format.h>

#include <algorithm>

#include "report/entries.h"
#include "report/escape.h"
#include "report/figures.h"

namespace theriac::report {

namespace {

constexpr double kPaperBounds[] = {1, 5, 10, 20};

// Two decimals as in the reference's tables; what rounds to zero has no sign.
std::string two(double value) {
  std::string text = fmt::format("{:.2f}", value);
  return text == "-0.00" ? "0.00" : text;
}

Entry at(const Rates& rates) { return pair_entry(two(rates.accuracy), " @ ", two(rates.attack)); }

// "1.20 (70.05)"
Entry with_other(double value, double other) {
  Entry entry = pair_entry(two(value), " (", two(other));
  entry.text += ")";
  return entry;
}

std::vector<std::string> both(const std::string& name) {
  return {name + "_accuracy", name + "_asr"};
}

Entry chosen(const std::vector<Rates>& points, Choice choice) {
  return choice ? at(points[*choice]) : missing("none");
}

Entry with_change(const std::vector<Rates>& points, Choice choice,
                  const std::optional<Rates>& start) {
  Entry entry = chosen(points, choice);
  if (!choice || !start) return entry;
  const double change = points[*choice].accuracy - start->accuracy;
  const double share = 100 * change / start->accuracy;
  entry.small = fmt::format("({:+.2f}, {:+.1f} %)", change, share);
  entry.fields.push_back(two(change));
  entry.fields.push_back(percent(share));
  return entry;
}

// The columns that say which setting a row is about.
std::vector<Column> setting_columns() { return {{"Data"}, {"Pre-trained with"}, {"Cleaned with"}}; }

std::vector<Entry> setting(const PaperSeries& s) {
  return {{s.data, ""}, {s.pretraining, ""}, {s.cleaning, ""}};
}

std::vector<const PaperSeries*> main_series(const PaperResults& results) {
  std::vector<const PaperSeries*> list;
  for (const auto& s : results.series)
    if (s.main()) list.push_back(&s);
  return list;
}

std::vector<Rates> stretch(const PaperSeries& s, const PaperRun& run) {
  const auto first = s.points.begin() + static_cast<std::ptrdiff_t>(run.first);
  return {first, first + static_cast<std::ptrdiff_t>(run.count)};
}

}  // namespace

std::string paper_best_csv(const PaperResults& results) {
  std::string out = "file,key,points,bound,accuracy,asr\n";
  for (const auto& s : results.series)
    for (const double bound : kPaperBounds) {
      const auto best = best_within(s.points, bound);
      out += fmt::format("{},{},{},{:g},", csv_field(s.file), csv_field(s.key), s.points.size(),
                         bound);
      if (best)
        out += fmt::format("{:.6g},{:.6g}\n", s.points[*best].accuracy, s.points[*best].attack);
      else
        out += ",\n";
    }
  return out;
}

Table paper_main_table(const PaperResults& results) {
  Table t{"main", "Highest accuracy under a bound on the ASR", "", setting_columns(), {}};
  t.columns.push_back({"Points", true, 1});
  for (const double bound : kPaperBounds)
    t.columns.push_back(
        {fmt::format("ASR ≤ {:g} %", bound),
         true,
         bound == 5 ? 0 : 2,
         {fmt::format("bound_{:g}_accuracy", bound), fmt::format("bound_{:g}_asr", bound),
          fmt::format("bound_{:g}_change", bound),
          fmt::format("bound_{:g}_change_percent", bound)}});
  for (const auto* s : main_series(results)) {
    auto row = setting(*s);
    row.push_back({std::to_string(s->points.size()), ""});
    for (const double bound : kPaperBounds)
      row.push_back(with_change(s->points, best_within(s->points, bound), paper_start(*s)));
    t.rows.push_back(std::move(row));
  }
  t.note =
      "Accuracy @ ASR in percent; in brackets the change of accuracy against the model before "
      "cleaning, in points and relative. The authors' rule is the bound of 5 %. Chosen and "
      "reported "
      "on the same images, among unequal numbers of points: the numbers are optimistic.";
  return t;
}

Table paper_extremes_table(const PaperResults& results) {
  Table t{"extremes", "Ends of the trade-off", "", setting_columns(), {}};
  t.columns.push_back({"Points", true});
  t.columns.push_back(
      {"Lowest ASR (its accuracy)", true, 0, {"lowest_asr", "lowest_asr_accuracy"}});
  t.columns.push_back(
      {"Highest accuracy @ ASR", true, 0, {"highest_accuracy", "highest_accuracy_asr"}});
  t.columns.push_back({"Best with ASR ≤ 50 %", true, 0, both("bound_50")});
  t.columns.push_back({"Lowest ASR within 1 point of the start (its accuracy)",
                       true,
                       0,
                       {"near_start_asr", "near_start_accuracy"}});
  const auto reversed = [](const std::vector<Rates>& points, Choice choice) {
    if (!choice) return missing("none");
    return with_other(points[*choice].attack, points[*choice].accuracy);
  };
  for (const auto* s : main_series(results)) {
    auto row = setting(*s);
    const auto start = paper_start(*s);
    row.push_back({std::to_string(s->points.size()), ""});
    row.push_back(reversed(s->points, lowest_attack(s->points)));
    row.push_back(chosen(s->points, highest_accuracy(s->points)));
    row.push_back(chosen(s->points, best_within(s->points, 50)));
    row.push_back(
        start ? reversed(s->points, lowest_attack_within_drop(s->points, start->accuracy, 1))
              : missing("no start"));
    t.rows.push_back(std::move(row));
  }
  t.note = "In percent, among all measurements of a setting.";
  return t;
}

Table paper_rates_table(const PaperResults& results) {
  Table t{
      "learning_rates", "By learning rate (learning rates inferred)", "", setting_columns(), {}};
  for (const char* title :
       {"Learning rate", "Final accuracy", "Final ASR", "Lowest ASR", "Highest accuracy"})
    t.columns.push_back({title, true});
  t.columns.push_back({"Best with ASR ≤ 5 %", true, 0, both("bound_5")});
  for (const auto* s : main_series(results))
    for (const auto& run : paper_runs(*s)) {
      const auto points = stretch(*s, run);
      auto row = setting(*s);
      row.push_back({scientific(run.learning_rate), ""});
      row.push_back({two(points.back().accuracy), ""});
      row.push_back({two(points.back().attack), ""});
      row.push_back({two(points[*lowest_attack(points)].attack), ""});
      row.push_back({two(points[*highest_accuracy(points)].accuracy), ""});
      row.push_back(chosen(points, best_within(points, 5)));
      t.rows.push_back(std::move(row));
    }
  t.note =
      "The lists do not say which learning rate a measurement belongs to. It is inferred from the "
      "authors' grids, the measurements of an epoch and the order of the runs, newest first; that "
      "the results change steadily with the rate speaks for it.";
  return t;
}

Table paper_poisoned_table(const PaperResults& results) {
  Table t{"poisoned_cleaning", "Poisoned pairs left in the cleaning set", "", {}, {}};
  t.columns = {
      {"Data"},
      {"Pre-trained with"},
      {"Poisoned pairs", true},
      {"Points", true},
      {"ASR ≤ 5 %", true, 0, both("bound_5")},
      {"ASR ≤ 10 %", true, 0, both("bound_10")},
      {"ASR ≤ 20 %", true, 0, both("bound_20")},
      {"Lowest ASR (its accuracy)", true, 0, {"lowest_asr", "lowest_asr_accuracy"}},
      {"Highest accuracy (its ASR)", true, 0, {"highest_accuracy", "highest_accuracy_asr"}}};
  std::vector<const PaperSeries*> list;
  for (const auto& s : results.series) {
    const auto shares = [&](const PaperSeries& o) {
      return o.left && o.data == s.data && o.pretraining == s.pretraining;
    };
    if (s.left || (s.main() && s.cleaning == "CleanCLIP" &&
                   std::any_of(results.series.begin(), results.series.end(), shares)))
      list.push_back(&s);
  }
  std::stable_sort(list.begin(), list.end(), [](const PaperSeries* a, const PaperSeries* b) {
    const auto key = [](const PaperSeries& s) {
      return std::tuple(s.data, s.pretraining, s.left.value_or(0));
    };
    return key(*a) < key(*b);
  });
  for (const auto* s : list) {
    std::vector<Entry> row = {{s->data, ""},
                              {s->pretraining, ""},
                              {std::to_string(s->left.value_or(0)), ""},
                              {std::to_string(s->points.size()), ""}};
    for (const double bound : {5.0, 10.0, 20.0})
      row.push_back(chosen(s->points, best_within(s->points, bound)));
    const auto low = lowest_attack(s->points), high = highest_accuracy(s->points);
    row.push_back(low ? with_other(s->points[*low].attack, s->points[*low].accuracy)
                      : missing("none"));
    row.push_back(high ? with_other(s->points[*high].accuracy, s->points[*high].attack)
                       : missing("none"));
    t.rows.push_back(std::move(row));
  }
  t.note = "CleanCLIP. The grids of learning rates differ from row to row: compare with care.";
  return t;
}

std::vector<Table> paper_tables(const PaperResults& results) {
  std::vector<Table> list;
  for (const auto make :
       {paper_main_table, paper_extremes_table, paper_rates_table, paper_poisoned_table})
    if (Table table = make(results); !table.rows.empty()) list.push_back(std::move(table));
  return list;
}

}  // namespace theriac::report
