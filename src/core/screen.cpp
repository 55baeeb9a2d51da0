#include "theriac/core/screen.h"

#include <sys/ioctl.h>
#include <unistd.h>

namespace theriac::core {

int columns_of_screen(int descriptor) {
  winsize size{};
  if (isatty(descriptor) != 1 || ioctl(descriptor, TIOCGWINSZ, &size) != 0) return 0;
  return size.ws_col;
}

int columns_of_output() { return columns_of_screen(STDOUT_FILENO); }

}  // namespace theriac::core
