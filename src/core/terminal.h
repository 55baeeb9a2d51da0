#pragma once

#include <string>
#include <string_view>

namespace theriac::core::terminal {

// stderr, shared by the log and the status line under one lock.

bool is_terminal();
// A complete line; on a terminal the status line is taken away before and drawn again after it.
void write_line(std::string_view line);
// Draws the status line in place (terminals only), cut to the width; empty takes it away.
void show_status(std::string_view text);
// `text` cut to `columns` code points, the last one an ellipsis when something was lost.
std::string cut(std::string_view text, std::size_t columns);

}  // namespace theriac::core::terminal
