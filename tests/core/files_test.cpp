#include "theriac/core/files.h"

#include <fcntl.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sched.h>
#include <signal.h>
#include <sys/mount.h>
#include <sys/resource.h>
#include <sys/stat.h>

#include <fstream>

#include "core/fork.h"
#include "core/temporary.h"
#include "theriac/core/error.h"

namespace theriac::core {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::StartsWith;
using theriac::testing::in_child;
using theriac::testing::TemporaryFolder;

template <class Body>
std::string failure(Body&& body, Exit code = Exit::kCannotWrite) {
  try {
    body();
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), code) << error.what();
    return error.what();
  }
  return "no error";
}

std::size_t entries(const fs::path& folder) {
  return static_cast<std::size_t>(
      std::distance(fs::directory_iterator(folder), fs::directory_iterator()));
}

TEST(Files, WriteReplacesAndReadsBack) {
  const TemporaryFolder folder;
  const fs::path path = folder / "a/b/file";
  const std::string bytes("zero \0 and \xff", 12);
  write_file(path, "old");
  write_file(path, bytes);
  EXPECT_EQ(read_file(path), bytes);
  EXPECT_EQ(entries(path.parent_path()), 1u);
  write_file(path, "");
  EXPECT_EQ(read_file(path), "");
}

TEST(Files, ReadsFilesWithoutASize) { EXPECT_THAT(read_file("/proc/self/stat"), HasSubstr("(")); }

TEST(Files, ReadErrorsNameThePath) {
  const TemporaryFolder folder;
  EXPECT_EQ(failure([&] { read_file(folder / "none"); }, Exit::kUser),
            "cannot read " + (folder / "none").string() + ": No such file or directory");
  EXPECT_THAT(failure([&] { read_file(folder.path()); }, Exit::kUser), HasSubstr("Is a directory"));
}

TEST(Files, PathBelowAFileIsExplained) {
  const TemporaryFolder folder;
  write_file(folder / "file", "x");
  const std::string text = failure([&] { write_file(folder / "file/below", "x"); });
  EXPECT_THAT(text, AllOf(StartsWith("cannot write " + (folder / "file").string()),
                          HasSubstr("a part of the path is a file, not a folder")));
}

TEST(Files, TooLargeLeavesTheOldFile) {
  const TemporaryFolder folder;
  write_file(folder / "file", "old");
  EXPECT_EQ(in_child([&] {
              ::signal(SIGXFSZ, SIG_IGN);
              const rlimit limit{1000, 1000};
              ::setrlimit(RLIMIT_FSIZE, &limit);
              const std::string text =
                  failure([&] { write_file(folder / "file", std::string(5000, 'x')); });
              return text.find("larger than allowed (4.9 KiB needed)") == std::string::npos;
            }),
            0);
  EXPECT_EQ(read_file(folder / "file"), "old");
  EXPECT_EQ(entries(folder.path()), 1u);
}

TEST(Files, FullDeviceSaysSo) {
  LineFile full("/dev/full");
  EXPECT_THAT(failure([&] { full.append("line"); }),
              AllOf(StartsWith("cannot write /dev/full: the disk is full ("), HasSubstr(" free)"),
                    HasSubstr("choose a folder on another disk")));
}

// In a mount name space of its own; skipped where that is not permitted.
constexpr int kNotPermitted = 77;

bool small_disk(const fs::path& folder, const char* options, unsigned long flags) {
  return ::unshare(CLONE_NEWNS) == 0 &&
         ::mount("none", "/", nullptr, MS_REC | MS_PRIVATE, nullptr) == 0 &&
         ::mount("tmpfs", folder.c_str(), "tmpfs", flags, options) == 0;
}

TEST(Files, FullDiskKeepsTheOldFileAndCleansUp) {
  const TemporaryFolder folder;
  const int code = in_child([&] {
    if (!small_disk(folder.path(), "size=64k", 0)) return kNotPermitted;
    write_file(folder / "file", "old");
    const std::string text =
        failure([&] { write_file(folder / "file", std::string(1 << 20, 'x')); });
    if (text.find("the disk is full (1.0 MiB needed, 60 KiB free)") == std::string::npos) {
      std::fprintf(stderr, "%s\n", text.c_str());
      return 1;
    }
    LineFile lines(folder / "lines");
    lines.append("first");
    const std::string more = failure([&] { lines.append(std::string(1 << 20, 'x')); });
    if (read_file(folder / "lines") != "first\n") return 2;  // no half line
    return read_file(folder / "file") == "old" && entries(folder.path()) == 2 ? 0 : 3;
  });
  if (code == kNotPermitted) GTEST_SKIP() << "no permission to mount";
  EXPECT_EQ(code, 0);
}

TEST(Files, ReadOnlyDiskSaysSo) {
  const TemporaryFolder folder;
  const int code = in_child([&] {
    if (!small_disk(folder.path(), "", MS_RDONLY)) return kNotPermitted;
    for (const auto& text : {failure([&] { write_file(folder / "file", "x"); }),
                             failure([&] { write_file(folder / "new/file", "x"); }),
                             failure([&] { LineFile lines(folder / "file"); }),
                             failure([&] { StagedFolder staged(folder / "stage"); }),
                             failure([&] { FileLock::try_acquire(folder / "lock"); })})
      if (text.find("the file system is read-only; choose another folder") == std::string::npos) {
        std::fprintf(stderr, "%s\n", text.c_str());
        return 1;
      }
    return 0;
  });
  if (code == kNotPermitted) GTEST_SKIP() << "no permission to mount";
  EXPECT_EQ(code, 0);
}

TEST(Files, NoPermissionSaysSo) {
  const TemporaryFolder folder;
  EXPECT_EQ(in_child([&] {
              ::chmod(folder.path().c_str(), 0555);
              if (::geteuid() == 0 && ::seteuid(65534) != 0) return 2;
              const std::string text = failure([&] { write_file(folder / "file", "x"); });
              return text.find("no permission (as user ") == std::string::npos ? 1 : 0;
            }),
            0);
}

TEST(LineFile, CutsATornLineWhenOpenedAgain) {
  const TemporaryFolder folder;
  const fs::path path = folder / "lines.jsonl";
  for (const std::string& torn : {std::string("{\"to"), std::string(10000, 'x')}) {
    write_file(path, "one\ntwo\n" + torn);
    LineFile lines(path);
    lines.append("three");
    lines.sync();
    EXPECT_EQ(read_file(path), "one\ntwo\nthree\n");
  }
  write_file(path, "torn from the start");
  LineFile lines(path);
  EXPECT_EQ(read_file(path), "");
}

TEST(StagedFolder, AppearsWholeOrNotAtAll) {
  const TemporaryFolder folder;
  const fs::path target = folder / "out/stage";
  {
    StagedFolder staged(target);
    write_file(staged.path() / "a/file", "1");
  }
  EXPECT_FALSE(fs::exists(target));
  EXPECT_EQ(entries(folder / "out"), 0u);
  for (const char* content : {"2", "3"}) {
    StagedFolder staged(target);
    write_file(staged.path() / content, content);
    staged.commit();
  }
  EXPECT_EQ(read_file(target / "3"), "3");
  EXPECT_EQ(entries(target), 1u);
  EXPECT_EQ(entries(folder / "out"), 1u);
}

TEST(StagedFolder, RemovesWhatAKilledProcessLeft) {
  const TemporaryFolder folder;
  EXPECT_EQ(in_child([&] {
              StagedFolder staged(folder / "stage");
              write_file(staged.path() / "file", "x");
              ::raise(SIGKILL);
              return 0;
            }),
            -SIGKILL);
  EXPECT_EQ(entries(folder.path()), 1u);
  StagedFolder staged(folder / "stage");
  staged.commit();
  EXPECT_EQ(entries(folder.path()), 1u);
  EXPECT_EQ(entries(folder / "stage"), 0u);
}

TEST(Files, SizesAreRead) {
  EXPECT_EQ(parse_bytes("5000"), 5000u);
  EXPECT_EQ(parse_bytes("200GiB"), 200ull << 30);
  EXPECT_EQ(parse_bytes(" 1.5 TB "), 1'500'000'000'000u);
  EXPECT_EQ(parse_bytes("3m"), 3'000'000u);
  for (const char* wrong : {"", "GiB", "12 parsecs", "-1", "1 GiBB", "1e300", "nan"})
    EXPECT_THROW(parse_bytes(wrong), Error) << wrong;
}

TEST(Files, HumanBytes) {
  EXPECT_EQ(human_bytes(0), "0 B");
  EXPECT_EQ(human_bytes(1023), "1023 B");
  EXPECT_EQ(human_bytes(1536), "1.5 KiB");
  EXPECT_EQ(human_bytes(1024 * 1024 - 1), "1.0 MiB");
  EXPECT_EQ(human_bytes(1500000000), "1.4 GiB");
  EXPECT_EQ(human_bytes(~0ull), "16 EiB");
}

TEST(Files, FreeBytesOfAPathThatDoesNotExistYet) {
  EXPECT_GT(free_bytes("/tmp/theriac-none/a/b"), 0u);
  EXPECT_GT(free_bytes("relative/none"), 0u);
}

TEST(HeldFolder, IsNotMadeAnewWhenSomebodyRemovesIt) {
  const theriac::testing::TemporaryFolder folder;
  const fs::path stage = folder / "stage";
  make_folder(stage);
  const auto refusal = [](const auto& write) -> std::string {
    try {
      write();
    } catch (const Error& error) {
      EXPECT_EQ(error.code(), Exit::kCannotWrite);
      return error.what();
    }
    return "";
  };
  const auto status = [&] { write_file(stage / "status.json", "{}"); };
  {
    const HeldFolder held(stage);
    EXPECT_EQ(refusal(status), "");
    StagedFolder half(stage / "checkpoints/epoch-0001");
    fs::remove_all(stage);
    EXPECT_EQ(refusal(status), stage.string() +
                                   " was removed while it was being written; the same command "
                                   "begins it anew");
    EXPECT_NE(refusal([&] { LineFile(stage / "records.jsonl").append("{}"); }), "");
    EXPECT_NE(refusal([&] { StagedFolder(stage / "checkpoints/epoch-0002"); }), "");
    EXPECT_NE(refusal([&] { half.commit(); }), "");
    EXPECT_FALSE(fs::exists(stage));
    write_file(folder / "stage2" / "status.json", "{}");  // elsewhere it may write
    fs::create_directory(stage);  // another one of the name, somebody else's
    EXPECT_NE(refusal(status), "");
    EXPECT_TRUE(fs::is_empty(stage));
  }
  EXPECT_EQ(refusal(status), "");
  {
    HeldFolder held(stage);
    const auto lock = FileLock::try_acquire(stage / "lock");  // open, so that its inode stays its
    held.watch(stage / "lock");
    EXPECT_EQ(refusal(status), "");
    fs::remove(stage / "lock");  // being emptied
    EXPECT_NE(refusal(status), "");
    write_file(folder / "lock", "");
    fs::rename(folder / "lock", stage / "lock");  // another one of the name
    EXPECT_NE(refusal(status), "");
    EXPECT_NE(refusal([&] { held.watch(stage / "none"); }), "");
  }
  EXPECT_NE(refusal([&] { HeldFolder(folder / "none"); }), "");
}

}  // namespace
}  // namespace theriac::core
