#include "experiment/checkpoints.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "core/temporary.h"

namespace theriac::experiment {
namespace {

namespace fs = std::filesystem;

std::vector<std::string> names_in(const fs::path& folder) {
  std::vector<std::string> names;
  for (const auto& entry : fs::directory_iterator(folder))
    names.push_back(entry.path().filename().string());
  std::sort(names.begin(), names.end());
  return names;
}

TEST(Checkpoints, WhatAKilledProcessWasWritingGoesWhateverItsMachine) {
  const theriac::testing::TemporaryFolder folder;
  fs::create_directories(folder / ".step-00000012.staging-elsewhere-71-0");
  fs::create_directories(folder / "epoch-0001");
  const Checkpoints checkpoints(folder.path(), {}, 1, 0);
  EXPECT_THAT(names_in(folder.path()), ::testing::ElementsAre("epoch-0001"));
}

TEST(Checkpoints, OfAFinishedStageTheNewestAndTheWantedStay) {
  const theriac::testing::TemporaryFolder folder;
  for (int epoch = 1; epoch <= 5; ++epoch)
    fs::create_directories(checkpoint::epoch_folder(folder.path(), epoch));
  keep_only(folder.path(), [](std::int64_t epoch) { return epoch == 2; });
  EXPECT_THAT(names_in(folder.path()), ::testing::ElementsAre("epoch-0002", "epoch-0005"));
}

}  // namespace
}  // namespace theriac::experiment
