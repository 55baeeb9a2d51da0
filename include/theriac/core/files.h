#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

namespace theriac::core {

namespace fs = std::filesystem;

std::string read_file(const fs::path& path);  // throws Error

// Replaces `path` by `bytes`: temporary file beside it, fsync, rename, fsync of the folder.
// Readers see the old or the new content, never a part. Creates parent folders.
// Error with Exit::kCannotWrite says path and reason (disk full with bytes needed and free, ...).
void write_file(const fs::path& path, std::string_view bytes);

// Creates a folder and its parents; Error with Exit::kCannotWrite when it cannot.
void make_folder(const fs::path& path);

// Appends one line ('\n' is added) with a single write; used for *.jsonl. A torn last line left by
// a crash is cut off when the file is opened again.
class LineFile {
 public:
  explicit LineFile(const fs::path& path);
  ~LineFile();
  LineFile(const LineFile&) = delete;
  LineFile& operator=(const LineFile&) = delete;
  void append(std::string_view line);
  void sync();

 private:
  int descriptor_;
  fs::path path_;
};

// A folder that appears whole or not at all: fill path(), then commit() fsyncs every file and
// renames it to `target` (an existing target is replaced). Destroyed without commit: removed.
class StagedFolder {
 public:
  explicit StagedFolder(fs::path target);
  ~StagedFolder();
  StagedFolder(const StagedFolder&) = delete;
  StagedFolder& operator=(const StagedFolder&) = delete;
  const fs::path& path() const { return staging_; }
  void commit();

 private:
  fs::path target_;
  fs::path staging_;
};

// While it lives, nothing of this process is written into `folder` any more once that was removed
// or replaced: an Error (Exit::kCannotWrite) comes instead of a new folder with half of the files.
// One at a time.
class HeldFolder {
 public:
  explicit HeldFolder(const fs::path& folder);  // the same Error when it is not there
  // A folder into which this process writes while it is being emptied is not removed in the end:
  // from now on it counts as removed once this file of it is.
  void watch(const fs::path& file);
  ~HeldFolder();
  HeldFolder(const HeldFolder&) = delete;
  HeldFolder& operator=(const HeldFolder&) = delete;
};

// Exclusive advisory lock (flock) on `path`; the file names its holder. Released when
// destroyed or when the process dies.
class FileLock {
 public:
  static std::optional<FileLock> try_acquire(const fs::path& path);
  // Waits; calls `waiting(holder)` once before it blocks. Returns early with Interrupted when a
  // signal asked the process to stop (core/interrupt.h).
  static FileLock acquire(const fs::path& path, void (*waiting)(const std::string& holder));
  static std::string holder(const fs::path& path);  // "host H, pid N"; "" when unlocked
  FileLock(FileLock&&) noexcept;
  FileLock& operator=(FileLock&&) noexcept;
  ~FileLock();

 private:
  explicit FileLock(int descriptor) : descriptor_(descriptor) {}
  int descriptor_;
};

std::string host_name();

std::uint64_t free_bytes(
    const fs::path& path);  // on the file system of path or of its nearest parent
std::string human_bytes(std::uint64_t bytes);  // "1.4 GiB"
// "200GiB", "1.5 TB", "5000": powers of 1024 with an i, of 1000 without. Error for anything else.
std::uint64_t parse_bytes(std::string_view text);

}  // namespace theriac::core
