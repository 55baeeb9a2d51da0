// What figures look like on the page and in files: nothing cut, nothing said twice.

#include <gmock/gmock.h>

#include <algorithm>
#include <cmath>

#include "report/bars.h"
#include "report/explorer.h"
#include "report/figures.h"
#include "report/fixture.h"
#include "report/page.h"
#include "report/panels.h"
#include "report/plot.h"
#include "report/sweep_figures.h"

namespace theriac::report {
namespace {

const Shape* text_of(const Drawing& d, const std::string& text) {
  for (const auto& s : d.shapes)
    if (s.kind == Shape::Kind::kText && s.text == text) return &s;
  return nullptr;
}

void expect_inside(const Drawing& d) {
  for (const auto& s : d.shapes) {
    if (s.kind != Shape::Kind::kText || s.upright) continue;
    const double left = s.spots[0].x - s.anchor * text_width(s.text, s.size);
    EXPECT_GE(left, -4) << d.title << ": " << s.text;
    EXPECT_LE(left + text_width(s.text, s.size), d.width + 4) << d.title << ": " << s.text;
    EXPECT_LE(s.spots[0].y, d.height) << d.title << ": " << s.text;
  }
}

// A quickstart whose names are long.
struct LongNames : Fixture {
  LongNames() {
    quickstart();
    const std::string tail = " with a name that goes on and on, far beyond what a legend can hold";
    for (auto& value : plan.axes[0].values) value += tail;
    for (auto& cell : plan.cells) cell.values[0].second += tail;
    save();
  }
};

TEST(Layout, OfACountThereAreNoTicksBetweenWholeNumbers) {
  EXPECT_EQ(ticks({0, 2}, 8), (std::vector<double>{0, 0.5, 1, 1.5, 2}));
  EXPECT_EQ(ticks({0, 2}, 8, true), (std::vector<double>{0, 1, 2}));
  EXPECT_EQ(ticks({0, 40}, 4, true), ticks({0, 40}, 4));
  EXPECT_EQ(ticks({0.2, 0.7}, 4, true), std::vector<double>{});
}

TEST(Layout, ThePageHasEveryColourOfADrawing) {
  const std::string style = kPageStyle, script = kExplorerScript;
  for (int i = 0; i < kSeries + kSeriesColours; ++i) {
    const std::string colour = "var(--c" + std::to_string(i) + ")", n = std::to_string(i);
    EXPECT_THAT(style, ::testing::HasSubstr(".f" + n + " { fill: " + colour));
    EXPECT_THAT(style, ::testing::HasSubstr(".k" + n + " { stroke: " + colour));
    if (i >= kSeries) {
      EXPECT_THAT(style, ::testing::HasSubstr(".b" + n + " { background: " + colour));
    }
    EXPECT_THAT(style, ::testing::HasSubstr("--c" + n + ": #"));
    EXPECT_EQ(svg_colour(i).size(), 7U);
  }
  EXPECT_THAT(script, ::testing::HasSubstr("% " + std::to_string(kSeriesColours) + ")"));
}

TEST(Layout, OnlyFilesHaveTheTitleWhichIsTheHeadingOnThePage) {
  Fixture f;
  f.quickstart();
  f.save();
  Experiment e;
  load(f.experiment(), f.stages(), e);
  for (const auto& figure : sweep_figures(e)) {
    const auto file = figure.draw(Layout::kFile);
    EXPECT_TRUE(text_of(file, file.title)) << figure.name;
    for (const auto layout : {Layout::kWide, Layout::kNarrow}) {
      const auto page = figure.draw(layout);
      EXPECT_EQ(page.title, file.title);
      EXPECT_FALSE(text_of(page, file.title)) << figure.name;
      EXPECT_EQ(page.width, figure_width(layout));
    }
  }
}

TEST(Layout, TextStaysInsideEvenWithLongNames) {
  const LongNames f;
  Experiment e;
  load(f.experiment(), f.stages(), e);
  const auto figures = sweep_figures(e);
  ASSERT_GE(figures.size(), 4U);
  for (const auto& figure : figures)
    for (const auto layout : {Layout::kWide, Layout::kNarrow, Layout::kFile})
      expect_inside(figure.draw(layout));
  Tips none(false);
  for (const auto layout : {Layout::kWide, Layout::kNarrow, Layout::kFile}) {
    expect_inside(scatter(e, "test", layout, none));
    expect_inside(trajectories(e, "test", layout, none));
    expect_inside(curves(e, layout));
  }
}

// Two epochs of pre-training beside fifty of cleaning have little room for ticks.
TEST(Layout, TicksAndLabelsOfShortPreTrainingDoNotTouch) {
  Fixture f;
  f.add_stage("pretrain", "p", "");
  f.add_stage("clean", "c", "p");
  f.plan.cells.push_back({{}, {"p", "c"}});
  for (const int epoch : {0, 1, 2}) f.point("p", epoch, 60, 90);
  for (int epoch = 0; epoch <= 50; ++epoch) f.point("c", epoch, 60, 90 - epoch);
  for (const char* id : {"p", "c"}) f.status(id, core::StageState::kDone);
  f.save();
  Experiment e;
  load(f.experiment(), f.stages(), e);
  Tips none(false);
  for (const auto layout : {Layout::kWide, Layout::kNarrow, Layout::kFile}) {
    const auto d = trajectories(e, "test", layout, none);
    std::vector<const Shape*> texts;
    for (const auto& s : d.shapes)
      if (s.kind == Shape::Kind::kText) texts.push_back(&s);
    const auto left = [](const Shape* s) {
      return s->spots[0].x - s->anchor * text_width(s->text, s->size);
    };
    for (const auto* a : texts)
      for (const auto* b : texts)
        if (a != b && left(a) <= left(b) && std::abs(a->spots[0].y - b->spots[0].y) < 6) {
          EXPECT_LE(left(a) + text_width(a->text, a->size), left(b) + 1) << a->text << b->text;
        }
  }
}

// 140: an interval of t over seeds may leave the range of a rate, the drawing does not.
TEST(Layout, ABarsNumberStandsBesideItsInterval) {
  for (const double high : {55.0, 99.9, 140.0}) {
    BarFigure f;
    f.series = {"one"};
    f.categories = {"a", "b"};
    f.panels = {{"panel", {{{Estimate{50, -20, high}, ""}, {Estimate{100, 100, 100}, ""}}}}};
    const auto d = draw(f);
    const auto* number = text_of(d, "50.0");
    const auto* title = text_of(d, "panel");
    const auto* full = text_of(d, "100.0");
    ASSERT_TRUE(number && title && full);
    for (const auto& s : d.shapes) {
      if (s.kind != Shape::Kind::kLine || s.stroke != kInk) continue;
      const double from = number->spots[0].x, to = from + text_width(number->text, number->size);
      for (const auto& spot : s.spots)
        EXPECT_TRUE(spot.y >= number->spots[0].y + 3 || spot.x < from || spot.x > to) << high;
    }
    for (const auto* text : {number, full})
      EXPECT_GE(text->spots[0].y - text->size, title->spots[0].y) << high;
  }
}

}  // namespace
}  // namespace theriac::report
