#include <fmt/format.h>

#include <array>

#include "report/drawing.h"
#include "report/escape.h"

namespace theriac::report {

namespace {

// Series: Okabe and Ito's hues, darkened to 4.5:1 on white. page_style.cpp has the same for dark.
constexpr std::array<const char*, kSeries + kSeriesColours> kLight = {
    "#ffffff", "#1c2430", "#5b6675", "#dfe3e8", "#0a7d5a",  // surface, ink, muted, grid, good
    "#1f6fb4", "#c2500d", "#0a7d5a", "#8f4a8c", "#866700", "#0e7c9c",
    "#b0324f", "#5b6675", "#7a4a21", "#4d6f00", "#3a3fb5", "#c01f8f"};

std::string number(double value) {
  std::string s = fmt::format("{:.1f}", value);
  if (s.ends_with(".0")) s.resize(s.size() - 2);
  return s == "-0" ? "0" : s;
}

std::string path(const Shape& shape) {
  std::string d;
  for (const auto& [x, y] : shape.spots) d += (d.empty() ? "M" : " ") + number(x) + " " + number(y);
  return shape.kind == Shape::Kind::kArea ? d + "Z" : d;
}

class Svg {
 public:
  explicit Svg(bool page) : page_(page) {}

  std::string write(const Drawing& drawing) const {
    const std::string size = number(drawing.width) + "\" height=\"" + number(drawing.height);
    std::string out = fmt::format(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {} {}\" {}role=\"{}\" "
        "aria-label=\"{}\"{}>\n",
        number(drawing.width), number(drawing.height), page_ ? "" : "width=\"" + size + "\" ",
        page_ ? "group" : "img", markup(drawing.title + ". " + drawing.description),
        page_ ? " class=\"chart\" tabindex=\"0\""
              : " font-family=\"DejaVu Sans, Verdana, sans-serif\"");
    if (!page_)
      out += "<title>" + markup(drawing.title) + "</title>\n<rect width=\"" + size +
             "\" fill=\"#ffffff\"/>\n";
    for (const auto& shape : drawing.shapes) out += element(shape);
    return out + "</svg>\n";
  }

 private:
  std::string element(const Shape& s) const {
    switch (s.kind) {
      case Shape::Kind::kCircle:
        return fmt::format("<circle cx=\"{}\" cy=\"{}\" r=\"{}\"{}/>\n", number(s.spots[0].x),
                           number(s.spots[0].y), number(s.radius), paint(s));
      case Shape::Kind::kText:
        return text(s);
      default:
        return s.spots.empty() ? "" : fmt::format("<path d=\"{}\"{}/>\n", path(s), paint(s));
    }
  }

  std::string text(const Shape& s) const {
    const auto& [x, y] = s.spots[0];
    const char* anchor = s.anchor == 0 ? "" : s.anchor == 1 ? "end" : "middle";
    std::string attributes = paint(s);
    if (*anchor) attributes += fmt::format(" text-anchor=\"{}\"", anchor);
    if (s.bold) attributes += " font-weight=\"bold\"";
    if (s.upright)
      attributes += fmt::format(" transform=\"rotate(-90 {} {})\"", number(x), number(y));
    return fmt::format("<text x=\"{}\" y=\"{}\" font-size=\"{}\"{}>{}</text>\n", number(x),
                       number(y), number(s.size), attributes, markup(s.text));
  }

  std::string paint(const Shape& s) const {
    std::string classes = page_ ? s.classes : "", out;
    const auto colour = [&](const char* attribute, char letter, int value) {
      if (value == kNone) {
        if (*attribute == 'f') out += " fill=\"none\"";
      } else if (page_) {
        classes += fmt::format("{}{}{}", classes.empty() ? "" : " ", letter, value);
      } else {
        out += fmt::format(" {}=\"{}\"", attribute, svg_colour(value));
      }
    };
    colour("fill", 'f', s.fill);
    colour("stroke", 'k', s.stroke);
    if (s.fill != kNone && s.fill_opacity < 1)
      out += fmt::format(" fill-opacity=\"{:.2f}\"", s.fill_opacity);
    if (s.stroke != kNone) {
      if (s.width != 1) out += " stroke-width=\"" + number(s.width) + "\"";
      if (s.stroke_opacity < 1) out += fmt::format(" stroke-opacity=\"{:.2f}\"", s.stroke_opacity);
      if (s.dashed) out += " stroke-dasharray=\"4 3\"";
      if (s.kind == Shape::Kind::kLine && s.spots.size() > 2) out += " stroke-linejoin=\"round\"";
    }
    if (page_ && s.tip >= 0) out += fmt::format(" data-tip=\"{}\"", s.tip);
    if (!classes.empty()) out += " class=\"" + classes + "\"";
    return out;
  }

  bool page_;
};

}  // namespace

std::string svg_colour(int colour) { return kLight.at(static_cast<std::size_t>(colour)); }
std::string to_svg(const Drawing& drawing) { return Svg(false).write(drawing); }
std::string to_inline_svg(const Drawing& drawing) { return Svg(true).write(drawing); }

}  // namespace theriac::report
