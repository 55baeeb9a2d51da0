#include "theriac/core/log.h"

#include <fmt/chrono.h>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <mutex>
#include <string>
#include <vector>

#include "core/terminal.h"
#include "theriac/core/error.h"
#include "theriac/core/files.h"

namespace theriac::core {

struct LogFile::Sink {
  explicit Sink(const std::filesystem::path& path) : file(path) {}
  LineFile file;
  bool failed = false;

  static std::mutex& mutex() {
    static std::mutex* const instance = new std::mutex;
    return *instance;
  }
  static std::vector<Sink*>& open() {
    static auto* const instance = new std::vector<Sink*>;
    return *instance;
  }
};

namespace {

std::atomic<Level> stderr_level{Level::kInfo};

const char* name(Level level) {
  switch (level) {
    case Level::kDebug:
      return "debug";
    case Level::kInfo:
      return "info";
    case Level::kWarning:
      return "warning";
    case Level::kError:
      return "error";
  }
  return "";
}

}  // namespace

void log(Level level, std::string_view message) {
  if (level >= stderr_level.load()) {
    const bool tagged = level >= Level::kWarning;
    terminal::write_line(tagged ? fmt::format("{}: {}", name(level), message)
                                : std::string(message));
  }
  std::string lost;
  {
    const std::lock_guard lock(LogFile::Sink::mutex());
    if (LogFile::Sink::open().empty()) return;
    const auto now = std::chrono::floor<std::chrono::seconds>(std::chrono::system_clock::now());
    const std::string line =
        fmt::format("{:%Y-%m-%dT%H:%M:%SZ} {:7} {}", now, name(level), message);
    for (LogFile::Sink* sink : LogFile::Sink::open()) {
      try {
        sink->file.append(line);
      } catch (const Error& error) {  // a full disk stops what writes results, not the log
        if (!sink->failed) lost = error.what();
        sink->failed = true;
      }
    }
  }
  if (!lost.empty()) terminal::write_line("warning: the log file is incomplete: " + lost);
}

void set_stderr_level(Level lowest) { stderr_level = lowest; }

LogFile::LogFile(const std::filesystem::path& path) : sink_(std::make_unique<Sink>(path)) {
  const std::lock_guard lock(Sink::mutex());
  Sink::open().push_back(sink_.get());
}

LogFile::~LogFile() {
  const std::lock_guard lock(Sink::mutex());
  auto& open = Sink::open();
  open.erase(std::remove(open.begin(), open.end(), sink_.get()), open.end());
}

}  // namespace theriac::core
