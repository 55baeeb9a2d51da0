#include "theriac/report/chart.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "core/temporary.h"
#include "report/drawing.h"
#include "report/markup_check.h"
#include "theriac/core/files.h"

namespace theriac::report {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

std::size_t times(const std::string& text, const std::string& what) {
  std::size_t count = 0;
  for (auto at = text.find(what); at != std::string::npos; at = text.find(what, at + 1)) ++count;
  return count;
}

Series points(const std::string& name, std::vector<double> x, std::vector<double> y) {
  return {name, Series::Kind::kPoints, std::move(x), std::move(y), {}, {}};
}

TEST(Chart, EqualNamesLookAlikeAndStandInTheLegendOnce) {
  Chart chart{.title = "Two panels",
              .note = "note",
              .panels = {{"left", "x", "y", {points("one", {1, 2}, {3, 4})}},
                         {"right", "x", "y", {points("two", {1}, {3}), points("one", {1}, {1})}}}};
  const auto svg = to_svg(chart);
  EXPECT_EQ(times(svg, ">one</text>"), 1U);
  EXPECT_EQ(times(svg, ">two</text>"), 1U);
  EXPECT_EQ(times(svg, "<circle"), 1U + 3U);  // "one" is the first: a circle everywhere
}

// Colours come again after twelve, marks after eight.
TEST(Chart, NoTwoNamesLookAlike) {
  Chart chart{"t", "", {{"p", "", "", {}}}};
  for (int i = 0; i < 13; ++i)
    chart.panels[0].series.push_back(points(std::to_string(i), {1.0 * i}, {1}));
  const auto svg = to_svg(chart);
  EXPECT_EQ(times(svg, "<circle"), 4U);  // the first and the ninth: in the legend and the panel
  const std::string first = "fill=\"" + svg_colour(series(0)) + "\"";
  EXPECT_EQ(series(12), series(0));
  EXPECT_EQ(times(svg, first), 4U);  // the first and the thirteenth, which is a cross
}

TEST(Chart, NamelessSeriesNeedNoLegend) {
  const auto svg = to_svg(Chart{"t", "", {{"p", "", "", {points("", {1, 2}, {1, 2})}}}});
  EXPECT_EQ(times(svg, "<circle"), 2U);
}

TEST(Chart, TheLegendShowsAMarkOnlyWhereThereIsOne) {
  Series line{"line", Series::Kind::kLine, {}, {}, {}, {}};
  for (int i = 0; i < 50; ++i) line.x.push_back(i), line.y.push_back(i % 7);
  const auto long_line = to_svg(Chart{"t", "", {{"p", "", "", {line}}}});
  EXPECT_EQ(times(long_line, "<circle"), 0U);
  line.x.resize(3), line.y.resize(3);
  EXPECT_EQ(times(to_svg(Chart{"t", "", {{"p", "", "", {line}}}}), "<circle"), 1U + 3U);
}

TEST(Chart, ConstantAndEmptySeriesHaveAPlace) {
  Series line{"flat", Series::Kind::kLine, {1, 2}, {5, 5}, {5, 5}, {5, 5}};
  const auto svg = to_svg(
      Chart{"t", "", {{"flat", "x", "y", {line}}, {"none", "x", "y", {points("p", {}, {})}}}});
  EXPECT_THAT(svg, Not(HasSubstr("nan")));
  EXPECT_THAT(svg, Not(HasSubstr("inf")));
}

TEST(Chart, BarsCarryTheirCategoriesAndValues) {
  Panel panel{"bars", "%", "what they are", {{"", Series::Kind::kBars, {40, 12.5}, {}, {}, {}}}};
  panel.categories = {"apple & pear",
                      "a name that is far too long for the room that there is left"};
  const auto svg = to_svg(Chart{"t", "", {panel}});
  EXPECT_THAT(svg, HasSubstr(">apple &amp; pear</text>"));
  EXPECT_THAT(svg, HasSubstr(">12.5</text>"));
  EXPECT_THAT(svg, HasSubstr(">what they are</text>"));
  EXPECT_EQ(markup_problem(svg), "");
}

TEST(Chart, TicksOfACountAreWhole) {
  Panel panel{"p", "epoch", "", {points("s", {1, 2}, {0, 100})}};
  EXPECT_THAT(to_svg(Chart{"t", "", {panel}}), HasSubstr(">1.2</text>"));
  panel.whole_x = true;
  const auto svg = to_svg(Chart{"t", "", {panel}});
  EXPECT_THAT(svg, Not(HasSubstr(">1.2</text>")));
  EXPECT_THAT(svg, HasSubstr(">2</text>"));
}

TEST(Chart, LongNotesAndNamesAreBroken) {
  const std::string note(
      "a note that goes on and on, word after word after word, until no line of the figure could "
      "hold it, and then some more of it");
  const auto svg = to_svg(Chart{"t", note, {{std::string(200, 'w'), "", "", {}}}});
  EXPECT_THAT(svg, Not(HasSubstr(">" + note + "<")));
  EXPECT_THAT(svg, HasSubstr("www…</text>"));
}

TEST(Chart, CsvIsQuotedWhereItHasToBe) {
  EXPECT_EQ(to_csv({{"name", "value"}, {{"a, b", "1"}, {"say \"x\"", "2"}}}),
            "name,value\n\"a, b\",1\n\"say \"\"x\"\"\",2\n");
}

TEST(Chart, WritesFigureAndNumbersUnderOneName) {
  testing::TemporaryFolder folder;
  const Chart chart{"t", "", {{"p", "", "", {points("s", {1}, {1})}}}};
  const bool drawn = write_chart(folder.path(), "name", chart, {{"x"}, {{"1"}}});
  EXPECT_EQ(core::read_file(folder / "name.csv"), "x\n1\n");
  EXPECT_EQ(core::read_file(folder / "name.svg"), to_svg(chart));
  EXPECT_EQ(std::filesystem::exists(folder / "name.png"), drawn);
}

}  // namespace
}  // namespace theriac::report
