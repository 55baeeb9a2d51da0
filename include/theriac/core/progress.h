#pragma once

#include <chrono>
#include <string>
#include <string_view>

namespace theriac::core {

// One status line on stderr. On a terminal it is redrawn in place at most 5 times a second and cut
// to the width; elsewhere a complete line is written at most every `line_interval`.
// Log lines and the status line do not overwrite one another.
class Progress {
 public:
  explicit Progress(std::chrono::seconds line_interval = std::chrono::seconds(30));
  ~Progress();
  void update(std::string_view text, bool force = false);
  void finish();  // leaves the last text as a complete line on a terminal

 private:
  std::chrono::steady_clock::duration line_interval_;
  std::chrono::steady_clock::time_point last_{};
  std::string text_;
};

std::string human_duration(double seconds);  // "1 h 05 min", "42 s", "-" when negative

}  // namespace theriac::core
