#include "report/drawing.h"

#include <array>
#include <cmath>
#include <cstring>
#include <numbers>

namespace theriac::report {

namespace {

constexpr double kPi = std::numbers::pi;

// `count` corners on a circle, the first at `angle`; every second one at `inner` when it is set.
std::vector<Spot> corners(Spot center, double radius, int count, double angle, double inner = 0) {
  std::vector<Spot> result;
  for (int i = 0; i < count; ++i) {
    const double a = angle + 2 * kPi * i / count;
    const double r = inner > 0 && i % 2 ? inner : radius;
    result.push_back({center.x + r * std::cos(a), center.y + r * std::sin(a)});
  }
  return result;
}

std::vector<Spot> cross(Spot c, double radius, double angle) {
  const double arm = radius * 0.36;
  const std::array<Spot, 12> plus = {{{-arm, -radius},
                                      {arm, -radius},
                                      {arm, -arm},
                                      {radius, -arm},
                                      {radius, arm},
                                      {arm, arm},
                                      {arm, radius},
                                      {-arm, radius},
                                      {-arm, arm},
                                      {-radius, arm},
                                      {-radius, -arm},
                                      {-arm, -arm}}};
  std::vector<Spot> result;
  for (const auto& [x, y] : plus)
    result.push_back({c.x + x * std::cos(angle) - y * std::sin(angle),
                      c.y + x * std::sin(angle) + y * std::cos(angle)});
  return result;
}

}  // namespace

Shape& Drawing::line(std::vector<Spot> spots, int stroke, double line_width, double opacity) {
  Shape& s = shapes.emplace_back();
  s.spots = std::move(spots);
  s.stroke = stroke;
  s.width = line_width;
  s.stroke_opacity = opacity;
  return s;
}

Shape& Drawing::area(std::vector<Spot> spots, int fill, double opacity) {
  Shape& s = shapes.emplace_back();
  s.kind = Shape::Kind::kArea;
  s.spots = std::move(spots);
  s.fill = fill;
  s.fill_opacity = opacity;
  return s;
}

Shape& Drawing::box(double x, double y, double w, double h, int fill, double opacity) {
  return area({{x, y}, {x + w, y}, {x + w, y + h}, {x, y + h}}, fill, opacity);
}

Shape& Drawing::circle(Spot center, double radius, int fill, double opacity) {
  Shape& s = area({center}, fill, opacity);
  s.kind = Shape::Kind::kCircle;
  s.radius = radius;
  return s;
}

Shape& Drawing::text(Spot at, std::string content, int fill, double size, double anchor) {
  Shape& s = area({at}, fill);
  s.kind = Shape::Kind::kText;
  s.text = std::move(content);
  s.size = size;
  s.anchor = anchor;
  return s;
}

Shape& Drawing::mark(std::size_t kind, Spot c, double r, int fill, double opacity) {
  switch (kind % 8) {
    case 0:
      return circle(c, r, fill, opacity);
    case 1:
      return area(corners(c, r * 1.25, 4, kPi / 4), fill, opacity);
    case 2:
      return area(corners(c, r * 1.4, 3, -kPi / 2), fill, opacity);
    case 3:
      return area(corners(c, r * 1.35, 4, 0), fill, opacity);
    case 4:
      return area(corners(c, r * 1.4, 3, kPi / 2), fill, opacity);
    case 5:
      return area(cross(c, r * 1.2, 0), fill, opacity);
    case 6:
      return area(corners(c, r * 1.1, 6, 0), fill, opacity);
    default:
      return area(cross(c, r * 1.25, kPi / 4), fill, opacity);
  }
}

Shape& Drawing::star(Spot center, double radius, int fill) {
  return area(corners(center, radius, 10, -kPi / 2, radius * 0.45), fill);
}

std::vector<unsigned> code_points(const std::string& text) {
  std::vector<unsigned> result;
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    if (byte < 0x80)
      result.push_back(byte);
    else if (byte >= 0xC0)
      result.push_back(byte & (byte >= 0xF0 ? 0x07U : byte >= 0xE0 ? 0x0FU : 0x1FU));
    else if (!result.empty())
      result.back() = result.back() << 6 | (byte & 0x3FU);
  }
  return result;
}

double text_width(const std::string& text, double size) {
  double units = 0;
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    if ((byte & 0xC0) == 0x80) continue;  // the rest of a UTF-8 sequence
    units += std::strchr(" .,:;|'ijlrtfI", c) ? 0.36 : 0.61;
  }
  return units * size;
}

std::string shortened(const std::string& text, double width, double size, bool bold) {
  const double as_wide = bold ? 1.14 * size : size;
  if (text_width(text, as_wide) <= width) return text;
  std::string cut = text;
  while (!cut.empty() && text_width(cut + "…", as_wide) > width) {
    while (!cut.empty() && (static_cast<unsigned char>(cut.back()) & 0xC0) == 0x80) cut.pop_back();
    if (!cut.empty()) cut.pop_back();
  }
  return cut + "…";
}

}  // namespace theriac::report
