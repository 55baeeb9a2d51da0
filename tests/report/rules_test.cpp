#include "report/rules.h"

#include <fmt/format.h>
#include <gmock/gmock.h>

#include "report/fixture.h"
#include "report/rules_table.h"
#include "theriac/report/compare.h"
#include "theriac/report/report.h"

namespace theriac::report {
namespace {

using ::testing::HasSubstr;
using Kind = Rule::Kind;

// Every subset of n of the items, by brute force.
Expected enumerated(const std::vector<double>& ranked, std::size_t others, std::size_t n) {
  const std::size_t all = ranked.size() + others;
  double sum = 0, qualify = 0, subsets = 0;
  for (unsigned set = 0; set < 1U << all; ++set) {
    if (static_cast<std::size_t>(__builtin_popcount(set)) != n) continue;
    ++subsets;
    const auto best = static_cast<std::size_t>(__builtin_ctz(set));  // lowest bit: best rank
    if (best >= ranked.size()) continue;
    ++qualify;
    sum += ranked[best];
  }
  return {qualify > 0 ? sum / qualify : 0, 1 - qualify / subsets};
}

TEST(ExpectedBest, EqualsTheMeanOverAllSubsets) {
  const std::vector<double> values = {90, 88, 88, 40, 71, 3};  // by rank of another measure
  for (std::size_t others : {0U, 1U, 4U})
    for (std::size_t n = 1; n <= values.size() + others; ++n) {
      const auto exact = enumerated(values, others, n), got = expected_best(values, others, n);
      EXPECT_NEAR(got.value, exact.value, 1e-9) << others << " " << n;
      EXPECT_NEAR(got.none, exact.none, 1e-12) << others << " " << n;
    }
  EXPECT_DOUBLE_EQ(expected_best(values, 0, 6).value, 90);  // all of them: the best
  EXPECT_DOUBLE_EQ(expected_best({}, 5, 2).none, 1);
  EXPECT_THROW(expected_best(values, 0, 7), std::invalid_argument);
  EXPECT_THROW(expected_best(values, 0, 0), std::invalid_argument);
}

TEST(ExpectedBest, ManyItemsStayExact) {
  std::vector<double> values(50000, 1);
  values[0] = 0;
  EXPECT_NEAR(expected_best(values, 0, 640).value, 1 - 640 / 50000.0, 1e-9);
}

// One model, cleaned at three rates for two epochs; validation as given, test `shift` points off.
struct Cleaned : Fixture {
  Cleaned() {
    plan.axes = {{"learning_rate", "clean.optimizer.learning_rate", {"0.1", "0.2", "0.4"}}};
    add_stage("pretrain", "p", "");
    for (const std::string rate : {"0.1", "0.2", "0.4"}) {
      add_stage("clean", "c" + rate, "p");
      plan.cells.push_back({{{"learning_rate", rate}}, {"p", "c" + rate}});
      point("c" + rate, 0, 60, 99);
    }
    point("c0.1", 1, 61, 50, -1);  // most accurate
    point("c0.1", 2, 59.5, 30, -1);
    point("c0.2", 1, 58, 4, -2);  // best under 5 %
    point("c0.2", 2, 59.2, 8, -3);
    point("c0.4", 1, 40, 0.5, 0);
    point("c0.4", 2, 57, 2, +4);  // best under 5 % among the last epochs
    for (const auto& stage : plan.stages) status(stage.id, core::StageState::kDone);
  }
  std::vector<Selected> selected() {
    save();
    experiment_ = std::make_unique<Experiment>();
    load(experiment(), stages(), *experiment_);
    pools_ = pools(*experiment_);
    return apply_rules(pools_);
  }
  std::unique_ptr<Experiment> experiment_;
  std::vector<Pool> pools_;
};

const Selected& of(const std::vector<Selected>& all, Kind kind, double value) {
  for (const auto& s : all)
    if (s.rule.kind == kind && s.rule.value == value) return s;
  throw std::out_of_range("no such rule");
}

std::string chosen(const Selected& s) {
  return s.choice ? run_of(s.pool->candidates[*s.choice].on_selection) : "none";
}

TEST(Rules, ChooseOnValidationAndReportOnTest) {
  Cleaned f;
  const auto all = f.selected();
  const auto& best = of(all, Kind::kBestWithin, 5);
  EXPECT_EQ(chosen(best), "learning rate 0.2, epoch 1");
  EXPECT_EQ(best.points, 6U);
  EXPECT_DOUBLE_EQ(best.reported->accuracy, 56);  // 58 - 2
  EXPECT_DOUBLE_EQ(best.regret->accuracy, 0);
  EXPECT_EQ(chosen(of(all, Kind::kBestWithin, 1)), "learning rate 0.4, epoch 1");
  EXPECT_EQ(chosen(of(all, Kind::kBestWithin, 10)), "learning rate 0.2, epoch 2");
  EXPECT_EQ(chosen(of(all, Kind::kLowestWithin, 1)), "learning rate 0.2, epoch 2");
  const auto& final_epoch = of(all, Kind::kFinalEpoch, 5);
  EXPECT_EQ(chosen(final_epoch), "learning rate 0.4, epoch 2");
  EXPECT_EQ(final_epoch.points, 3U);
  EXPECT_DOUBLE_EQ(final_epoch.regret->accuracy, 61 - 56);
  EXPECT_DOUBLE_EQ(final_epoch.regret->attack, 2 - 4);
}

TEST(Rules, BlindOnesDoNotLookAtTheAttack) {
  Cleaned f;
  const auto before = f.selected();
  const auto& accurate = of(before, Kind::kHighestAccuracy, 0);
  EXPECT_EQ(chosen(accurate), "learning rate 0.1, epoch 1");
  EXPECT_DOUBLE_EQ(accurate.regret->attack, 50 - 4);
  EXPECT_EQ(chosen(of(before, Kind::kLargestRate, 1)), "learning rate 0.2, epoch 2");
  for (auto& [id, rows] : f.records)
    for (auto& row : rows)
      if (row.metric == "attack_success") row.value = 100 - row.value;
  const auto after = f.selected();
  EXPECT_EQ(chosen(of(after, Kind::kHighestAccuracy, 0)), "learning rate 0.1, epoch 1");
  EXPECT_EQ(chosen(of(after, Kind::kLargestRate, 1)), "learning rate 0.2, epoch 2");
  EXPECT_EQ(chosen(of(after, Kind::kBestWithin, 5)), "none");
}

TEST(Rules, AnotherProtocolIsLeftOutAndUnfinishedRunsAreNamed) {
  Cleaned f;
  for (auto& row : f.records["c0.2"]) row.target = "apple";
  f.status("c0.4", core::StageState::kRunning);
  const auto all = f.selected();
  EXPECT_EQ(chosen(of(all, Kind::kBestWithin, 5)), "learning rate 0.4, epoch 2");
  EXPECT_EQ(f.pools_[0].left_out, 2U);
  const auto note = rules_table(f.pools_).note;
  EXPECT_THAT(note,
              HasSubstr("1 of 3 runs of quickstart, quickstart are not done (learning rate 0.4)"));
  EXPECT_THAT(note, HasSubstr("2 points of quickstart, quickstart were measured under another"));
}

TEST(Rules, WithoutValidationTheNoteSaysSo) {
  Cleaned f;
  for (auto& [id, rows] : f.records)
    std::erase_if(rows, [](const auto& r) { return r.data == "validation"; });
  f.selected();
  EXPECT_THAT(rules_table(f.pools_).note, HasSubstr("same images the numbers are optimistic"));
}

TEST(Rules, UnequalGroupsAreComparedAtEqualPoints) {
  Cleaned small, large;
  small.plan.name = "small";
  std::erase_if(small.records["c0.2"], [](const auto& r) { return r.epoch == 2; });
  for (const char* id : {"c0.1", "c0.4"}) small.records.erase(id);
  small.point("c0.1", 1, 50, 60);
  small.save();
  large.save();
  const auto text =
      compare({{small.experiment(), small.stages()}, {large.experiment(), large.stages()}},
              large.experiment().parent_path() / "together");
  EXPECT_THAT(text, HasSubstr("small"));
  // 2 of 2 points: the best itself. 2 of 6: ranks 58 (6th.. see the enumeration test) by
  // validation.
  const std::vector<double> reported = {56, 61, 40};  // ranked 58, 57, 40 on validation
  EXPECT_THAT(text, HasSubstr("56.0 @ 4.0 (of 2)"));
  const auto expected = expected_best(reported, 3, 2), attack = expected_best({4, 2, 0.5}, 3, 2);
  EXPECT_THAT(text, HasSubstr(fmt::format("{:.1f} @ {:.1f} (of 2; none in {:.1f} %)",
                                          expected.value, attack.value, 100 * expected.none)));
  const auto page = core::read_file(large.experiment().parent_path() / "together/index.html");
  EXPECT_THAT(page, HasSubstr("small: 4 of 4 stages done"));
  EXPECT_THAT(page, HasSubstr("small: learning rate 0.1"));  // a run of the explorer
  EXPECT_THAT(core::read_file(large.experiment().parent_path() / "together/figures/pareto.csv"),
              HasSubstr(",small,1,4,56\n"));
  EXPECT_THAT(core::read_file(large.experiment().parent_path() / "together/tables/rules.csv"),
              HasSubstr("small,"));
}

TEST(Rules, TheReportHasTheirTable) {
  Cleaned f;
  f.save();
  write(f.experiment(), f.stages());
  const auto csv = f.text("tables/rules.csv");
  EXPECT_THAT(csv,
              HasSubstr("model,rule,chosen,accuracy,accuracy_low,accuracy_high,attack_success,"
                        "attack_success_low,attack_success_high,regret_accuracy,regret_attack_"
                        "success,points,equal_points_accuracy,equal_points_attack_success,equal_"
                        "points,equal_points_none_percent,chosen_on,reported_on\n"));
  EXPECT_THAT(csv, HasSubstr("blind: highest accuracy,\"learning rate 0.1, epoch 1\",60.0,57.8,"
                             "62.2,50.0,47.8,52.2,4.0,46.0,6,"));
  EXPECT_THAT(f.text("index.html"), HasSubstr("What each selection rule would have chosen"));
  EXPECT_THAT(
      f.text("tables/rules.md"),
      HasSubstr("| blind: highest accuracy | learning rate 0.1, epoch 1 | 60.0 [57.8, 62.2] "
                "| 50.0 [47.8, 52.2] | +4.0 / +46.0 | 6 |"));
}

}  // namespace
}  // namespace theriac::report
