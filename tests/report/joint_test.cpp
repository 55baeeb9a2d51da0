// Reports of several experiments, and tables of further metrics.

#include <gmock/gmock.h>

#include "report/fixture.h"
#include "report/metrics_table.h"
#include "report/sweep_figures.h"
#include "theriac/report/compare.h"
#include "theriac/report/report.h"

namespace theriac::report {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

RunFolders folders(const Fixture& f) { return {f.experiment(), f.stages()}; }

TEST(Joint, HasTheFiguresOfASingleExperiment) {
  Fixture a, b;
  a.quickstart();
  b.quickstart();
  b.plan.name = "second";
  a.save();
  b.save();
  const theriac::testing::TemporaryFolder out;
  compare({folders(a), folders(b)}, out.path(), 0);
  for (const char* name : {"scatter", "scatter_validation", "trajectories", "training", "pareto",
                           "dynamics", "by_experiment", "by_pretraining"})
    EXPECT_TRUE(std::filesystem::exists(out.path() / "figures" / (std::string(name) + ".svg")))
        << name;
  const auto page = core::read_file(out.path() / "index.html");
  for (const char* part :
       {"<section id=\"scatter\">", "<section id=\"epochs\">", "<section id=\"training\">",
        "<section id=\"by_experiment\">", ">quickstart: mmcl</button>", ">second: mmcl</button>",
        "second: mmcl, learning rate 0.002\\ncleaning, epoch 8"})
    EXPECT_THAT(page, HasSubstr(part));
  const auto bars = core::read_file(out.path() / "figures" / "by_experiment.csv");
  EXPECT_THAT(bars, HasSubstr("ASR ≤ 5 %\",mmcl,second,80.3917,"));
  const auto scatter = core::read_file(out.path() / "figures" / "scatter.csv");
  EXPECT_THAT(
      scatter,
      HasSubstr("\"second: mmcl, learning rate 0.002\",second: mmcl,no,clean-mmcl0.002,8,"));
}

TEST(Joint, AnExperimentWithoutAxesIsCalledByItsName) {
  Fixture a, b;
  for (auto* f : {&a, &b}) {
    f->plan.name = f == &a ? "one" : "two";
    f->add_stage("pretrain", "p", "");
    f->add_stage("clean", "c", "p");
    f->plan.cells.push_back({{}, {"p", "c"}});
    for (const int epoch : {0, 1}) f->point("c", epoch, 60, epoch ? 3 : 90);
    f->save();
  }
  const theriac::testing::TemporaryFolder out;
  compare({folders(a), folders(b)}, out.path(), 0);
  const auto page = core::read_file(out.path() / "index.html");
  EXPECT_THAT(page, HasSubstr(">two</button>"));
  EXPECT_THAT(page, Not(HasSubstr("two: two</button>")));
}

TEST(Metrics, OthersThanAccuracyAndAttackHaveATable) {
  Fixture f;
  f.quickstart();
  for (int epoch = 0; epoch <= Fixture::kEpochs; ++epoch) {
    f.record("clean-mmcl0.002", "linear_probe_top1", "test", epoch, 40 + epoch);
    f.record("clean-mmcl0.002", "linear_probe_top1", "validation", epoch, 1);
    f.record("clean-mmcl0.002", "validation_loss", "validation", epoch, 1.23456);
    auto& loss = f.records["clean-mmcl0.002"].back();
    loss.low = loss.high = loss.value;
  }
  f.record("clean-mmcl0.001", "linear_probe_top1", "test", 8, 30);
  f.save();
  Experiment e;
  load(f.experiment(), f.stages(), e);
  const auto text = to_csv(metrics_table(e));
  EXPECT_THAT(text,
              HasSubstr("cell,epoch,which,linear_probe_top1_on_test,linear_probe_top1_on_test_low,"
                        "linear_probe_top1_on_test_high,validation_loss_on_validation\n"));
  EXPECT_THAT(text, HasSubstr("\"mmcl, learning rate 0.001\",8,newest,30.0,28.0,32.1,\n"));
  EXPECT_THAT(
      text,
      HasSubstr("\"mmcl, learning rate 0.002\",8,\"newest, chosen on validation\",48.0,45.8,50.3,"
                "1.235\n"));
  write(f.experiment(), f.stages());
  EXPECT_EQ(f.text("tables/metrics.csv"), text);
  EXPECT_THAT(f.text("index.html"), HasSubstr("<section id=\"metrics\"><h2>Other metrics</h2>"));
}

TEST(Metrics, AChosenEarlierEpochHasARowOfItsOwn) {
  Fixture f;
  f.plan.cells.push_back({{}, {"p", "c"}});
  f.add_stage("pretrain", "p", "");
  f.add_stage("clean", "c", "p");
  for (const int epoch : {0, 1, 2}) {
    f.point("c", epoch, 60 - epoch, epoch ? 3 : 90);
    f.record("c", "knn_top1", "test", epoch, 50 - epoch);
  }
  f.save();
  Experiment e;
  load(f.experiment(), f.stages(), e);
  const auto text = to_csv(metrics_table(e));
  EXPECT_THAT(text, HasSubstr("the experiment,1,chosen on validation,49.0,"));
  EXPECT_THAT(text, HasSubstr("the experiment,2,newest,48.0,"));
}

TEST(Metrics, WithoutThemThereIsNoTable) {
  Fixture f;
  f.quickstart();
  f.save();
  write(f.experiment(), f.stages());
  EXPECT_FALSE(std::filesystem::exists(f.experiment() / "report/tables/metrics.csv"));
  EXPECT_THAT(f.text("index.html"), Not(HasSubstr("Other metrics")));
}

}  // namespace
}  // namespace theriac::report
