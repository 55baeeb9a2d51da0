#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <signal.h>
#include <unistd.h>

#include <fstream>
#include <thread>

#include "core/fork.h"
#include "core/temporary.h"
#include "theriac/core/error.h"
#include "theriac/core/files.h"
#include "theriac/core/interrupt.h"

namespace theriac::core {
namespace {

using theriac::testing::in_child;
using theriac::testing::TemporaryFolder;

std::string told;
void tell(const std::string& holder) { told += holder + ";"; }

TEST(FileLock, OnlyOneHolderAndItsName) {
  const TemporaryFolder folder;
  const fs::path path = folder / "run/lock";
  EXPECT_EQ(FileLock::holder(path), "");
  auto lock = FileLock::try_acquire(path);
  ASSERT_TRUE(lock);
  EXPECT_FALSE(FileLock::try_acquire(path));
  EXPECT_THAT(FileLock::holder(path),
              ::testing::MatchesRegex("host .+, pid " + std::to_string(::getpid())));
  EXPECT_EQ(in_child([&] { return FileLock::try_acquire(path) ? 1 : 0; }), 0);
  lock.reset();
  EXPECT_EQ(FileLock::holder(path), "");
  EXPECT_TRUE(FileLock::try_acquire(path));
}

TEST(FileLock, AKilledHolderReleases) {
  const TemporaryFolder folder;
  EXPECT_EQ(in_child([&] {
              const auto lock = FileLock::try_acquire(folder / "lock");
              ::raise(SIGKILL);
              return 0;
            }),
            -SIGKILL);
  EXPECT_TRUE(FileLock::try_acquire(folder / "lock"));
}

TEST(FileLock, WaitsTellsOnceAndStopsWhenAsked) {
  const TemporaryFolder folder;
  auto lock = FileLock::try_acquire(folder / "lock");
  told.clear();
  std::thread release([&] {
    std::this_thread::sleep_for(std::chrono::milliseconds(250));
    lock.reset();
  });
  auto mine = std::make_unique<FileLock>(FileLock::acquire(folder / "lock", tell));
  release.join();
  EXPECT_THAT(told, ::testing::MatchesRegex("host .+, pid [0-9]+;"));

  request_stop();
  EXPECT_THROW(FileLock::acquire(folder / "lock", nullptr), Interrupted);
  clear_stop_request();
}

TEST(Interrupt, FirstSignalAsksSecondEnds) {
  EXPECT_EQ(in_child([] {
              install_signal_handlers();
              if (stop_requested()) return 1;
              ::raise(SIGTERM);
              if (!stop_requested()) return 2;
              ::raise(SIGTERM);
              return stop_requested() ? 0 : 3;
            }),
            0);
  EXPECT_EQ(in_child([] {
              install_signal_handlers();
              ::raise(SIGINT);
              if (!stop_requested()) return 1;
              ::raise(SIGINT);
              return 2;
            }),
            -SIGINT);
}

}  // namespace
}  // namespace theriac::core
