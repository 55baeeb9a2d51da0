#include "experiment/status.h"

#include <gtest/gtest.h>

#include "core/temporary.h"
#include "theriac/core/files.h"

namespace theriac::experiment {
namespace {

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
