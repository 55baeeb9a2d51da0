#include <gtest/gtest.h>

#include <set>

#include "core/temporary.h"
#include "theriac/core/files.h"
#include "theriac/experiment/runner.h"

namespace theriac::experiment {
namespace {

TEST(ExperimentFolder, KeepsEveryEarlierReportHoweverQuicklyTheyCome) {
  const theriac::testing::TemporaryFolder folder;
  Plan plan;
  plan.file.name = "quick";
  Sweep sweep{"quick", {}, {}, {}, {}};
  sweep.cells.push_back(
      {{},
       config::Document::parse("data: {train: {type: emoji, scenes: 64}}\npretrain: {epochs: 1}",
                               "test")});
  for (const char* value : {"1", "2", "3", "4"}) {
    sweep.cells[0].values = {{"axis", value}};
    write_experiment(plan, sweep, folder.path());
    core::write_file(folder / "report" / "index.html", value);
  }
  std::set<std::string> kept;
  for (const auto& entry : std::filesystem::directory_iterator(folder / "history"))
    kept.insert(core::read_file(entry.path() / "report" / "index.html"));
  EXPECT_EQ(kept, (std::set<std::string>{"1", "2", "3"}));
}

}  // namespace
}  // namespace theriac::experiment
