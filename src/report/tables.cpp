#include "report/tables.h"

#include <fmt/format.h>

#include <algorithm>

#include "report/entries.h"
#include "report/expectation.h"
#include "report/figures.h"
#include "theriac/core/progress.h"

namespace theriac::report {

using Mood = Entry::Mood;

namespace {

Entry change(const Point& before, const Point& after) {
  const double points = after.accuracy->value - before.accuracy->value;
  Entry entry{signed_points(points), ""};
  if (before.accuracy->value > 0)
    entry.small = "(" + signed_points(100 * points / before.accuracy->value) + " %)";
  return entry;
}

std::string label(const Group& group, const std::string& method) {
  return method.empty() ? group.label : group.label + ", " + method;
}

std::string before_text(const std::optional<Point>& p) {
  return p ? percent(p->accuracy->value) + " / " + percent(p->attack->value) : "–";
}

std::vector<Entry> best_row(const Best& b, const std::string& report_data) {
  std::vector<Entry> row;
  row.push_back({label(*b.group, b.method), "", colour_of(*b.group)});
  const Entry of{fmt::format("{} of {}", b.within, b.candidates), ""};
  if (!b.choice) {
    row.push_back({"no cleaned model measured yet", "", -1, Mood::kQuiet});
    row.insert(row.end(), 3, missing());
  } else if (b.within == 0) {
    std::string remark = run_of(*b.choice);
    if (b.result)
      remark += fmt::format("; {} on {}", percent(b.result->attack->value), report_data);
    row.push_back(
        {fmt::format("none; lowest ASR on {} {}", b.chosen_on, percent(b.choice->attack->value)),
         "(" + remark + ")", -1, Mood::kBad});
    row.insert(row.end(), 3, missing());
  } else {
    row.push_back({run_of(*b.choice), ""});
    row.push_back(rate_entry(b.result ? b.result->accuracy : nullptr));
    row.push_back(rate_entry(b.result ? b.result->attack : nullptr));
    row.push_back(b.result && b.before ? change(*b.before, *b.result) : missing());
  }
  row.push_back({before_text(b.before), ""});
  row.push_back(of);
  return row;
}

std::vector<Entry> control_row(const Cell& cell, const Group& group, const std::string& data) {
  const auto before = start(group, data), after = newest(cell, data);
  const auto control = [](Entry entry) {
    entry.mood = Mood::kQuiet;
    return entry;
  };
  std::vector<Entry> row = {{label(group, cell.method), "", colour_of(group), Mood::kQuiet},
                            control({"control: " + cell.description, "(batch norm only)"})};
  row.push_back(control(rate_entry(after ? after->accuracy : nullptr)));
  row.push_back(control(rate_entry(after ? after->attack : nullptr)));
  row.push_back(
      control(before && after && after->complete() ? change(*before, *after) : missing()));
  row.push_back(control({before_text(before), ""}));
  row.push_back(control({"not chosen from", ""}));
  return row;
}

const std::string& chosen_on(const Experiment& e, const std::vector<Best>& all) {
  return all.empty() ? e.plan.selection_data : all.front().chosen_on;
}

std::vector<Column> best_columns(const std::string& chosen, const std::string& data,
                                 const std::string& within) {
  return {{"Pre-training"},
          {"Chosen on " + chosen},
          {"Accuracy on " + data + ", %", true},
          {"ASR on " + data + ", %", true},
          {"Change, points", true, 1},
          {"Before, on " + data + ": accuracy / ASR", true, 3},
          {within, true, 2}};
}

std::string best_note(const std::string& bound, const std::string& chosen,
                      const std::string& data) {
  std::string note = fmt::format(
      "Among all measured epochs of all cleaning runs, the one with the highest accuracy whose ASR "
      "is at most {}. Chosen on {}, reported on {}; 95 % intervals in brackets.",
      bound, chosen, data);
  if (chosen == data) note += " Choice and report use the same images: the numbers are optimistic.";
  return note;
}

}  // namespace

Table best_table(const Experiment& e, double bound) {
  Table t{"best", fmt::format("Best accuracy with ASR ≤ {:g} %", bound), "", {}, {}};
  const auto all = best_under(e, bound);
  const std::string& chosen = chosen_on(e, all);
  t.columns =
      best_columns(chosen, e.plan.report_data, fmt::format("ASR ≤ {:g} % on {} in", bound, chosen));
  for (std::size_t g = 0; g < e.groups.size(); ++g) {
    for (const auto& best : all)
      if (best.group == &e.groups[g]) t.rows.push_back(best_row(best, e.plan.report_data));
    for (const Cell* cell : e.groups[g].cells)
      if (cell->control) t.rows.push_back(control_row(*cell, e.groups[g], e.plan.report_data));
  }
  t.note = best_note(fmt::format("{:g} %", bound), chosen, e.plan.report_data);
  return t;
}

Table best_table_of_bounds(const Experiment& e) {
  Table t{"best", "Best accuracy with a bounded ASR", "", {}, {}};
  std::string chosen = e.plan.selection_data;
  const auto add = [&](std::vector<Entry> row, const std::string& bound) {
    row.insert(row.begin() + 1, Entry{bound, ""});
    t.rows.push_back(std::move(row));
  };
  for (const double bound : kBounds) {
    const auto all = best_under(e, bound);
    chosen = chosen_on(e, all);
    for (const auto& best : all)
      add(best_row(best, e.plan.report_data), fmt::format("{:g}", bound));
  }
  for (const auto& cell : e.cells)
    if (cell.control) add(control_row(cell, e.groups[cell.group], e.plan.report_data), "–");
  t.columns = best_columns(chosen, e.plan.report_data, "Within the bound on " + chosen);
  t.columns.insert(t.columns.begin() + 1, {"ASR ≤, %", true});
  t.note = best_note("the bound", chosen, e.plan.report_data);
  return t;
}

Table final_table(const Experiment& e) {
  const std::string& data = e.plan.report_data;
  Table t{"final", "Every cell at its newest epoch, on " + data, "", {}, {}};
  t.columns = {{"Cell"},
               {"Accuracy, %", true},
               {"ASR, %", true},
               {"Top-5, %", true, 5},
               {"True label, triggered", true, 4},
               {"Target, clean", true, 3}};
  std::vector<std::string> others;
  for (const auto& name : e.data_sets)
    if (name != data && name != e.plan.selection_data) others.push_back(name);
  for (const auto& name : others) {
    t.columns.push_back({"Accuracy, " + name, true, 6});
    t.columns.push_back({"ASR, " + name, true, 6});
  }
  t.columns.push_back({"Epoch", true, 2});
  t.columns.push_back({"State", false, 1});
  for (const auto& cell : e.cells) {
    if (cell.chain.empty()) continue;
    const auto p = newest_so_far(cell, data);
    const auto of = [&](const char* metric, const std::string& name) {
      return rate_entry(p ? p->stage->find(metric, name, p->epoch) : nullptr);
    };
    const Stage* last = cell.chain.back();
    const Stage* shown = last;
    for (const Stage* stage : cell.chain)
      if (stage->status.state == core::StageState::kFailed) shown = stage;
    std::vector<Entry> row = {{cell.name, "", colour_of(e, cell)},
                              of(kAccuracy, data),
                              of(kAttack, data),
                              of("zero_shot_top5", data),
                              of("true_label_under_trigger", data),
                              of("target_rate_clean", data)};
    for (const auto& name : others) {
      row.push_back(of(kAccuracy, name));
      row.push_back(of(kAttack, name));
    }
    row.push_back({p ? (cell.cleaned() && !p->cleaning ? p->stage->plan.kind + " " : "") +
                           std::to_string(p->epoch)
                     : "–",
                   ""});
    const bool failed = shown->status.state == core::StageState::kFailed;
    row.push_back({core::word(shown->status.state),
                   shown == last ? "" : "(" + shown->plan.kind + ")", -1,
                   failed          ? Mood::kBad
                   : shown->done() ? Mood::kQuiet
                                   : Mood::kPlain});
    t.rows.push_back(std::move(row));
  }
  const auto early = [&](const Cell& cell) {
    const auto p = newest_so_far(cell, data);
    return p && cell.cleaned() && !p->cleaning;
  };
  const bool any_early = std::any_of(e.cells.begin(), e.cells.end(), early);
  t.note = fmt::format(
      "On {}; 95 % Wilson intervals in brackets. ASR: share of triggered images, those of the "
      "target class left out, that are taken for the target. Controls: \"target, clean\" is the "
      "same share without the trigger; \"true label, triggered\" the accuracy that the trigger "
      "leaves{}.{}",
      data, e.trigger.empty() ? "" : "; an unpoisoned cell shows what the trigger does by itself",
      any_early ? " \"pretrain\" at the epoch: cleaning is not measured yet." : "");
  return t;
}

Table expectation_table(const Experiment& e) {
  Table t{"expectations", "Expected and measured", "", {}, {}};
  t.columns = {{"What"}, {"Expected", true}, {"Measured", true}, {"Outcome"}, {"Source"}};
  for (const auto& f : findings(e)) {
    const Mood mood = f.outcome == Verdict::Outcome::kMet      ? Mood::kGood
                      : f.outcome == Verdict::Outcome::kMissed ? Mood::kBad
                                                               : Mood::kQuiet;
    const char* sign = mood == Mood::kGood ? "✓ " : mood == Mood::kBad ? "✗ " : "";
    t.rows.push_back({{f.where, ""},
                      {f.expected, ""},
                      {f.measured, ""},
                      {sign + word(f.outcome), "", -1, mood},
                      {f.expectation->source, "", -1, Mood::kQuiet}});
  }
  return t;
}

Table stage_table(const Experiment& e) {
  Table t{"stages", "Stages", "Stages with equal settings are trained once and shared.", {}, {}};
  t.columns = {{"Stage"},         {"State"},      {"Epoch", true},
               {"Pairs/s", true}, {"Time", true}, {"Folder"}};
  for (const auto& stage : e.stages) {
    const auto& s = stage.status;
    const bool failed = s.state == core::StageState::kFailed;
    const auto epochs = s.epochs > 0 ? s.epochs : stage.plan.epochs;
    t.rows.push_back(
        {{stage.plan.label.empty() ? stage.plan.id : stage.plan.label, ""},
         {core::word(s.state), "", -1, failed ? Mood::kBad : Mood::kPlain},
         {epochs > 0 ? fmt::format("{} of {}", s.epoch, epochs) : "–", ""},
         {s.pairs_per_second > 0 ? fmt::format("{:.0f}", s.pairs_per_second) : "–", ""},
         {s.seconds > 0 ? core::human_duration(s.seconds) : "–", ""},
         {stage.plan.id, "", -1, Mood::kQuiet}});
  }
  return t;
}

Table skipped_table(const Experiment& e) {
  Table t{"skipped", "Samples that could not be used", "", {}, {}};
  t.columns = {{"Stage"}, {"Reason"}, {"Samples", true}};
  for (const auto& stage : e.stages)
    for (const auto& [reason, count] : stage.status.bad)
      if (count > 0)
        t.rows.push_back({{stage.plan.label, ""}, {reason, ""}, {std::to_string(count), ""}});
  return t;
}

}  // namespace theriac::report
