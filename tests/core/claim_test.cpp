#include "theriac/core/claim.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <fstream>
#include <thread>

#include "core/fork.h"
#include "core/temporary.h"
#include "theriac/core/error.h"

namespace theriac::core {
namespace {

using theriac::testing::in_child;
using theriac::testing::TemporaryFolder;

TEST(Claim, OneHolderThatIsNamed) {
  const TemporaryFolder folder;
  const fs::path path = folder / "stage/claim";
  Claims claims;
  EXPECT_EQ(Claims::holder(path), "");
  auto claim = claims.try_take(path);
  ASSERT_TRUE(claim);
  EXPECT_TRUE(claim->beat());
  EXPECT_THAT(Claims::holder(path),
              ::testing::MatchesRegex("host .+, pid " + std::to_string(::getpid())));
  EXPECT_FALSE(claims.try_take(path));
  EXPECT_EQ(in_child([&] { return Claims().try_take(path) ? 1 : 0; }), 0);
  claim.reset();
  EXPECT_FALSE(fs::exists(path));
  EXPECT_TRUE(claims.try_take(path));
}

TEST(Claim, OfAKilledProcessIsTakenOverAtOnce) {
  const TemporaryFolder folder;
  EXPECT_EQ(in_child([&] {
              const auto claim = Claims().try_take(folder / "claim");
              ::raise(SIGKILL);
              return 0;
            }),
            -SIGKILL);
  ASSERT_TRUE(fs::exists(folder / "claim"));
  EXPECT_EQ(Claims::holder(folder / "claim"), "");
  EXPECT_TRUE(Claims().try_take(folder / "claim"));
}

// As from another machine: nothing is known of its processes, only the counter tells.
TEST(Claim, OfASilentMachineIsTakenOverAfterAWhile) {
  const TemporaryFolder folder;
  const auto beat = [&](int count) {
    std::ofstream(folder / "claim")
        << "host elsewhere, pid 1, boot b, start 1, token t, beat " << count << "\n";
  };
  beat(1);
  Claims claims(std::chrono::milliseconds(60));
  EXPECT_FALSE(claims.try_take(folder / "claim"));
  std::this_thread::sleep_for(std::chrono::milliseconds(70));
  beat(2);
  EXPECT_FALSE(claims.try_take(folder / "claim"));
  std::this_thread::sleep_for(std::chrono::milliseconds(70));
  EXPECT_TRUE(claims.try_take(folder / "claim"));
}

// Times of files are those of other machines, and of clocks that are set: they mean nothing.
TEST(Claim, TimesOfTheFileDoNotMatter) {
  using std::chrono::milliseconds;
  const TemporaryFolder folder;
  const auto write = [&](int count) {
    std::ofstream(folder / "claim")
        << "host elsewhere, pid 1, boot b, start 1, token t, beat " << count << "\n";
  };
  const auto set_time = [&](int hours) {
    fs::last_write_time(folder / "claim",
                        fs::file_time_type::clock::now() + std::chrono::hours(hours));
  };
  for (const int hours : {-5000, 3}) {
    Claims claims(milliseconds(20));
    write(9);
    set_time(hours);
    EXPECT_FALSE(claims.try_take(folder / "claim")) << hours;
    for (int beat = 8; beat > 4; --beat) {  // a living one, whose clock steps back and forth
      std::this_thread::sleep_for(milliseconds(12));
      write(beat);
      set_time(beat % 2 ? hours : -hours);
      EXPECT_FALSE(claims.try_take(folder / "claim")) << hours;
    }
    for (int i = 0; i < 4; ++i) {  // a dead one, whose file seems to be written by a later clock
      set_time(hours + i);
      std::this_thread::sleep_for(milliseconds(6));
    }
    EXPECT_TRUE(claims.try_take(folder / "claim")) << hours;
  }
}

TEST(Claim, HolderWhoseFileGetsAnotherTimeKeepsIt) {
  const TemporaryFolder folder;
  auto claim = Claims().try_take(folder / "claim");
  ASSERT_TRUE(claim);
  for (const int hours : {-3, 3}) {
    fs::last_write_time(folder / "claim",
                        fs::file_time_type::clock::now() + std::chrono::hours(hours));
    EXPECT_TRUE(claim->beat());
    EXPECT_NE(Claims::holder(folder / "claim"), "");
    EXPECT_FALSE(Claims().try_take(folder / "claim"));
  }
}

// Of a process that ended between the two steps of taking over.
TEST(Claim, WhatATakeoverLeftIsClearedAway) {
  const TemporaryFolder folder;
  for (const char* name : {"claim.0123456789abcdef-12", "claim.txt", "claimant", "claim.0123"})
    std::ofstream(folder / name) << "host elsewhere, pid 1, boot b, start 1, token t, beat 1\n";
  EXPECT_EQ(Claims::holder(folder / "claim"), "");
  EXPECT_TRUE(Claims().try_take(folder / "claim"));
  EXPECT_FALSE(fs::exists(folder / "claim.0123456789abcdef-12"));
  for (const char* name : {"claim.txt", "claimant", "claim.0123"})
    EXPECT_TRUE(fs::exists(folder / name)) << name;
}

TEST(Claim, HolderThatWasTakenOverIsToldAndLeavesTheOthersFile) {
  const TemporaryFolder folder;
  Claims slow, fast(std::chrono::milliseconds(0));
  auto first = slow.try_take(folder / "claim");
  ASSERT_TRUE(first);
  auto second = fast.try_take(folder / "claim");
  ASSERT_TRUE(second);
  EXPECT_FALSE(first->beat());
  EXPECT_TRUE(second->beat());
  first.reset();
  EXPECT_TRUE(fs::exists(folder / "claim"));
}

// 8 processes, 200 things to do, every holder of each tenth killed in the middle of it.
TEST(Claim, ManyProcessesDoEachThingOnce) {
  const TemporaryFolder folder;
  constexpr int kWorkers = 8, kCells = 200;
  const auto work = [&](int worker) {
    Claims claims;
    for (int round = 0; round < 200; ++round) {
      bool left = false;
      for (int i = 0; i < kCells; ++i) {
        const int cell = (i + worker * 25) % kCells;
        const fs::path base = folder / std::to_string(cell);
        if (fs::exists(base / "done")) continue;
        left = true;
        const auto claim = claims.try_take(base / "claim");
        if (!claim || fs::exists(base / "done")) continue;
        std::ofstream(base / "ran", std::ios::app) << worker << "\n";
        if (cell % 10 == 0 && !fs::exists(base / "killed")) {
          std::ofstream(base / "killed") << worker;
          ::raise(SIGKILL);
        }
        std::ofstream(base / "done") << worker;
      }
      if (!left) return 0;
    }
    return 1;
  };
  int alive = 0;
  const auto start = [&](int worker) {
    ++alive;
    if (::fork() == 0) ::_exit(work(worker));
  };
  for (int worker = 0; worker < kWorkers; ++worker) start(worker);
  int killed = 0, status = 0;
  while (alive > 0 && ::wait(&status) > 0) {
    --alive;
    if (WIFSIGNALED(status)) {
      ++killed;
      start(killed % kWorkers);
    } else {
      EXPECT_EQ(WEXITSTATUS(status), 0);
    }
  }
  EXPECT_EQ(killed, kCells / 10);
  for (int cell = 0; cell < kCells; ++cell) {
    std::ifstream file(folder / std::to_string(cell) / "ran");
    int times = 0;
    for (std::string line; std::getline(file, line);) ++times;
    EXPECT_EQ(times, cell % 10 == 0 ? 2 : 1) << cell;
  }
}

TEST(Claim, FolderThatCannotBeWrittenIsSaid) {
  try {
    Claims().try_take("/proc/nowhere/claim");
    FAIL();
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), Exit::kCannotWrite);
  }
}

}  // namespace
}  // namespace theriac::core
