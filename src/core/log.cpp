#include "theriac/core/log.h"

#include <spdlog/logger.h>
#include <spdlog/pattern_formatter.h>
#include <spdlog/sinks/base_sink.h>
#include <spdlog/sinks/dist_sink.h>

#include <mutex>
#include <string>

#include "core/terminal.h"
#include "theriac/core/error.h"
#include "theriac/core/files.h"

namespace theriac::core {
namespace {

using spdlog::details::log_msg;
using Sink = spdlog::sinks::base_sink<std::mutex>;

std::string_view view(spdlog::string_view_t text) { return {text.data(), text.size()}; }

// stderr, which the status line shares.
class TerminalSink final : public Sink {
  void sink_it_(const log_msg& message) override {
    std::string line(view(message.payload));
    if (message.level >= spdlog::level::warn)
      line = fmt::format("{}: {}", view(spdlog::level::to_string_view(message.level)), line);
    terminal::write_line(line);
  }
  void flush_() override {}
};

class FileSink final : public Sink {
 public:
  explicit FileSink(const std::filesystem::path& path)
      : Sink(std::make_unique<spdlog::pattern_formatter>("%Y-%m-%dT%H:%M:%SZ %-7l %v",
                                                         spdlog::pattern_time_type::utc, "")),
        file_(path) {}

 private:
  void sink_it_(const log_msg& message) override {
    spdlog::memory_buf_t line;
    formatter_->format(message, line);
    try {
      file_.append({line.data(), line.size()});
    } catch (const Error& error) {  // a full disk stops what writes results, not the log
      if (!failed_)
        terminal::write_line(std::string("warning: the log file is incomplete: ") + error.what());
      failed_ = true;
    }
  }
  void flush_() override {}

  LineFile file_;
  bool failed_ = false;
};

struct Logger {
  std::shared_ptr<TerminalSink> terminal = std::make_shared<TerminalSink>();
  std::shared_ptr<spdlog::sinks::dist_sink_mt> sinks =
      std::make_shared<spdlog::sinks::dist_sink_mt>(std::vector<spdlog::sink_ptr>{terminal});
  spdlog::logger logger{"theriac", sinks};

  Logger() {
    terminal->set_level(spdlog::level::info);
    logger.set_level(spdlog::level::trace);
  }
};

Logger& instance() {
  static Logger* const logger = new Logger;  // outlives every static destructor that logs
  return *logger;
}

spdlog::level::level_enum severity(Level level) {
  switch (level) {
    case Level::kDebug:
      return spdlog::level::debug;
    case Level::kInfo:
      return spdlog::level::info;
    case Level::kWarning:
      return spdlog::level::warn;
    case Level::kError:
      return spdlog::level::err;
  }
  return spdlog::level::err;
}

}  // namespace

struct LogFile::Sink {
  std::shared_ptr<FileSink> file;
};

void log(Level level, std::string_view message) {
  instance().logger.log(severity(level), spdlog::string_view_t(message.data(), message.size()));
}

void set_stderr_level(Level lowest) { instance().terminal->set_level(severity(lowest)); }

LogFile::LogFile(const std::filesystem::path& path)
    : sink_(std::make_unique<Sink>(Sink{std::make_shared<FileSink>(path)})) {
  instance().sinks->add_sink(sink_->file);
}

LogFile::~LogFile() { instance().sinks->remove_sink(sink_->file); }

}  // namespace theriac::core
