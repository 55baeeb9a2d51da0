#pragma once

namespace theriac::core {

// SIGINT and SIGTERM set a flag that long-running code polls at safe points; a second SIGINT ends
// the process at once. install_signal_handlers() is called by the command line only.
void install_signal_handlers();
bool stop_requested();
void request_stop();        // the same from code, for tests
void clear_stop_request();  // for tests

}  // namespace theriac::core
