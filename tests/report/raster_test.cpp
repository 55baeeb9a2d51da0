#include "report/raster.h"

#include <gtest/gtest.h>

namespace theriac::report {
namespace {

TEST(Raster, LinesWithoutLengthDrawNothing) {
  Drawing drawing;
  drawing.width = drawing.height = 20;
  drawing.line({{5, 5}, {5, 5}, {5, 5}}, kInk, 2);
  drawing.line({{5, 5}, {5, 5}, {9, 5}, {9, 5}}, kInk, 2);
  EXPECT_TRUE(to_png(drawing, 1).has_value());
}

}  // namespace
}  // namespace theriac::report
