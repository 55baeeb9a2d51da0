#include "report/raster.h"

#include <ft2build.h>
#include FT_FREETYPE_H
#include FT_OUTLINE_H
#include FT_STROKER_H

#include <array>
#include <cmath>
#include <cstdlib>
#include <filesystem>
#include <memory>
#include <numbers>
#include <type_traits>

#include "theriac/core/program.h"

// FreeType's own antialiasing rasteriser fills everything: polygons, stroked lines and glyphs.

namespace theriac::report {

namespace {

template <class T, auto kDone>
struct Done {
  void operator()(T thing) const { kDone(thing); }
};
template <class T, auto kDone>
using Handle = std::unique_ptr<std::remove_pointer_t<T>, Done<T, kDone>>;
using Library = Handle<FT_Library, FT_Done_FreeType>;
using Face = Handle<FT_Face, FT_Done_Face>;
using Stroker = Handle<FT_Stroker, FT_Stroker_Done>;

constexpr std::size_t kLongest = 8000;  // points in one outline; FreeType counts them in 16 bits

Face open_font(FT_Library library, const std::string& name) {
  const std::filesystem::path fonts = "/usr/share/fonts";
  for (const auto& folder :
       {core::installed_folder() / "share" / "theriac" / "fonts", fonts / "truetype/dejavu",
        fonts / "dejavu-sans-fonts", fonts / "dejavu", fonts / "TTF"}) {
    const auto path = folder / name;
    FT_Face face = nullptr;
    if (FT_New_Face(library, path.c_str(), 0, &face) == 0) return Face(face);
  }
  return nullptr;
}

// Cuts a line into dashes of 4 units with gaps of 3.
std::vector<std::vector<Spot>> dashes(const std::vector<Spot>& spots) {
  std::vector<std::vector<Spot>> result;
  double left = 4;
  bool on = true;
  for (std::size_t i = 0; i + 1 < spots.size(); ++i) {
    Spot at = spots[i];
    const Spot to = spots[i + 1];
    if (on && (result.empty() || i == 0)) result.push_back({at});
    for (double rest = std::hypot(to.x - at.x, to.y - at.y); rest > 0;) {
      const double step = std::min(left, rest);
      at = {at.x + (to.x - at.x) * step / rest, at.y + (to.y - at.y) * step / rest};
      if (on) result.back().push_back(at);
      rest -= step;
      left -= step;
      if (left > 0) continue;
      on = !on;
      left = on ? 4 : 3;
      if (on) result.push_back({at});
    }
  }
  return result;
}

class Canvas {
 public:
  Canvas(double width, double height, double scale)
      : width_(static_cast<int>(std::lround(width * scale))),
        height_(static_cast<int>(std::lround(height * scale))),
        scale_(scale),
        pixels_(static_cast<std::size_t>(width_) * static_cast<std::size_t>(height_) * 3, '\xFF') {
    FT_Library library = nullptr;
    if (FT_Init_FreeType(&library)) return;
    library_.reset(library);
    regular_ = open_font(library, "DejaVuSans.ttf");
    bold_ = open_font(library, "DejaVuSans-Bold.ttf");
    FT_Stroker stroker = nullptr;
    if (FT_Stroker_New(library, &stroker) == 0) stroker_.reset(stroker);
  }

  bool ready() const { return regular_ && bold_ && stroker_; }

  void draw(const Shape& s) {
    if (s.kind == Shape::Kind::kText) return text(s);
    auto spots = s.spots;
    if (s.kind == Shape::Kind::kCircle) spots = round(s);
    const bool closed = s.kind != Shape::Kind::kLine;
    if (s.fill != kNone) fill(spots, s.fill, s.fill_opacity);
    if (s.stroke == kNone) return;
    if (!s.dashed) return stroke(spots, closed, s);
    for (const auto& dash : dashes(spots)) stroke(dash, false, s);
  }

  std::string png() const {
    return encode_png(pixels_, static_cast<unsigned>(width_), static_cast<unsigned>(height_));
  }

 private:
  std::vector<Spot> round(const Shape& s) const {
    const int corners = s.radius * scale_ < 9 ? 16 : 40;
    std::vector<Spot> result;
    for (int i = 0; i < corners; ++i) {
      const double a = 2 * std::numbers::pi * i / corners;
      result.push_back(
          {s.spots[0].x + s.radius * std::cos(a), s.spots[0].y + s.radius * std::sin(a)});
    }
    return result;
  }

  FT_Vector vector(Spot spot) const {  // FreeType's y grows upwards, in 1/64 pixels
    return {std::lround(spot.x * scale_ * 64), std::lround((height_ - spot.y * scale_) * 64)};
  }

  void fill(const std::vector<Spot>& spots, int colour, double opacity) {
    if (spots.size() < 3 || spots.size() > kLongest) return;
    std::vector<FT_Vector> points;
    for (const auto& spot : spots) points.push_back(vector(spot));
    std::vector<char> tags(points.size(), FT_CURVE_TAG_ON);
    short end = static_cast<short>(points.size() - 1);
    FT_Outline outline{1, static_cast<short>(points.size()), points.data(), tags.data(), &end, 0};
    render(outline, colour, opacity);
  }

  void stroke(const std::vector<Spot>& spots, bool closed, const Shape& s) {
    if (spots.size() < 2 || spots.size() > kLongest) return;
    FT_Stroker_Set(stroker_.get(), std::lround(s.width * scale_ * 32), FT_STROKER_LINECAP_BUTT,
                   FT_STROKER_LINEJOIN_ROUND, 0);
    // FreeType's stroker reads past its buffers when every line of a path has no length.
    std::vector<FT_Vector> path;
    for (const auto& spot : spots) {
      const FT_Vector at = vector(spot);
      if (path.empty() || at.x != path.back().x || at.y != path.back().y) path.push_back(at);
    }
    if (path.size() < 2) return;
    FT_Stroker_BeginSubPath(stroker_.get(), &path[0], !closed);
    for (std::size_t i = 1; i < path.size(); ++i) FT_Stroker_LineTo(stroker_.get(), &path[i]);
    if (closed) FT_Stroker_LineTo(stroker_.get(), &path[0]);
    FT_Stroker_EndSubPath(stroker_.get());
    FT_UInt points = 0, contours = 0;
    FT_Stroker_GetCounts(stroker_.get(), &points, &contours);
    FT_Outline outline;
    if (points > 32000 ||
        FT_Outline_New(library_.get(), points, static_cast<FT_Int>(contours), &outline))
      return;
    outline.n_points = outline.n_contours = 0;
    FT_Stroker_Export(stroker_.get(), &outline);
    render(outline, s.stroke, s.stroke_opacity);
    FT_Outline_Done(library_.get(), &outline);
  }

  void text(const Shape& s) {
    FT_Face face = s.bold ? bold_.get() : regular_.get();
    FT_Set_Char_Size(face, 0, std::lround(s.size * scale_ * 64), 72, 72);
    const auto codes = code_points(s.text);
    const auto load = [&](unsigned code) {
      return FT_Load_Char(face, code, FT_LOAD_NO_BITMAP | FT_LOAD_NO_HINTING) == 0;
    };
    FT_Pos total = 0, pen = 0;
    for (const auto code : codes)
      if (load(code)) total += face->glyph->advance.x;
    const FT_Vector origin = vector(s.spots[0]);
    const FT_Pos shift = -std::lround(static_cast<double>(total) * s.anchor);
    FT_Matrix turn{0, -0x10000, 0x10000, 0};
    for (const auto code : codes) {
      if (!load(code)) continue;
      FT_Outline& outline = face->glyph->outline;
      FT_Outline_Translate(&outline, shift + pen, 0);
      if (s.upright) FT_Outline_Transform(&outline, &turn);
      FT_Outline_Translate(&outline, origin.x, origin.y);
      render(outline, s.fill, s.fill_opacity);
      pen += face->glyph->advance.x;
    }
  }

  void render(FT_Outline& outline, int colour, double opacity) {
    const auto rgb = std::strtoul(svg_colour(colour).c_str() + 1, nullptr, 16);
    colour_ = {static_cast<double>(rgb >> 16 & 0xFF), static_cast<double>(rgb >> 8 & 0xFF),
               static_cast<double>(rgb & 0xFF)};
    opacity_ = opacity;
    FT_Raster_Params parameters{};
    parameters.flags = FT_RASTER_FLAG_AA | FT_RASTER_FLAG_DIRECT | FT_RASTER_FLAG_CLIP;
    parameters.clip_box = {0, 0, width_, height_};
    parameters.user = this;
    parameters.gray_spans = [](int y, int count, const FT_Span* spans, void* user) {
      static_cast<Canvas*>(user)->blend(y, count, spans);
    };
    FT_Outline_Render(library_.get(), &outline, &parameters);
  }

  void blend(int y, int count, const FT_Span* spans) {
    if (y < 0 || y >= height_) return;
    for (int i = 0; i < count; ++i)
      for (int x = std::max<int>(spans[i].x, 0); x < spans[i].x + spans[i].len && x < width_; ++x) {
        char* pixel = &pixels_[static_cast<std::size_t>((height_ - 1 - y) * width_ + x) * 3];
        const double alpha = opacity_ * spans[i].coverage / 255;
        for (std::size_t k = 0; k < 3; ++k) {
          const double old = static_cast<unsigned char>(pixel[k]);
          pixel[k] = static_cast<char>(std::lround(old + (colour_[k] - old) * alpha));
        }
      }
  }

  int width_, height_;
  double scale_, opacity_ = 1;
  std::string pixels_;
  std::array<double, 3> colour_{};
  Library library_;
  Face regular_, bold_;
  Stroker stroker_;
};

}  // namespace

std::optional<std::string> to_png(const Drawing& drawing, double scale) {
  Canvas canvas(drawing.width, drawing.height, scale);
  if (!canvas.ready()) return std::nullopt;
  for (const auto& shape : drawing.shapes) canvas.draw(shape);
  return canvas.png();
}

}  // namespace theriac::report
