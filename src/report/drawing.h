#pragma once

#include <string>
#include <utility>
#include <vector>

namespace theriac::report {

// Colours by role: the page maps them to a light and a dark palette, files take the light one.
enum Colour : int { kNone = -1, kSurface, kInk, kMuted, kGrid, kGood, kSeries };
inline constexpr int kSeriesColours = 12;
inline int series(std::size_t i) { return kSeries + static_cast<int>(i % kSeriesColours); }

// Of the page, of the page on a phone, and of a file, which says by itself what it shows: only it
// has the title, which is the heading above a figure of the page.
enum class Layout { kWide, kNarrow, kFile };
inline double figure_width(Layout layout) { return layout == Layout::kNarrow ? 360 : 860; }

struct Spot {
  double x, y;
};

struct Shape {
  enum class Kind { kLine, kArea, kCircle, kText } kind = Kind::kLine;
  std::vector<Spot> spots;  // of a circle and a text one
  double radius = 0;
  int fill = kNone, stroke = kNone;
  double fill_opacity = 1, stroke_opacity = 1, width = 1;
  bool dashed = false;
  std::string text;
  double size = 12, anchor = 0;        // anchor: 0 start, 0.5 middle, 1 end
  bool bold = false, upright = false;  // upright: rotated by 90 degrees counter-clockwise
  std::string classes;                 // for the page's style and script
  int tip = -1;                        // index of the page's tool tip
};

// A figure as a list of shapes in paint order; y grows downwards.
struct Drawing {
  double width = 0, height = 0;
  std::string title, description;
  std::vector<Shape> shapes;

  Shape& line(std::vector<Spot> spots, int stroke, double width = 1, double opacity = 1);
  Shape& area(std::vector<Spot> spots, int fill, double opacity = 1);
  Shape& box(double x, double y, double w, double h, int fill, double opacity = 1);
  Shape& circle(Spot center, double radius, int fill, double opacity = 1);
  Shape& text(Spot at, std::string text, int fill, double size = 12, double anchor = 0);
  // Mark number `kind` (circle, square, ...), of equal visual weight for equal radius.
  Shape& mark(std::size_t kind, Spot center, double radius, int fill, double opacity = 1);
  Shape& star(Spot center, double radius, int fill);
};

std::string to_svg(const Drawing& drawing);         // a file of its own
std::string to_pdf(const Drawing& drawing);         // one page, vector
std::string to_inline_svg(const Drawing& drawing);  // for the page: its classes and colours
std::string svg_colour(int colour);                 // of the light palette: "#1f6fb4"
std::vector<unsigned> code_points(const std::string& text);  // of UTF-8
double text_width(const std::string& text, double size);     // estimate
// The text, or as much of its beginning as fits into the width, with an ellipsis.
std::string shortened(const std::string& text, double width, double size, bool bold = false);

}  // namespace theriac::report
