#include "experiment/status.h"

#include <gtest/gtest.h>

#include <thread>

#include "core/temporary.h"
#include "theriac/core/files.h"

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

// What an earlier attempt on another machine left, by a clock that is hours off.
core::StageStatus continued(double updated, double seconds) {
  const theriac::testing::TemporaryFolder folder;
  core::StageStatus earlier;
  earlier.id = "pretrain-1";
  earlier.kind = "pretrain";
  earlier.state = core::StageState::kInterrupted;
  earlier.updated = updated;
  earlier.seconds = seconds;
  core::write_file(folder / "status.json", nlohmann::json(earlier).dump());
  StatusFile status(folder.path(), "pretrain-1", "pretrain");
  status.value.step = 7;
  status.write_at_times();
  return core::read_status(folder.path()).value();
}

TEST(StatusFile, IsWrittenWhateverTimeAnEarlierAttemptLeft) {
  const double now =
      std::chrono::duration<double>(std::chrono::system_clock::now().time_since_epoch()).count();
  for (const double hours : {-5000.0, 3.0, 5000.0}) {
    const auto status = continued(now + hours * 3600, 12);
    EXPECT_EQ(status.step, 7) << hours;
    EXPECT_NEAR(status.updated, now, 60) << hours;
    EXPECT_NEAR(status.seconds, 12, 1) << hours;
  }
  EXPECT_NEAR(continued(now, -500).seconds, 0, 1);  // of a clock that was set back meanwhile
}

}  // namespace
}  // namespace theriac::experiment
