#pragma once

namespace theriac::core {

// Columns of the terminal that a descriptor is; 0 where it is a file, a pipe or a terminal that
// does not say, in which nothing need be cut.
int columns_of_screen(int descriptor);
int columns_of_output();  // of stdout

}  // namespace theriac::core
