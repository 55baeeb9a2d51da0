#include <gmock/gmock.h>

#include <algorithm>
#include <sstream>

#include "report/fixture.h"
#include "theriac/report/report.h"

namespace theriac::report {
namespace {

using ::testing::HasSubstr;
using Outcome = Verdict::Outcome;

// One model, three cleaning runs; (accuracy, attack success) by epoch, test = validation + shift.
struct Small : Fixture {
  Small() {
    plan.axes = {{"learning_rate", "clean.optimizer.learning_rate", {"0", "0.1", "0.2"}}};
    add_stage("poison", "poison", "", {{"count", 5}});
    add_stage("pretrain", "pretrain", "poison");
    for (const std::string rate : {"0", "0.1", "0.2"}) {
      add_stage("clean", "clean" + rate, "pretrain");
      plan.cells.push_back({{{"learning_rate", rate}}, {"poison", "pretrain", "clean" + rate}});
    }
    for (const auto& stage : plan.stages) status(stage.id, core::StageState::kDone);
    point("pretrain", 8, 60, 99);
    for (const char* id : {"clean0", "clean0.1", "clean0.2"}) point(id, 0, 60, 99);
    point("clean0", 1, 70, 1);  // a control is never chosen
  }
};

std::vector<std::string> csv_line(const std::string& csv, int line) {
  std::istringstream in(csv);
  std::string text;
  for (int i = 0; i <= line; ++i) std::getline(in, text);
  std::vector<std::string> fields;
  std::istringstream row(text);
  for (std::string field; std::getline(row, field, ',');) fields.push_back(field);
  return fields;
}

TEST(Numbers, NothingMeasuredYetDoesNotMoveTheChoiceToTest) {
  Small f;
  f.record("clean0.1", "zero_shot_top1", "test", 1, 50);  // validation is measured a moment later
  f.record("clean0.1", "attack_success", "test", 1, 1);
  f.save();
  write(f.experiment(), f.stages());
  EXPECT_EQ(csv_line(f.text("tables/best.csv"), 2)[3], "validation");
  EXPECT_EQ(csv_line(f.text("tables/best.csv"), 2)[4], "0");
  EXPECT_THAT(f.text("index.html"), ::testing::Not(HasSubstr("hosen on test")));
}

TEST(Numbers, WithoutValidationDataTestIsChosenOn) {
  Small f;
  f.point("clean0.1", 1, 58, 5.0, -2);
  for (auto& [id, rows] : f.records)
    std::erase_if(rows, [](const auto& row) { return row.data == "validation"; });
  f.save();
  write(f.experiment(), f.stages());
  EXPECT_EQ(csv_line(f.text("tables/best.csv"), 2)[3], "test");
  EXPECT_EQ(csv_line(f.text("tables/best.csv"), 2)[10], "56.0");
  EXPECT_THAT(f.text("index.html"), HasSubstr("Choice and report use the same images"));
}

TEST(Numbers, BestIsChosenOnValidationAndReportedOnTest) {
  Small f;
  f.point("clean0.1", 1, 58, 5.0, -2);   // on the bound: counts
  f.point("clean0.1", 2, 59, 5.1, +3);   // more accurate, but above the bound
  f.point("clean0.2", 1, 57, 0.5, +30);  // best on test, but that is not where one chooses
  f.point("clean0.2", 2, 40, 0.0, 0);
  f.save();
  write(f.experiment(), f.stages());
  // The second bound of the file is 5 %: choice, candidates, within, cell, epoch.
  const auto row = csv_line(f.text("tables/best.csv"), 2);
  ASSERT_GE(row.size(), 15U);
  EXPECT_EQ(row[2], "5");
  EXPECT_EQ(row[3], "validation");
  EXPECT_EQ(row[4], "4");
  EXPECT_EQ(row[5], "3");
  EXPECT_EQ(row[6], "learning rate 0.1");
  EXPECT_EQ(row[7], "1");
  EXPECT_EQ(row[10], "56.0");  // 58 - 2
  const auto page = f.text("index.html");
  EXPECT_THAT(page, HasSubstr("-4.0 <small>(-6.7&nbsp;%)</small>"));  // 56 - 60, of 60
  EXPECT_THAT(page, HasSubstr("learning rate 0.1, epoch&nbsp;1"));
  EXPECT_THAT(page, HasSubstr("3 of 4"));
  EXPECT_THAT(page, HasSubstr("control: learning rate 0"));
}

// The files of a table have the same rows and digits.
TEST(Numbers, BestHasEveryBoundInEveryFile) {
  Small f;
  f.point("clean0.1", 1, 58, 4.04, -2);
  f.point("clean0.2", 1, 57, 0.5);
  f.save();
  write(f.experiment(), f.stages());
  const auto csv = f.text("tables/best.csv"), md = f.text("tables/best.md"),
             tex = f.text("tables/best.tex");
  EXPECT_THAT(csv, HasSubstr(",lowest_attack_success_on_validation,"));
  EXPECT_THAT(
      csv,
      HasSubstr("quickstart,,5,validation,2,2,learning rate 0.1,1,test,,56.0,53.8,58.2,1920,4.0,"));
  EXPECT_THAT(csv, HasSubstr("quickstart,,20,validation,2,2,learning rate 0.1,1,test,,56.0,"));
  EXPECT_THAT(csv, HasSubstr("quickstart,,,,,,learning rate 0,1,test,,70.0,"));  // the control
  EXPECT_EQ(std::count(csv.begin(), csv.end(), '\n'), 6);  // head, bounds, control
  for (const char* row : {"| quickstart | 1 | learning rate 0.2, epoch 1 |", "| quickstart | 5 |",
                          "| quickstart | 10 |", "| quickstart | 20 |", "| 56.0 [53.8, 58.2] |"})
    EXPECT_THAT(md, HasSubstr(row));
  for (const char* row : {"quickstart & 20 & learning rate 0.1", "control: learning rate 0"})
    EXPECT_THAT(tex, HasSubstr(row));
}

TEST(Numbers, PretrainingIsShownUntilCleaningIsMeasured) {
  Small f;
  f.records.clear();
  f.point("pretrain", 3, 41, 97, 1);
  f.save();
  write(f.experiment(), f.stages());
  const auto table = terminal_table(f.experiment(), f.stages(), 0);
  EXPECT_THAT(table, HasSubstr("42.0 [39.8, 44.2]"));
  EXPECT_THAT(table, HasSubstr("pretrain 3"));
  EXPECT_THAT(f.text("tables/final.csv"), HasSubstr("0.1,0.1,pretrain,done,3,test,42.0,39.8,"));
  EXPECT_THAT(f.text("tables/final.md"), HasSubstr("cleaning is not measured yet"));
  EXPECT_FALSE(std::filesystem::exists(f.experiment() / "report/tables/rules.csv"));
  f.point("clean0.1", 1, 58, 4);
  f.save();
  EXPECT_THAT(terminal_table(f.experiment(), f.stages(), 0), HasSubstr("58.0 [55.8, 60.2]"));
}

TEST(Numbers, EqualAccuracyPrefersLowerAttackSuccess) {
  Small f;
  f.point("clean0.1", 1, 58, 4);
  f.point("clean0.2", 1, 58, 2);
  f.save();
  write(f.experiment(), f.stages());
  EXPECT_EQ(csv_line(f.text("tables/best.csv"), 2)[6], "learning rate 0.2");
}

TEST(Numbers, NoPointWithinTheBoundSaysHowNearItCame) {
  Small f;
  f.point("clean0.1", 1, 58, 21);
  f.point("clean0.2", 1, 57, 6.3);
  f.save();
  const auto table = terminal_table(f.experiment(), f.stages(), 0);
  EXPECT_THAT(
      table,
      HasSubstr("none; lowest ASR on validation 6.3 (learning rate 0.2, epoch 1; 6.3 on test)"));
  EXPECT_THAT(table, HasSubstr("0 of 2"));
  EXPECT_THAT(table, HasSubstr("control: learning rate 0 (batch norm only)"));
}

TEST(Numbers, WithoutValidationTheChoiceIsCalledOptimistic) {
  Small f;
  f.point("clean0.1", 1, 58, 4);
  for (auto& [id, rows] : f.records)
    std::erase_if(rows, [](const auto& r) { return r.data == "validation"; });
  f.save();
  write(f.experiment(), f.stages());
  EXPECT_THAT(f.text("index.html"), HasSubstr("Chosen on test, reported on test"));
  EXPECT_THAT(f.text("index.html"), HasSubstr("the numbers are optimistic"));
}

TEST(Numbers, RowsOfAnEarlierProtocolAreLeftOut) {
  Small f;
  f.point("clean0.1", 1, 58, 4);
  auto& rows = f.records["clean0.1"];
  const auto count = rows.size();
  for (auto& row : rows) row.protocol_id = "e1";
  for (std::size_t i = 0; i < count; ++i) {
    rows.push_back(rows[i]);
    rows.back().protocol_id = "other";
    rows.back().value = 77;
  }
  f.save();
  write(f.experiment(), f.stages());
  EXPECT_EQ(csv_line(f.text("tables/best.csv"), 2)[10], "58.0");
}

TEST(Numbers, TerminalTableFits) {
  Fixture f;
  f.quickstart();
  f.save();
  const auto table = terminal_table(f.experiment(), f.stages(), 100);
  for (const char* part :
       {"banana", "13 of 13 stages done", "mmcl_ssl, learning rate 0.002", "82.8 [81.1, 84.4]",
        "Best accuracy with ASR ≤ 5 %", "learning rate 0.002, epoch 8"})
    EXPECT_THAT(table, HasSubstr(part));
  for (std::size_t i = 0; i < 4; ++i)
    f.plan.cells[i].values[0].second = "a name that is much longer than names of cells ought to be";
  f.save();
  for (const int width : {60, 100, 140}) {
    std::istringstream lines(terminal_table(f.experiment(), f.stages(), width));
    for (std::string line; std::getline(lines, line);) {
      const auto columns =
          std::count_if(line.begin(), line.end(), [](char c) { return (c & 0xC0) != 0x80; });
      EXPECT_LE(columns, width) << line;
    }
  }
}

TEST(Numbers, Expectations) {
  Small f;
  f.point("clean0.1", 1, 58, 4);
  f.point("clean0.2", 1, 57, 6);
  f.status("clean0.2", core::StageState::kRunning);
  f.expect("pretrain", {}, "attack_success", 80);                       // 0: 99
  f.expect("pretrain", {}, "attack_success").at_most = 98.9;            // 1: 99
  f.expect("clean", {{"learning_rate", "0.1"}}, "zero_shot_top1", 58);  // 2: exactly
  f.expect("clean", {{"learning_rate", "0.2"}}, "zero_shot_top1", 1);   // 3: still running
  f.expect("clean", {{"learning_rate", "0.2"}}, "attack_success", 99).at = "epoch-0";  // 4
  auto& near = f.expect("clean", {{"learning_rate", "0.1"}}, "attack_success");        // 5
  near.value = 5;
  near.tolerance = 1;
  auto& far = f.expect("clean", {{"learning_rate", "0.1"}}, "attack_success");  // 6
  far.value = 5.2;
  far.tolerance = 1;
  f.expect("clean", {{"learning_rate", "7"}}, "attack_success", 1);  // 7: no such cell
  f.expect("clean", {}, "zero_shot_top1", 59);                       // 8: 70 and 58; one runs
  f.save();
  const auto verdicts = check(f.experiment(), f.stages());
  std::vector<Outcome> outcomes;
  for (const auto& verdict : verdicts) outcomes.push_back(verdict.outcome);
  EXPECT_THAT(outcomes,
              ::testing::ElementsAre(Outcome::kMet, Outcome::kMissed, Outcome::kMet,
                                     Outcome::kNotMeasured, Outcome::kMet, Outcome::kMet,
                                     Outcome::kMissed, Outcome::kNotMeasured, Outcome::kMissed));
  EXPECT_EQ(verdicts[0].text, "pretrain: attack_success on test at least 80: measured 99.0");
  EXPECT_THAT(verdicts[3].text, HasSubstr("not measured (stage is running)"));
  EXPECT_THAT(verdicts[8].text, HasSubstr("58.0 to 70.0 (2 models)"));
}

TEST(Numbers, ExpectationsOfTheChosenModel) {
  Small f;
  f.point("clean0.1", 1, 58, 4, -2);
  f.point("clean0.1", 2, 59, 8, +1);
  f.point("clean0.2", 1, 50, 0.5, +9);
  const auto expect = [&](const char* metric, const char* at, double bound, double value) {
    auto& e = f.expect("clean", {}, metric);
    e.at = at;
    e.bound = bound;
    e.value = value;
    e.tolerance = 0.1;
  };
  expect("zero_shot_top1", "best", 5, 56);     // chosen on validation, where it has 58
  expect("zero_shot_top1", "best", 10, 60);    // 59 there
  expect("attack_success", "best", 5, 0.5);    // is 4
  expect("attack_success", "lowest", 5, 0.5);  // the control's 1 does not count
  expect("zero_shot_top1", "best", 0.1, 50);   // there is none
  const auto outcomes = [&] {
    f.save();
    std::vector<Outcome> result;
    for (const auto& verdict : check(f.experiment(), f.stages())) result.push_back(verdict.outcome);
    return result;
  };
  EXPECT_THAT(outcomes(), ::testing::ElementsAre(Outcome::kMet, Outcome::kMet, Outcome::kMissed,
                                                 Outcome::kMet, Outcome::kMissed));
  EXPECT_THAT(check(f.experiment(), f.stages())[0].text,
              HasSubstr("zero_shot_top1 on test of the best with ASR <= 5 % 56 ± 0.1: measured "
                        "56.0 (learning rate 0.1, epoch 1; chosen on validation)"));
  f.status("clean0.2", core::StageState::kRunning);
  EXPECT_THAT(outcomes(), ::testing::Each(Outcome::kNotMeasured));
}

}  // namespace
}  // namespace theriac::report
