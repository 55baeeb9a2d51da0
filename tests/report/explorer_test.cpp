#include "report/explorer.h"

#include <gmock/gmock.h>

#include <algorithm>

#include "report/fixture.h"
#include "report/markup_check.h"
#include "report/paper_fixture.h"
#include "theriac/report/bench.h"
#include "theriac/report/paper.h"
#include "theriac/report/report.h"

namespace theriac::report {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

nlohmann::json explored(const std::string& page) {
  const std::string open = "<script type=\"application/json\" id=\"data\">";
  const auto from = page.find(open) + open.size();
  return nlohmann::json::parse(page.substr(from, page.find("</script>", from) - from))
      .at("explorer");
}

TEST(Explorer, HasEveryMeasurementOfCleaning) {
  Fixture f;
  f.quickstart();
  f.save();
  write(f.experiment(), f.stages());
  const auto d = explored(f.text("index.html"));
  // Runs, epochs 1 to 8, three data sets; two models before cleaning, once each.
  ASSERT_EQ(d["x"].size(), (8 * 8 + 2) * 3U);
  for (const char* list : {"y", "series", "run", "set", "epoch"})
    EXPECT_EQ(d[list].size(), d["x"].size()) << list;
  EXPECT_EQ(d["sets"], nlohmann::json({"test", "validation", "held_out"}));
  EXPECT_EQ(d["runs"][0], "mmcl, learning rate 0 (control)");
  // Run 3 is mmcl at 0.004; its last epoch on test: accuracy 76.8875 %, ASR 0.2 %.
  const std::size_t at = 3 * 24 + 7;
  EXPECT_EQ(d["run"][at], 3);
  EXPECT_EQ(d["epoch"][at], 8);
  EXPECT_EQ(d["set"][at], 0);
  EXPECT_EQ(d["y"][at], 76888);
  EXPECT_EQ(d["x"][at], 200);
  EXPECT_EQ(d["runs"][8], "mmcl, before cleaning");
  EXPECT_EQ(std::count(d["run"].begin(), d["run"].end(), 8), 3);
  EXPECT_EQ(d["epoch"][8 * 24], 0);
}

TEST(Explorer, NamesStayText) {
  Explorer e;
  e.series = {"<b>\"&"};
  e.sets = {"<i>", "two"};
  e.runs = {"run"};
  e.rows = {{1, 2, 0, 0, 0, 3}};
  const auto html = explorer_section(e, "");
  EXPECT_THAT(html, HasSubstr("&lt;b&gt;&quot;&amp;"));
  EXPECT_THAT(html, Not(HasSubstr("<b>")));
  EXPECT_EQ(explorer_section({}, ""), "");
}

TEST(Explorer, OfThePaperHasDataSetsAndModels) {
  const PaperFiles f;
  write_paper({f.put("x_CC3M.json",
                     R"({"cleaning_poisoned_mmcl_ssl_clean_mmcl_ssl_lr_": [[0.5], [0.1]]})")},
              f.out());
  const auto d = explored(f.text("index.html"));
  EXPECT_EQ(d["sets"][0], "CC3M");
  EXPECT_EQ(d["names"][0], "MMCL+SSL → CleanCLIP");
  EXPECT_EQ(d["runs"][0], "all runs");
  EXPECT_EQ(d["x"][0], 50000);
}

TEST(Explorer, LargePagesLeaveListsToTheFilesBesideThem) {
  const auto bench = measure_report(10000);
  EXPECT_EQ(bench.points, 10000U);
  EXPECT_GT(bench.seconds, 0);
  EXPECT_LT(bench.page_mib, 1.5);
  EXPECT_GT(bench.report_mib, bench.page_mib);
}

}  // namespace
}  // namespace theriac::report
