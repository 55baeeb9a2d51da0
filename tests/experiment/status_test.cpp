#include "experiment/status.h"

#include <gtest/gtest.h>

#include <thread>

#include "core/temporary.h"

namespace theriac::experiment {
namespace {

void pass(int milliseconds) {
  std::this_thread::sleep_for(std::chrono::milliseconds(milliseconds));
}

TEST(StatusFile, TellsWhereTheTimeOfAllAttemptsWent) {
  const theriac::testing::TemporaryFolder folder;
  for (int attempt = 1; attempt <= 2; ++attempt) {
    StatusFile status(folder.path(), "clean-1", "clean");
    pass(5);
    {
      const StatusFile::Doing training(status, Activity::kTraining);
      pass(10);
      {
        const StatusFile::Doing evaluation(status, Activity::kEvaluation);
        pass(20);
        const StatusFile::Doing saving(status, Activity::kOther);
        pass(5);
      }
      pass(10);
    }
    status.finish(core::StageState::kInterrupted);
  }
  const auto found = core::read_status(folder.path());
  ASSERT_TRUE(found);
  EXPECT_GE(found->training_seconds, 0.040);
  EXPECT_GE(found->evaluation_seconds, 0.040);
  EXPECT_GE(found->seconds - found->training_seconds - found->evaluation_seconds, 0.020);
}

TEST(StatusFile, WhatIsNotCountedTwiceAddsUp) {
  const theriac::testing::TemporaryFolder folder;
  StatusFile status(folder.path(), "clean-1", "clean");
  {
    const StatusFile::Doing training(status, Activity::kTraining);
    const StatusFile::Doing evaluation(status, Activity::kEvaluation);
    pass(20);
  }
  status.write();
  EXPECT_LT(status.value.training_seconds, 0.010);
  EXPECT_GE(status.value.evaluation_seconds, 0.020);
}

}  // namespace
}  // namespace theriac::experiment
