#include "theriac/core/screen.h"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <stdlib.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include <array>

namespace theriac::core {
namespace {

TEST(Screen, ATerminalHasColumnsAndAPipeHasNone) {
  const int master = posix_openpt(O_RDWR | O_NOCTTY);
  ASSERT_GE(master, 0);
  ASSERT_EQ(grantpt(master), 0);
  ASSERT_EQ(unlockpt(master), 0);
  const int terminal = open(ptsname(master), O_RDWR | O_NOCTTY);
  ASSERT_GE(terminal, 0);
  EXPECT_EQ(columns_of_screen(terminal), 0);  // does not say
  winsize size{};
  size.ws_col = 137;
  ASSERT_EQ(ioctl(terminal, TIOCSWINSZ, &size), 0);
  EXPECT_EQ(columns_of_screen(terminal), 137);
  std::array<int, 2> ends{};
  ASSERT_EQ(pipe(ends.data()), 0);
  EXPECT_EQ(columns_of_screen(ends[1]), 0);
  for (const int descriptor : {master, terminal, ends[0], ends[1]}) close(descriptor);
}

}  // namespace
}  // namespace theriac::core
