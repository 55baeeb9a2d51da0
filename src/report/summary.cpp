#include "report/summary.h"

#include <fmt/format.h>

#include <algorithm>
#include <set>

#include "report/escape.h"
#include "report/figures.h"
#include "report/measure.h"
#include "theriac/core/text.h"

namespace theriac::report {

namespace {

constexpr double kPlanted = 50;  // percent of attack success

std::string name_of(const Best& best) {
  return best.method.empty() ? best.group->label : best.group->label + ", " + best.method;
}

// The point to show as "after": the choice, or that of the lowest attack success; on the data that
// is reported where it was measured there.
const Point* after(const Best& best) {
  if (best.result) return &*best.result;
  return best.choice ? &*best.choice : nullptr;
}

std::string meter(const char* label, double before, const Point* later, double value, int colour) {
  std::string out =
      fmt::format("<div class=\"meter\"><span class=\"label\">{}</span><span class=\"figures\">{}",
                  label, percent(before));
  if (later) out += fmt::format(" <span class=\"quiet\">→</span> <b>{}</b>", percent(value));
  out +=
      fmt::format(" %</span><span class=\"bar\"><i class=\"was b{}\" style=\"width:{:.1f}%\"></i>",
                  colour, before);
  if (later) out += fmt::format("<i class=\"is b{}\" style=\"width:{:.1f}%\"></i>", colour, value);
  return out + "</span></div>";
}

std::string card(const Best& best, std::size_t g) {
  if (!best.before) return "";
  const Point* later = after(best);
  std::string verdict = "<span class=\"badge\">not cleaned yet</span>";
  if (best.before->attack->value <= best.bound)
    verdict = "<span class=\"badge\">no backdoor to begin with</span>";
  else if (later)
    verdict = best.within > 0 ? "<span class=\"badge good\">cleaned</span>"
                              : "<span class=\"badge bad\">not cleaned</span>";
  std::string out = fmt::format("<article class=\"card\"><h3><i class=\"chip b{}\"></i>{}{}</h3>",
                                series(g), markup(name_of(best)), verdict);
  out += meter("Attack success", best.before->attack->value, later,
               later ? later->attack->value : 0, series(g));
  out += meter("Accuracy", best.before->accuracy->value, later, later ? later->accuracy->value : 0,
               series(g));
  if (later && best.within > 0)
    out += fmt::format(
        "<p>Chosen: {}. {} of {} measured models have ASR&nbsp;≤&nbsp;{:g}&nbsp;% on {}.</p>",
        prose(run_of(*best.choice)), best.within, best.candidates, best.bound,
        markup(best.chosen_on));
  else if (later)
    out += fmt::format(
        "<p>None of {} measured models has ASR&nbsp;≤&nbsp;{:g}&nbsp;% on {}; the lowest there is "
        "{}&nbsp;% ({}), which is shown.</p>",
        best.candidates, best.bound, markup(best.chosen_on), percent(best.choice->attack->value),
        prose(run_of(*best.choice)));
  return out + "</article>\n";
}

std::string planted(const Experiment& e) {
  std::vector<std::string> parts;
  std::vector<std::pair<const Group*, Point>> models;
  std::set<std::string> targets;  // a sweep may have several
  bool all = true;
  for (const auto& group : e.groups) {
    const auto p = start(group, e.plan.report_data);
    if (!group.poisoned || !p) continue;
    all &= p->attack->value >= kPlanted;
    models.emplace_back(&group, *p);
    targets.insert(p->attack->target);
  }
  for (const auto& [group, p] : models)
    parts.push_back(fmt::format("{} %{} with {} (accuracy {} %)", percent(p.attack->value),
                                targets.size() > 1 ? " (“" + p.attack->target.str() + "”)" : "",
                                group->label, percent(p.accuracy->value)));
  if (parts.empty()) return "";
  const bool one = targets.size() == 1 && !targets.begin()->empty();
  const std::string target = one ? "“" + *targets.begin() + "”" : "the target";
  return fmt::format("{}: before cleaning, the share of triggered {} images taken for {} is {}.",
                     all ? "The backdoor is planted" : "The backdoor did not take hold everywhere",
                     e.plan.report_data, target, core::join(parts, ", "));
}

std::string cleaned(const Best& best, const std::string& report_data) {
  const Point* later = after(best);
  if (!later || !best.before) return "";
  const double points = later->accuracy->value - best.before->accuracy->value;
  if (best.within == 0)
    return fmt::format(
        "No cleaned {} model gets to ASR ≤ {:g} % on {}: the lowest of {} is {} % ({}). That model "
        "has an ASR of {} % and an accuracy of {} % on {}.",
        name_of(best), best.bound, best.chosen_on, best.candidates,
        percent(best.choice->attack->value), run_of(*best.choice), percent(later->attack->value),
        percent(later->accuracy->value), best.result ? report_data : best.chosen_on);
  return fmt::format(
      "Cleaning {} at its best ({}; chosen on {}) leaves an ASR of {} % and an "
      "accuracy of {} % on {}, {} points {} than before.",
      name_of(best), run_of(*best.choice), best.chosen_on, percent(later->attack->value),
      percent(later->accuracy->value), best.result ? report_data : best.chosen_on,
      percent(std::abs(points)), points < 0 ? "less" : "more");
}

std::string controls(const Experiment& e) {
  std::vector<std::string> parts;
  for (const auto& cell : e.cells) {
    const auto p = cell.control ? newest(cell, e.plan.report_data) : std::nullopt;
    if (p && p->attack)
      parts.push_back(fmt::format("{} % ({})", percent(p->attack->value), cell.name));
  }
  if (parts.empty()) return "";
  return "Control: when the same cleaning moves only the batch-norm statistics (learning rate 0), "
         "the ASR on " +
         e.plan.report_data + " is " + core::join(parts, ", ") + ".";
}

std::string unpoisoned(const Experiment& e) {
  std::vector<std::string> parts;
  for (const auto& group : e.groups) {
    const auto p = start(group, e.plan.report_data);
    if (!group.poisoned && p)
      parts.push_back(fmt::format("{} % ({}, accuracy {} %)", percent(p->attack->value),
                                  group.label, percent(p->accuracy->value)));
  }
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
  for (const auto& best : best_under(e)) all.push_back(cleaned(best, e.plan.report_data));
  all.push_back(controls(e));
  all.push_back(unpoisoned(e));
  std::erase(all, "");
  if (all.empty()) all.push_back("Nothing has been measured yet.");
  return all;
}

std::string summary_html(const Experiment& e) {
  std::string cards;
  for (const auto& best : best_under(e))
    cards += card(best, static_cast<std::size_t>(best.group - e.groups.data()));
  std::string out = cards.empty() ? "" : "<div class=\"cards\">\n" + cards + "</div>\n";
  if (!cards.empty())
    out += "<p class=\"quiet\">Pale: before cleaning. Solid: after, on " +
           markup(e.plan.report_data) + ".</p>\n";
  out += "<ul class=\"words\">\n";
  for (const auto& sentence : summary_sentences(e)) out += "<li>" + prose(sentence) + "</li>\n";
  return out + "</ul>\n";
}

}  // namespace theriac::report
