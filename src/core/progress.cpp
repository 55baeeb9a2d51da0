#include "theriac/core/progress.h"

#include <fmt/core.h>

#include <cmath>

#include "core/terminal.h"

namespace theriac::core {
namespace {

using Clock = std::chrono::steady_clock;

constexpr auto kRedraw = std::chrono::milliseconds(200);

}  // namespace

Progress::Progress(std::chrono::seconds line_interval) : line_interval_(line_interval) {}

Progress::~Progress() { finish(); }

void Progress::update(std::string_view text, bool force) {
  text_ = text;
  const auto now = Clock::now();
  const bool first = last_ == Clock::time_point{};
  const bool terminal = terminal::is_terminal();
  const Clock::duration interval = terminal ? Clock::duration(kRedraw) : line_interval_;
  if (!force && !first && now - last_ < interval) return;
  last_ = now;
  if (terminal)
    terminal::show_status(text_);
  else
    terminal::write_line(text_);
}

void Progress::finish() {
  if (text_.empty()) return;
  if (terminal::is_terminal()) {
    terminal::show_status("");
    terminal::write_line(text_);
  }
  text_.clear();
}

std::string human_duration(double seconds) {
  if (!(seconds >= 0) || seconds > 1e9) return "-";
  if (seconds < 9.95) return fmt::format("{:.1f} s", seconds);
  const auto whole = static_cast<std::int64_t>(std::lround(seconds));
  if (whole < 60) return fmt::format("{} s", whole);
  if (whole < 3600) return fmt::format("{} min {:02} s", whole / 60, whole % 60);
  const std::int64_t minutes = (whole + 30) / 60;
  if (minutes < 48 * 60) return fmt::format("{} h {:02} min", minutes / 60, minutes % 60);
  return fmt::format("{} d {:02} h", minutes / 1440, minutes % 1440 / 60);
}

}  // namespace theriac::core
