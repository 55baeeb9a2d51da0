#pragma once

#include <fmt/core.h>

#include <filesystem>
#include <memory>
#include <string_view>
#include <utility>

namespace theriac::core {

enum class Level { kDebug, kInfo, kWarning, kError };

// People's text: to stderr (never stdout) and to every open LogFile, with time and level there.
void log(Level level, std::string_view message);
void set_stderr_level(Level lowest);

template <class... Args>
void info(fmt::format_string<Args...> format, Args&&... args) {
  log(Level::kInfo, fmt::format(format, std::forward<Args>(args)...));
}
template <class... Args>
void warn(fmt::format_string<Args...> format, Args&&... args) {
  log(Level::kWarning, fmt::format(format, std::forward<Args>(args)...));
}
template <class... Args>
void debug(fmt::format_string<Args...> format, Args&&... args) {
  log(Level::kDebug, fmt::format(format, std::forward<Args>(args)...));
}

// While it lives, every log line is appended to `path` as well (a stage's log.txt).
class LogFile {
 public:
  explicit LogFile(const std::filesystem::path& path);
  ~LogFile();
  LogFile(const LogFile&) = delete;
  LogFile& operator=(const LogFile&) = delete;

  struct Sink;  // private to log.cpp

 private:
  std::unique_ptr<Sink> sink_;
};

}  // namespace theriac::core
