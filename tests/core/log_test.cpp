#include "theriac/core/log.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <pty.h>
#include <unistd.h>

#include <thread>

#include "core/fork.h"
#include "core/temporary.h"
#include "theriac/core/files.h"
#include "theriac/core/progress.h"

namespace theriac::core {
namespace {

using theriac::testing::TemporaryFolder;

// What `body` writes to a stderr that is a file, or a terminal of `columns`.
template <class Body>
std::string written(const TemporaryFolder& folder, Body&& body) {
  EXPECT_EQ(theriac::testing::in_child([&] {
              if (!freopen((folder / "stderr").c_str(), "w", stderr)) return 1;
              body();
              return 0;
            }),
            0);
  return read_file(folder / "stderr");
}

template <class Body>
std::string on_terminal(unsigned short columns, Body&& body) {
  int master = -1;
  const winsize size{24, columns, 0, 0};
  const pid_t child = ::forkpty(&master, nullptr, nullptr, &size);
  if (child == 0) {
    body();
    ::_exit(0);
  }
  std::string text;
  char buffer[4096];
  for (ssize_t n; (n = ::read(master, buffer, sizeof buffer)) > 0;)
    text.append(buffer, static_cast<std::size_t>(n));
  ::close(master);
  ::waitpid(child, nullptr, 0);
  return text;
}

TEST(Log, LevelsAndLogFiles) {
  const TemporaryFolder folder;
  const std::string text = written(folder, [&] {
    LogFile file(folder / "a/log.txt");
    debug("hidden {}", 1);
    info("shown {}", 2);
    warn("careful");
    log(Level::kError, "bad");
  });
  EXPECT_EQ(text, "shown 2\nwarning: careful\nerror: bad\n");
  EXPECT_THAT(
      read_file(folder / "a/log.txt"),
      ::testing::MatchesRegex("20[0-9T:-]+Z debug   hidden 1\n20[0-9T:-]+Z info    shown 2\n"
                              "20[0-9T:-]+Z warning careful\n20[0-9T:-]+Z error   bad\n"));
}

TEST(Log, AFullDiskIsToldOnceAndDoesNotStop) {
  const TemporaryFolder folder;
  const std::string text = written(folder, [&] {
    LogFile file("/dev/full");
    info("one");
    info("two");
  });
  EXPECT_THAT(text, ::testing::MatchesRegex("one\nwarning: the log file is incomplete: .*\ntwo\n"));
}

TEST(Log, ThreadsDoNotMixLines) {
  const TemporaryFolder folder;
  written(folder, [&] {
    LogFile file(folder / "log.txt");
    std::vector<std::thread> threads;
    for (int t = 0; t < 4; ++t)
      threads.emplace_back([] {
        for (int i = 0; i < 200; ++i) info("abcdefghij");
      });
    for (auto& thread : threads) thread.join();
  });
  std::string expected;
  for (int i = 0; i < 800; ++i) expected += "abcdefghij\n";
  EXPECT_EQ(read_file(folder / "stderr"), expected);
}

TEST(Progress, LinesWhereThereIsNoTerminal) {
  const TemporaryFolder folder;
  const std::string text = written(folder, [&] {
    Progress progress(std::chrono::seconds(3600));
    for (int i = 0; i < 1000; ++i) progress.update("step " + std::to_string(i));
    progress.update("last", true);
    progress.finish();
  });
  EXPECT_EQ(text, "step 0\nlast\n");
}

TEST(Progress, LogLinesStayWholeOnATerminal) {
  const std::string text = on_terminal(30, [] {
    Progress progress;
    progress.update("epoch 1, a status line that is longer than the terminal");
    info("a log line");
    progress.update("dropped: too soon");
    progress.update("done", true);
    progress.finish();
    info("after");
  });
  const std::string cut = "\r\x1b[Kepoch 1, a status line that \u2026";
  EXPECT_EQ(text, cut + "\r\x1b[Ka log line\r\n" + cut + "\r\x1b[Kdone" + "\r\x1b[K" + "done\r\n" +
                      "after\r\n");
}

TEST(Text, HumanDuration) {
  EXPECT_EQ(human_duration(-1), "-");
  EXPECT_EQ(human_duration(0.25), "0.2 s");
  EXPECT_EQ(human_duration(42), "42 s");
  EXPECT_EQ(human_duration(59.9), "1 min 00 s");
  EXPECT_EQ(human_duration(3900), "1 h 05 min");
  EXPECT_EQ(human_duration(200000), "2 d 07 h");
}

}  // namespace
}  // namespace theriac::core
