#include "core/terminal.h"

#include <unistd.h>

#include <cerrno>
#include <mutex>

#include "theriac/core/screen.h"

namespace theriac::core::terminal {
namespace {

struct State {
  std::mutex mutex;
  std::string status;
};

State& state() {
  static State* const instance = new State;  // outlives every static destructor that logs
  return *instance;
}

void emit(std::string_view bytes) {
  while (!bytes.empty()) {
    const ssize_t n = ::write(STDERR_FILENO, bytes.data(), bytes.size());
    if (n < 0 && errno == EINTR) continue;
    if (n <= 0) return;  // nobody reads stderr any more: not a reason to stop
    bytes.remove_prefix(static_cast<std::size_t>(n));
  }
}

std::size_t width() {
  const int columns = columns_of_screen(STDERR_FILENO);
  return columns < 20 ? 80 : static_cast<std::size_t>(columns);
}

std::string draw(const std::string& status) {
  return status.empty() ? "" : "\r\x1b[K" + cut(status, width() - 1);
}

}  // namespace

bool is_terminal() { return isatty(STDERR_FILENO) == 1; }

std::string cut(std::string_view text, std::size_t columns) {
  std::size_t points = 0, keep = text.size();
  for (std::size_t i = 0; i < text.size(); ++i) {
    if ((static_cast<unsigned char>(text[i]) & 0xC0) == 0x80) continue;
    if (points + 1 == columns) keep = i;
    if (++points > columns) return std::string(text.substr(0, keep)) + "\u2026";
  }
  return std::string(text);
}

void write_line(std::string_view line) {
  const std::lock_guard lock(state().mutex);
  std::string bytes;
  if (!state().status.empty()) bytes = "\r\x1b[K";
  bytes += line;
  bytes += '\n';
  bytes += draw(state().status);
  emit(bytes);
}

void show_status(std::string_view text) {
  const std::lock_guard lock(state().mutex);
  if (!is_terminal()) return;
  const bool had = !state().status.empty();
  state().status = text;
  for (char& c : state().status)
    if (static_cast<unsigned char>(c) < 0x20) c = ' ';
  emit(state().status.empty() ? (had ? "\r\x1b[K" : "") : draw(state().status));
}

}  // namespace theriac::core::terminal
