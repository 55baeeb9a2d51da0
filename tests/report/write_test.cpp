#include <gmock/gmock.h>

#include <algorithm>

#include "report/escape.h"
#include "report/fixture.h"
#include "report/markup_check.h"
#include "theriac/report/report.h"

namespace theriac::report {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

void run(const Fixture& fixture) { write(fixture.experiment(), fixture.stages()); }

TEST(Write, NumbersDoNotBreakAtALinesEnd) {
  EXPECT_EQ(prose("well-made-1: 1.5e-10 at 5 %, 1e-, e-3"),
            "well-made-1: <span class=\"nowrap\">1.5e-10</span> at 5&nbsp;%, 1e-, e-3");
  EXPECT_EQ(prose("rate 0, epoch 12 of an epoch x"), "rate 0, epoch&nbsp;12 of an epoch x");
}

TEST(Write, WithoutABackdoorNothingWasCleaned) {
  Fixture f;
  f.quickstart();
  for (auto& [id, rows] : f.records)
    for (auto& row : rows)
      if (row.metric == "attack_success") row.value = 2;
  f.save();
  run(f);
  const auto page = f.text("index.html");
  EXPECT_THAT(page, HasSubstr("no backdoor to begin with</span>"));
  EXPECT_THAT(page, Not(HasSubstr(">cleaned</span>")));
}

TEST(Write, QuickstartHasEveryPart) {
  Fixture f;
  f.quickstart();
  f.save();
  run(f);
  const auto page = f.text("index.html");
  for (const char* part :
       {"Summary", "Accuracy against attack success", "Over the epochs",
        "Best accuracy with ASR ≤ 5 %", "Every cell at its newest epoch", "Expected and measured",
        "Training", "What the poison looks like", "How to reproduce", "Resolved configuration",
        "13 of 13 stages done", "theriac run configs/quickstart.yaml",
        "random patch, noise binary, size 16", "data:image/png;base64,",
        "mmcl, learning rate 0.002\\ncleaning, epoch 8\\nAccuracy 80.4 % ["})
    EXPECT_THAT(page, HasSubstr(part));
  EXPECT_THAT(
      page,
      HasSubstr("No cleaned mmcl_ssl model gets to ASR&nbsp;≤&nbsp;5&nbsp;% on validation: the "
                "lowest of 24 is 6.3&nbsp;% (learning rate 0.004, epoch&nbsp;8). That model has an "
                "ASR of 6.3&nbsp;% and an accuracy of 80.6&nbsp;% on test."));
  EXPECT_THAT(page,
              HasSubstr(">Chosen on validation</th><th scope=\"col\" class=\"number\">Accuracy "
                        "on test,&nbsp;%</th>"));
  EXPECT_THAT(page, HasSubstr("none; lowest ASR on validation 6.3"));
  EXPECT_THAT(page, HasSubstr("epoch&nbsp;8; 6.3 on test)"));
  EXPECT_THAT(page, HasSubstr("Every cell at its newest epoch, on test"));
  EXPECT_THAT(page, HasSubstr("same trigger reaches the target in 0.6&nbsp;% (unpoisoned"));
  EXPECT_THAT(page, HasSubstr("✗ missed"));
  for (const char* outside :
       {"http-equiv=\"refresh\"", "<link rel=\"stylesheet\"", "src=\"http", "url("})
    EXPECT_THAT(page, Not(HasSubstr(outside)));
  for (const char* name : {"scatter", "scatter_validation", "trajectories", "training"}) {
    EXPECT_EQ(markup_problem(f.text(std::string("figures/") + name + ".svg")), "") << name;
    EXPECT_EQ(f.text(std::string("figures/") + name + ".png").substr(1, 3), "PNG");
  }
  EXPECT_THAT(f.text("tables/best.tex"), HasSubstr("\\toprule"));
  EXPECT_THAT(f.text("tables/final.tex"), HasSubstr("mmcl\\_ssl, learning rate 0.002 & "));
}

// Of many cells it is a hundred pages.
TEST(Write, TheResolvedConfigurationIsNotPrinted) {
  Fixture f;
  f.quickstart();
  f.save();
  run(f);
  const auto page = f.text("index.html");
  EXPECT_THAT(page, HasSubstr("<details class=\"config\"><summary>Resolved configuration"));
  EXPECT_THAT(page, HasSubstr("details:not(.config)"));
  EXPECT_THAT(page.substr(page.find("@media print")), HasSubstr(".config { display: none; }"));
}

TEST(Write, ReplacesTheWholeFolder) {
  Fixture f;
  f.quickstart();
  f.save();
  f.put(f.experiment() / "report" / "old.txt", "old");
  run(f);
  run(f);
  EXPECT_FALSE(std::filesystem::exists(f.experiment() / "report" / "old.txt"));
  EXPECT_TRUE(std::filesystem::exists(f.experiment() / "report" / "index.html"));
}

TEST(Write, HostileNamesStayText) {
  Fixture f;
  const std::string evil = "</script><script>alert(1)</script>\"'&,\n\x01";
  f.plan.name = evil;
  f.plan.target = evil;
  f.plan.file = "a b'; rm -rf .yaml";
  f.plan.axes = {{"pretraining", "", {evil}},
                 {"learning_rate", "clean.optimizer.learning_rate", {"0", "1"}}};
  f.add_stage("pretrain", "p", "");
  for (const char* rate : {"0", "1"}) {
    f.add_stage("clean", std::string("c") + rate, "p");
    f.plan.cells.push_back(
        {{{"pretraining", evil}, {"learning_rate", rate}}, {"p", std::string("c") + rate}});
    f.point(std::string("c") + rate, 0, 50, 90);
    f.point(std::string("c") + rate, 1, 50, 3);
  }
  f.plan.stages[1].label = evil;
  f.status("p", core::StageState::kDone);
  f.status("c1", core::StageState::kFailed, evil);
  f.expect("clean", {{"pretraining", evil}}, evil, 1).source = evil;
  f.save();
  f.put(f.experiment() / "experiment.resolved.yaml", evil + "\xFF");
  run(f);
  const auto page = f.text("index.html");
  EXPECT_THAT(page, Not(HasSubstr("<script>alert")));
  std::size_t ends = 0;
  for (std::size_t at = 0; (at = page.find("</script>", at)) != std::string::npos; ++at) ++ends;
  EXPECT_EQ(ends, 2U);
  EXPECT_THAT(page, HasSubstr("theriac run &#39;a b&#39;\\&#39;&#39;; rm -rf .yaml&#39;"));
  EXPECT_EQ(markup_problem(f.text("figures/scatter.svg")), "");
  EXPECT_THAT(f.text("tables/final.csv"),
              HasSubstr("\n\"</script><script>alert(1)</script>\"\"'&,\n\x01, learning rate 1\","));
}

// A sweep over the target and the trigger: each model has its own.
TEST(Write, EveryModelHasItsOwnTarget) {
  Fixture f;
  f.quickstart();
  for (auto& [id, rows] : f.records)
    for (auto& row : rows) {
      if (id.find("mmcl_ssl") == std::string::npos) continue;
      row.target = "apple";
      if (row.metric == "attack_success") row.trigger = R"({"type":"blended","amount":0.2})";
    }
  f.plan.target = "banana, apple";
  f.save();
  run(f);
  const auto page = f.text("index.html");
  EXPECT_THAT(page, HasSubstr("<dt>Target</dt><dd>banana, apple</dd>"));
  EXPECT_THAT(page, HasSubstr("random patch, noise binary, size 16; blended, amount 0.2"));
  EXPECT_THAT(page, HasSubstr("triggered test images taken for the target is"));
  EXPECT_THAT(page, HasSubstr("99.0&nbsp;% (“banana”) with mmcl ("));
  EXPECT_THAT(page, HasSubstr("94.4&nbsp;% (“apple”) with mmcl_ssl ("));
  EXPECT_THAT(page, Not(HasSubstr("“banana, apple”")));
}

TEST(Write, PlanAloneIsEnough) {
  Fixture f;
  f.quickstart();
  std::filesystem::remove_all(f.stages());
  f.records.clear();
  f.save();
  std::filesystem::remove(f.experiment() / "experiment.resolved.yaml");
  run(f);
  EXPECT_THAT(f.text("index.html"), HasSubstr("0 of 13 stages done"));
  EXPECT_THAT(f.text("index.html"), HasSubstr("these are the numbers so far"));
}

TEST(Write, UnfinishedFailedAndDamaged) {
  Fixture f;
  f.quickstart();
  std::erase_if(f.records["clean-mmcl0.002"], [](const auto& r) { return r.epoch > 3; });
  f.status("clean-mmcl0.002", core::StageState::kRunning);
  f.status("clean-mmcl0.004", core::StageState::kFailed, "loss is NaN at step 17");
  f.records.erase("clean-mmcl0.004");
  f.save();
  std::filesystem::remove_all(f.folder("clean-mmcl_ssl0.001"));
  f.put(f.folder("clean-mmcl_ssl0.002") / "status.json", "{\"half\":");
  f.put(f.folder("clean-mmcl_ssl0.004") / "records.jsonl", "{\"metric\": 3}\n{}\n");
  const auto problems = write(f.experiment(), f.stages());
  ASSERT_EQ(problems.size(), 2U);
  EXPECT_THAT(problems[1],
              HasSubstr("clean-mmcl_ssl0.004/records.jsonl:1: record: metric: expected"));
  const auto page = f.text("index.html");
  EXPECT_THAT(page, HasSubstr("failed.</b> loss is NaN at step 17"));
  EXPECT_THAT(page, HasSubstr("clean-mmcl_ssl0.002: status.json left out"));
  EXPECT_THAT(page, HasSubstr("clean-mmcl_ssl0.004/records.jsonl:1: record: "));
  EXPECT_THAT(page, HasSubstr("9 of 13 stages done"));
}

TEST(Write, SkippedSamplesByReason) {
  Fixture f;
  f.quickstart();
  f.save();
  auto status = *core::read_status(f.folder("pretrain-mmcl"));
  status.bad = {{"truncated", 7}, {"missing file", 0}};
  f.put(f.folder("pretrain-mmcl") / "status.json", nlohmann::json(status).dump());
  run(f);
  EXPECT_THAT(f.text("index.html"), HasSubstr("Samples that could not be used"));
  EXPECT_THAT(f.text("index.html"), HasSubstr(">truncated</td><td class=\"number\">7</td>"));
  EXPECT_THAT(f.text("index.html"), Not(HasSubstr("missing file")));
}

TEST(Write, NoPlanIsTheUsersError) {
  const theriac::testing::TemporaryFolder folder;
  EXPECT_THROW(write(folder / "nothing", folder.path()), std::exception);
}

}  // namespace
}  // namespace theriac::report
