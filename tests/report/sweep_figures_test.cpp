#include "report/sweep_figures.h"

#include <gmock/gmock.h>

#include <algorithm>
#include <memory>

#include "report/bars.h"
#include "report/fixture.h"
#include "report/markup_check.h"
#include "report/panels.h"

namespace theriac::report {
namespace {

using ::testing::HasSubstr;

std::vector<Figure> figures(const Fixture& f) {
  Experiment e;
  load(f.experiment(), f.stages(), e);
  return sweep_figures(e);
}

std::vector<std::string> names(const std::vector<Figure>& all) {
  std::vector<std::string> result;
  for (const auto& figure : all) result.push_back(figure.name);
  return result;
}

const Figure& named(const std::vector<Figure>& all, const std::string& name) {
  for (const auto& figure : all)
    if (figure.name == name) return figure;
  throw std::out_of_range("no figure " + name);
}

TEST(SweepFigures, QuickstartHasThem) {
  Fixture f;
  f.quickstart();
  f.save();
  const auto all = figures(f);
  EXPECT_THAT(names(all), ::testing::ElementsAre("pareto", "dynamics", "by_pretraining",
                                                 "runs_mmcl", "runs_mmcl_ssl"));
  for (const auto& figure : all) EXPECT_EQ(markup_problem(to_svg(figure.draw(Layout::kFile))), "");
  // Final accuracy of 0.002 on validation 81.9, on test 1.5 less; of the other model none.
  EXPECT_THAT(named(all, "by_pretraining").csv,
              HasSubstr("\"Accuracy, %, of: best accuracy, ASR ≤ 5 "
                        "%\",quickstart,mmcl,80.3917,78.5816,82.1303,1\n"));
  EXPECT_THAT(named(all, "by_pretraining").csv, HasSubstr("quickstart,mmcl_ssl,,,,\n"));
  EXPECT_THAT(named(all, "runs_mmcl").csv, HasSubstr("0.004,,8,0.2,76.8875\n"));
  EXPECT_THAT(named(all, "dynamics").csv, HasSubstr("\"Accuracy, %\",unpoisoned,9,8,81.6\n"));
}

TEST(SweepFigures, FrontierHasWhatNothingBeats) {
  const auto f = frontier({{5, 50}, {1, 20}, {5, 60}, {9, 55}, {1, 30}, {10, 61}});
  ASSERT_EQ(f.size(), 3U);
  EXPECT_EQ(f[0].y, 30);
  EXPECT_EQ(f[1].y, 60);
  EXPECT_EQ(f[2].y, 61);
  EXPECT_TRUE(frontier({}).empty());
}

// Cleaning sets of two sizes, each at two rates; two seeds.
TEST(SweepFigures, BarsAverageSeedsAndChooseAmongRates) {
  Fixture f;
  f.plan.axes = {{"pairs", "data.cleaning.count", {"100", "200"}},
                 {"learning_rate", "clean.optimizer.learning_rate", {"0.1", "0.2"}},
                 {"seed", "seed", {"1", "2"}}};
  for (const std::string seed : {"1", "2"}) {
    f.add_stage("pretrain", "p" + seed, "", {{"seed", std::stoi(seed)}});
    for (const std::string pairs : {"100", "200"})
      for (const std::string rate : {"0.1", "0.2"}) {
        const std::string id = "c" + seed + pairs + rate;
        f.add_stage("clean", id, "p" + seed);
        f.plan.cells.push_back(
            {{{"pairs", pairs}, {"learning_rate", rate}, {"seed", seed}}, {"p" + seed, id}});
        f.point(id, 0, 60, 99);
        f.point(id, 1, (rate == "0.1" ? 50 : 40) + std::stoi(seed), pairs == "100" ? 30 : 4);
      }
  }
  f.save();
  const auto all = figures(f);
  const auto csv = named(all, "by_pairs").csv;
  EXPECT_THAT(csv, HasSubstr("\"Accuracy, %, of: best accuracy, ASR ≤ 5 %\",quickstart,100,,,,\n"));
  EXPECT_THAT(csv, HasSubstr("quickstart,200,51.5,45.1469,57.8531,2\n"));  // 12.706 * 0.5
  EXPECT_THAT(named(all, "by_pairs").draw(Layout::kFile).description,
              HasSubstr("where there are several: 2)"));
}

// The value stands at the bar's top, not at the end of its whisker.
TEST(SweepFigures, NumbersStandAtTheirBars) {
  for (const int series : {1, 3, 12}) {
    BarFigure f;
    f.categories = {"a", "b"};
    f.series.assign(static_cast<std::size_t>(series), "s");
    f.panels = {{"p", {}}};
    f.panels[0].bars.assign(f.series.size(),
                            {{Estimate{6, 0, 60}, "", 3}, {Estimate{50, 49, 51}, "", 3}});
    const auto d = draw(f);
    const Shape* bar = nullptr;
    int numbers = 0;
    for (const auto& shape : d.shapes) {
      if (shape.kind == Shape::Kind::kArea && shape.fill >= kSeries && shape.fill_opacity < 1)
        bar = &shape;
      if (shape.kind != Shape::Kind::kText || (shape.text != "6.0" && shape.text != "50.0"))
        continue;
      ++numbers;
      double top = 1e9;
      for (const auto& spot : bar->spots) top = std::min(top, spot.y);
      EXPECT_NEAR(shape.spots[0].y, top, 24) << shape.text << " of " << series;
    }
    EXPECT_EQ(numbers, 2 * series);
  }
}

// What was possible up to an ASR does not rise before the model that has it.
TEST(SweepFigures, TheFrontierIsDrawnInSteps) {
  PanelFigure f;
  f.panels = {{"", {{"x", kInk, 0, {{1, 20}, {50, 80}}, true, false, {}, {}, true}}}};
  f.x = Range{0, 100};
  const auto d = draw(f);
  const auto way = std::find_if(d.shapes.begin(), d.shapes.end(), [](const Shape& shape) {
    return shape.kind == Shape::Kind::kLine && shape.width == 1.4;
  });
  ASSERT_NE(way, d.shapes.end());
  ASSERT_EQ(way->spots.size(), 4U);
  EXPECT_EQ(way->spots[1].x, way->spots[2].x);
  EXPECT_EQ(way->spots[0].y, way->spots[1].y);
  EXPECT_EQ(way->spots[2].y, way->spots[3].y);
  EXPECT_GT(way->spots[3].x, way->spots[2].x);
}

TEST(Panels, CsvHasEveryPointAndTheStart) {
  PanelFigure f;
  f.panels = {
      {"a, b", {{"x", kInk, 0, {{1, 2}, {3, 4}}, false, false, {1, 3}, {3, 5}}}, Spot{9, 8}}};
  EXPECT_EQ(to_csv(f),
            "panel,series,index,x,y,low,high\n\"a, b\",start,0,9,8,,\n\"a, b\",x,1,1,2,1,3\n"
            "\"a, b\",x,2,3,4,3,5\n");
  EXPECT_EQ(markup_problem(to_svg(draw(f))), "");
  EXPECT_EQ(markup_problem(to_svg(draw(PanelFigure{}))), "");  // nothing at all
  EXPECT_EQ(markup_problem(to_svg(draw(BarFigure{}))), "");
}

}  // namespace
}  // namespace theriac::report
