#include "theriac/core/interrupt.h"

#include <signal.h>
#include <unistd.h>

#include <atomic>

namespace theriac::core {
namespace {

std::atomic<bool> stop{false};
static_assert(std::atomic<bool>::is_always_lock_free);

void handle(int number) {
  if (stop.exchange(true) && number == SIGINT) {
    signal(number, SIG_DFL);  // delivered again when the handler returns
    raise(number);
    return;
  }
  if (number == SIGINT && isatty(STDERR_FILENO)) {
    static const char text[] = "\nstopping and saving; Ctrl-C again ends at once without saving\n";
    [[maybe_unused]] const auto written = write(STDERR_FILENO, text, sizeof text - 1);
  }
}

}  // namespace

void install_signal_handlers() {
  struct sigaction action {};
  action.sa_handler = handle;
  sigemptyset(&action.sa_mask);
  action.sa_flags = SA_RESTART;
  sigaction(SIGINT, &action, nullptr);
  sigaction(SIGTERM, &action, nullptr);
}

bool stop_requested() { return stop.load(std::memory_order_relaxed); }
void request_stop() { stop = true; }
void clear_stop_request() { stop = false; }

}  // namespace theriac::core
