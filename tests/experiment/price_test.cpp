#include <gmock/gmock.h>

#include "experiment/sweep_fixture.h"
#include "theriac/experiment/plan.h"

namespace theriac::experiment {
namespace {

using PriceTest = SweepTest;

// 64 pairs, 1 epoch; the quickstart's evaluation sets have 16 pictures each.
TEST_F(PriceTest, PricesCountWhatIsEmbeddedBesideTheSteps) {
  const auto stage = [&](const std::vector<std::string>& sets) {
    const auto path = write(kChain);
    const auto plan = make_plan(load_sweep(path, {sets}), path);
    return std::pair{plan.stages.back(), prices(plan, folder_ / "none", {}).back().flops};
  };
  const std::string mmcl = "clean.objective=[{type: mmcl}";
  const auto [plain, base] = stage({mmcl + "]"});
  EXPECT_EQ(plain.evaluated, 2 * 2 * (16 + 16));  // before and after the epoch
  const auto [fewer, less] = stage({mmcl + "]", "evaluate=[{type: zero_shot}]"});
  EXPECT_EQ(fewer.evaluated, 2 * (16 + 16));
  const double picture = (base - less) / 64;
  ASSERT_GT(picture, 0);
  const auto clustered = stage({mmcl + ", {type: clustering, clusters: 4}]"}).second;
  EXPECT_NEAR(clustered - base, 64 * picture, 1e-6 * base);
  const auto [shorter, removing] = stage({mmcl + "]", "clean.remove={fraction: 0.25}"});
  EXPECT_EQ(shorter.samples, 48);
  EXPECT_GT(removing - base * 48 / 64, 64 * picture);  // and captions
  const std::string extra = "data.extra={known: {type: emoji, scenes: 40, classes: 4}}";
  EXPECT_EQ(stage({extra}).first.evaluated, plain.evaluated);  // nothing asks for it
  const auto probed = stage({extra, "evaluate=[{type: knn, k: 3, memory: known}]"}).first;
  EXPECT_EQ(probed.evaluated, 2 * (2 * (16 + 16) + 40));  // the memory without triggers
}

TEST_F(PriceTest, HoursComeFromWhatIsKnownOfTheSpeed) {
  const auto path = write(kChain);
  const auto plan = make_plan(load_sweep(path, {}), path);
  const auto runs = folder_ / "stages";
  const auto& clean = plan.stages[2];
  const auto hours = [&](const Throughput& throughput) {
    return prices(plan, runs, throughput)[2].hours;
  };
  EXPECT_LT(hours({}), 0);

  Throughput given;
  given.given_teraflops = 0.5;
  EXPECT_DOUBLE_EQ(hours(given), prices(plan, runs, {})[2].flops / 0.5e12 / 3600);

  core::StageStatus status;
  status.id = clean.id;
  status.state = core::StageState::kDone;
  status.pairs_per_second = 8;
  status.evaluation_seconds = 4;
  std::filesystem::create_directories(runs / clean.id);
  std::ofstream(runs / clean.id / "status.json") << nlohmann::json(status);
  const auto found = finished_throughput(plan, runs);
  EXPECT_DOUBLE_EQ(hours(found), (static_cast<double>(clean.samples) / 8 + 4) / 3600);
  EXPECT_LT(prices(plan, runs, found)[1].hours, 0);  // the pre-training has other views
}

TEST_F(PriceTest, StepsThatNoStageHasToldOfAreMeasured) {
  const auto path = write(kChain);
  const auto plan = make_plan(load_sweep(path, {}), path);
  Throughput throughput;
  measure_throughput(plan, side_by_side(plan, 0, ""), throughput);
  EXPECT_EQ(throughput.teraflops.size(), 1u);  // one model, one batch size
  for (const auto& price : prices(plan, folder_ / "none", throughput)) EXPECT_GE(price.hours, 0);
  throughput.teraflops.clear();
  for (const auto& stage : plan.stages) throughput.pairs[work_kind(stage)] = 1;
  measure_throughput(plan, side_by_side(plan, 0, ""), throughput);
  EXPECT_TRUE(throughput.teraflops.empty());
}

}  // namespace
}  // namespace theriac::experiment
