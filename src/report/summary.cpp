#include "report/summary.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <map>
#include <set>

#include "report/escape.h"
#include "report/figures.h"
#include "report/measure.h"
#include "report/spread.h"
#include "theriac/core/text.h"

namespace theriac::report {

namespace {

constexpr double kPlanted = 50;  // percent of attack success

using Bests = std::vector<Best>;

std::string name_of(const Experiment& e, const Bests& seeds) {
  const Best& first = seeds.front();
  const std::string name = name_of(e, *first.group, seeds.size());
  return first.method.empty() ? name : name + ", " + first.method;
}

// The point to show as "after": the choice, or that of the lowest attack success; on the data that
// is reported where it was measured there.
const Point* after(const Best& best) {
  if (best.result) return &*best.result;
  return best.choice ? &*best.choice : nullptr;
}

std::string meter(const char* label, const Spread& before, const Spread& later, int colour) {
  std::string out =
      fmt::format("<div class=\"meter\"><span class=\"label\">{}</span><span class=\"figures\">{}",
                  label, percent(before.mean));
  if (later.n > 0)
    out += fmt::format(" <span class=\"quiet\">→</span> <b>{}</b>", percent(later.mean));
  out +=
      fmt::format(" %</span><span class=\"bar\"><i class=\"was b{}\" style=\"width:{:.1f}%\"></i>",
                  colour, before.mean);
  if (later.n > 0)
    out += fmt::format("<i class=\"is b{}\" style=\"width:{:.1f}%\"></i>", colour, later.mean);
  return out + "</span></div>";
}

// A model over its seeds: of those in which a model is within the bound, where there are any.
struct Outcome {
  std::size_t found = 0;  // seeds with a model within the bound
  Spread attack_before, attack, accuracy_before, accuracy, change;
};

Outcome outcome_of(const Bests& seeds) {
  Outcome outcome;
  for (const auto& best : seeds) outcome.found += best.choice && best.within > 0 ? 1 : 0;
  std::vector<double> attack_before, attack, accuracy_before, accuracy, change;
  for (const auto& best : seeds) {
    const Point* later = after(best);
    if (!best.before || (outcome.found > 0 && (!later || best.within == 0))) continue;
    attack_before.push_back(best.before->attack->value);
    accuracy_before.push_back(best.before->accuracy->value);
    if (!later) continue;
    attack.push_back(later->attack->value);
    accuracy.push_back(later->accuracy->value);
    change.push_back(accuracy.back() - accuracy_before.back());
  }
  outcome.attack_before = spread_of(attack_before);
  outcome.accuracy_before = spread_of(accuracy_before);
  outcome.attack = spread_of(attack);
  outcome.accuracy = spread_of(accuracy);
  outcome.change = spread_of(change);
  return outcome;
}

std::string badge(const Bests& seeds, const Outcome& outcome) {
  const bool planted_none = std::all_of(seeds.begin(), seeds.end(), [](const Best& b) {
    return b.before && b.before->attack->value <= b.bound;
  });
  if (planted_none) return "<span class=\"badge\">no backdoor to begin with</span>";
  if (outcome.attack.n == 0) return "<span class=\"badge\">not cleaned yet</span>";
  if (outcome.found == 0) return "<span class=\"badge bad\">not cleaned</span>";
  if (outcome.found == seeds.size()) return "<span class=\"badge good\">cleaned</span>";
  return fmt::format("<span class=\"badge\">cleaned in {} of {} seeds</span>", outcome.found,
                     seeds.size());
}

std::string details(const Best& best) {
  if (best.within > 0)
    return fmt::format(
        "<p>Chosen: {}. {} of {} measured models have ASR&nbsp;≤&nbsp;{:g}&nbsp;% on {}.</p>",
        prose(run_of(*best.choice)), best.within, best.candidates, best.bound,
        markup(best.chosen_on));
  return fmt::format(
      "<p>None of {} measured models has ASR&nbsp;≤&nbsp;{:g}&nbsp;% on {}; the lowest there is "
      "{}&nbsp;% ({}), which is shown.</p>",
      best.candidates, best.bound, markup(best.chosen_on), percent(best.choice->attack->value),
      prose(run_of(*best.choice)));
}

std::string details(const Bests& seeds, const Outcome& outcome) {
  std::vector<std::string> runs;
  for (const auto& best : seeds)
    if (best.choice && (best.within > 0 || outcome.found == 0))
      runs.push_back(best.group->seed + ": " + run_of(*best.choice));
  const auto range = [](const Spread& s) { return percent(s.low) + " to " + percent(s.high); };
  return fmt::format(
      "<p>{} Means over {} seeds; after cleaning ASR {}&nbsp;%, accuracy {}&nbsp;%. {}, by seed: "
      "{}.</p>",
      outcome.found == 0
          ? fmt::format("In no seed has a model ASR&nbsp;≤&nbsp;{:g}&nbsp;% on {}.",
                        seeds.front().bound, markup(seeds.front().chosen_on))
          : fmt::format("In {} of {} seeds a model has ASR&nbsp;≤&nbsp;{:g}&nbsp;% on {}.",
                        outcome.found, seeds.size(), seeds.front().bound,
                        markup(seeds.front().chosen_on)),
      outcome.attack.n, range(outcome.attack), range(outcome.accuracy),
      outcome.found == 0 ? "Of the lowest ASR" : "Chosen", prose(core::join(runs, "; ")));
}

std::string card(const Experiment& e, const Bests& seeds) {
  const Outcome outcome = outcome_of(seeds);
  if (outcome.attack_before.n == 0) return "";
  const int colour = colour_of(*seeds.front().group);
  std::string out = fmt::format("<article class=\"card\"><h3><i class=\"chip b{}\"></i>{}{}</h3>",
                                colour, markup(name_of(e, seeds)), badge(seeds, outcome));
  out += meter("Attack success", outcome.attack_before, outcome.attack, colour);
  out += meter("Accuracy", outcome.accuracy_before, outcome.accuracy, colour);
  if (outcome.attack.n > 0)
    out += seeds.size() == 1 ? details(seeds.front()) : details(seeds, outcome);
  return out + "</article>\n";
}

using Points = std::vector<std::pair<const Group*, Point>>;

Spread spread_at(const Points& points, const Measurement* Point::*metric) {
  std::vector<double> values;
  for (const auto& [group, p] : points)
    if (p.*metric) values.push_back((p.*metric)->value);
  return spread_of(values);
}

std::string planted(const Experiment& e) {
  std::vector<std::string> parts;
  Points models;
  std::set<std::string> targets;  // a sweep may have several
  bool all = true;
  for (const auto& group : e.groups) {
    const auto p = start(group, e.plan.report_data);
    if (!group.poisoned || !p) continue;
    all &= p->attack->value >= kPlanted;
    models.emplace_back(&group, *p);
    targets.insert(p->attack->target);
  }
  for (const auto& seeds : points_by_model(models)) {
    const auto& [group, p] = seeds.front();
    parts.push_back(fmt::format(
        "{}{} with {} (accuracy {} %)", words(spread_at(seeds, &Point::attack)),
        targets.size() > 1 ? " (“" + p.attack->target.str() + "”)" : "",
        name_of(e, *group, seeds.size()), percent(spread_at(seeds, &Point::accuracy).mean)));
  }
  if (parts.empty()) return "";
  const bool one = targets.size() == 1 && !targets.begin()->empty();
  const std::string target = one ? "“" + *targets.begin() + "”" : "the target";
  return fmt::format("{}: before cleaning, the share of triggered {} images taken for {} is {}.",
                     all ? "The backdoor is planted" : "The backdoor did not take hold everywhere",
                     e.plan.report_data, target, core::join(parts, ", "));
}

std::string cleaned(const Experiment& e, const Best& best) {
  const std::string& report_data = e.plan.report_data;
  const Point* later = after(best);
  if (!later || !best.before) return "";
  const double points = later->accuracy->value - best.before->accuracy->value;
  if (best.within == 0)
    return fmt::format(
        "No cleaned {} model gets to ASR ≤ {:g} % on {}: the lowest of {} is {} % ({}). That model "
        "has an ASR of {} % and an accuracy of {} % on {}.",
        name_of(e, {best}), best.bound, best.chosen_on, best.candidates,
        percent(best.choice->attack->value), run_of(*best.choice), percent(later->attack->value),
        percent(later->accuracy->value), best.result ? report_data : best.chosen_on);
  return fmt::format(
      "Cleaning {} at its best ({}; chosen on {}) leaves an ASR of {} % and an "
      "accuracy of {} % on {}, {} points {} than before.",
      name_of(e, {best}), run_of(*best.choice), best.chosen_on, percent(later->attack->value),
      percent(later->accuracy->value), best.result ? report_data : best.chosen_on,
      percent(std::abs(points)), points < 0 ? "less" : "more");
}

std::string cleaned(const Experiment& e, const Bests& seeds) {
  if (seeds.size() == 1) return cleaned(e, seeds.front());
  const Best& first = seeds.front();
  const Outcome outcome = outcome_of(seeds);
  const std::string& data = first.result ? e.plan.report_data : first.chosen_on;
  if (outcome.attack.n == 0) return "";
  if (outcome.found == 0)
    return fmt::format(
        "No cleaned {} model gets to ASR ≤ {:g} % on {} in any of {} seeds: those of the lowest "
        "have an ASR of {} and an accuracy of {} on {}.",
        name_of(e, seeds), first.bound, first.chosen_on, seeds.size(), words(outcome.attack),
        words(outcome.accuracy), data);
  const std::string where =
      outcome.found == seeds.size()
          ? fmt::format("in each of {} seeds", seeds.size())
          : fmt::format("in {} of {} seeds, in the others no model gets to ASR ≤ {:g} %",
                        outcome.found, seeds.size(), first.bound);
  return fmt::format(
      "Cleaning {} at its best (chosen on {} {}) leaves an ASR of {} and an accuracy of {} on {}, "
      "{} points {} than before.",
      name_of(e, seeds), first.chosen_on, where, words(outcome.attack), words(outcome.accuracy),
      data, percent(std::abs(outcome.change.mean)), outcome.change.mean < 0 ? "less" : "more");
}

std::string control_words(const Points& seeds, const std::string& what) {
  const Spread attack = spread_at(seeds, &Point::attack);
  const std::string range = range_words(attack);
  return percent(attack.mean) + " % (" + what + (range.empty() ? "" : "; " + range) + ")";
}

std::string controls(const Experiment& e) {
  std::map<std::string, Points> by_cleaning;  // of each method and setting, seeds apart
  for (const auto& cell : e.cells)
    if (const auto p = cell.control ? newest(cell, e.plan.report_data) : std::nullopt;
        p && p->attack)
      by_cleaning[cell.cleaning].emplace_back(&e.groups[cell.group], *p);
  std::vector<std::string> parts;
  for (const auto& [cleaning, points] : by_cleaning)
    for (const auto& seeds : points_by_model(points))
      parts.push_back(control_words(seeds, seeds.size() > 1
                                               ? name_of(e, *seeds.front().first, seeds.size())
                                               : seeds.front().second.cell->name));
  if (parts.empty()) return "";
  return "Control: when the same cleaning moves only the batch-norm statistics (learning rate 0), "
         "the ASR on " +
         e.plan.report_data + " is " + core::join(parts, ", ") + ".";
}

std::string unpoisoned(const Experiment& e) {
  Points models;
  for (const auto& group : e.groups)
    if (const auto p = start(group, e.plan.report_data); !group.poisoned && p)
      models.emplace_back(&group, *p);
  std::vector<std::string> parts;
  for (const auto& seeds : points_by_model(models))
    parts.push_back(control_words(
        seeds, fmt::format("{}, accuracy {} %", name_of(e, *seeds.front().first, seeds.size()),
                           percent(spread_at(seeds, &Point::accuracy).mean))));
  if (parts.empty()) return "";
  return "Control: on a model trained without poison the same trigger reaches the target in " +
         core::join(parts, ", ") + " of the " + e.plan.report_data + " images.";
}

}  // namespace

std::vector<std::string> summary_sentences(const Experiment& e) {
  std::vector<std::string> all;
  if (const auto done = e.count(core::StageState::kDone); done < e.stages.size())
    all.push_back(fmt::format("Unfinished: {} of {} stages are done; these are the numbers so far.",
                              done, e.stages.size()));
  all.push_back(planted(e));
  for (const auto& seeds : best_by_model(e)) all.push_back(cleaned(e, seeds));
  all.push_back(controls(e));
  all.push_back(unpoisoned(e));
  std::erase(all, "");
  if (all.empty()) all.push_back("Nothing has been measured yet.");
  return all;
}

std::string summary_html(const Experiment& e) {
  std::string cards;
  for (const auto& seeds : best_by_model(e)) cards += card(e, seeds);
  std::string out = cards.empty() ? "" : "<div class=\"cards\">\n" + cards + "</div>\n";
  if (!cards.empty())
    out += "<p class=\"quiet\">Pale: before cleaning. Solid: after, on " +
           markup(e.plan.report_data) + ".</p>\n";
  out += "<ul class=\"words\">\n";
  for (const auto& sentence : summary_sentences(e)) out += "<li>" + prose(sentence) + "</li>\n";
  return out + "</ul>\n";
}

}  // namespace theriac::report
