#include <fmt/format.h>
#include <zlib.h>

#include <array>
#include <cmath>
#include <cstdlib>
#include <map>
#include <numbers>
#include <stdexcept>

#include "report/drawing.h"
#include "report/pdf_text.h"

// The drawing as one PDF page of as many points as it has units (PDF 1.4, ISO 32000-1): vector
// shapes and text in the standard fonts, which need not be embedded.

namespace theriac::report {

namespace {

std::string real(double value) {
  std::string s = fmt::format("{:.2f}", value);
  while (s.back() == '0') s.pop_back();
  if (s.back() == '.') s.pop_back();
  return s == "-0" ? "0" : s;
}

std::string colour_operator(int colour, const char* name) {
  const auto rgb = std::strtoul(svg_colour(colour).c_str() + 1, nullptr, 16);
  const auto part = [&](int shift) { return real(static_cast<double>(rgb >> shift & 0xFF) / 255); };
  return part(16) + " " + part(8) + " " + part(0) + " " + name + "\n";
}

class PdfPage {
 public:
  explicit PdfPage(const Drawing& drawing) : height_(drawing.height) {
    for (const auto& shape : drawing.shapes) draw(shape);
  }

  const std::string& content() const { return out_; }
  const std::map<std::pair<int, int>, int>& opacities() const { return opacities_; }

 private:
  std::string spot(const Spot& s) const { return real(s.x) + " " + real(height_ - s.y); }

  // A graphics state for each pair of opacities (percent of fill and stroke).
  void opacity(const Shape& s) {
    const std::pair key{static_cast<int>(std::lround(100 * s.fill_opacity)),
                        static_cast<int>(std::lround(100 * s.stroke_opacity))};
    const auto [it, fresh] = opacities_.emplace(key, static_cast<int>(opacities_.size()));
    out_ += fmt::format("/G{} gs\n", it->second);
  }

  void outline(const Shape& s) {
    for (std::size_t i = 0; i < s.spots.size(); ++i)
      out_ += spot(s.spots[i]) + (i == 0 ? " m\n" : " l\n");
    if (s.kind == Shape::Kind::kArea) out_ += "h\n";
  }

  // Four Bezier curves; 0.5523 puts their middles on the circle.
  void circle(const Shape& s) {
    const double r = s.radius, k = 0.5522847498 * r;
    const auto [x, y] = s.spots[0];
    out_ += spot({x + r, y}) + " m\n";
    const std::array<std::array<Spot, 3>, 4> curves = {{
        {{{x + r, y + k}, {x + k, y + r}, {x, y + r}}},
        {{{x - k, y + r}, {x - r, y + k}, {x - r, y}}},
        {{{x - r, y - k}, {x - k, y - r}, {x, y - r}}},
        {{{x + k, y - r}, {x + r, y - k}, {x + r, y}}},
    }};
    for (const auto& curve : curves)
      out_ += spot(curve[0]) + " " + spot(curve[1]) + " " + spot(curve[2]) + " c\n";
    out_ += "h\n";
  }

  void draw(const Shape& s) {
    if (s.spots.empty()) return;
    if (s.kind == Shape::Kind::kText) return text(s);
    if (s.fill == kNone && s.stroke == kNone) return;
    opacity(s);
    if (s.fill != kNone) out_ += colour_operator(s.fill, "rg");
    if (s.stroke != kNone) {
      out_ += colour_operator(s.stroke, "RG") + real(s.width) + " w 1 j ";
      out_ += s.dashed ? "[4 3] 0 d\n" : "[] 0 d\n";
    }
    if (s.kind == Shape::Kind::kCircle)
      circle(s);
    else
      outline(s);
    out_ += s.fill == kNone ? "S\n" : s.stroke == kNone ? "f\n" : "B\n";
  }

  void text(const Shape& s) {
    if (s.fill == kNone) return;
    opacity(s);
    out_ += colour_operator(s.fill, "rg");
    const auto runs = pdf_runs(s.text);
    double width = 0;
    for (const auto& run : runs) width += pdf_width(run, s.bold) * s.size;
    const double shift = -width * s.anchor;
    const double x = s.spots[0].x + (s.upright ? 0 : shift),
                 y = height_ - s.spots[0].y + (s.upright ? shift : 0);
    out_ += "BT\n" + std::string(s.upright ? "0 1 -1 0 " : "1 0 0 1 ") + real(x) + " " + real(y) +
            " Tm\n";
    for (const auto& run : runs)
      out_ += fmt::format("/{} {} Tf ({}) Tj\n",
                          run.symbol ? "S"
                          : s.bold   ? "B"
                                     : "R",
                          real(s.size), pdf_string(run.bytes));
    out_ += "ET\n";
  }

  double height_;
  std::string out_;
  std::map<std::pair<int, int>, int> opacities_;
};

std::string deflated(const std::string& text) {
  auto size = compressBound(static_cast<uLong>(text.size()));
  std::string packed(size, '\0');
  if (compress2(reinterpret_cast<Bytef*>(packed.data()), &size,
                reinterpret_cast<const Bytef*>(text.data()), static_cast<uLong>(text.size()),
                2) != Z_OK)
    throw std::runtime_error("pdf: compression failed");
  packed.resize(size);
  return packed;
}

// Objects numbered from 1, then the table of their places.
std::string assemble(const std::vector<std::string>& objects, int information) {
  std::string out = "%PDF-1.4\n%\xE2\xE3\xCF\xD3\n";
  std::vector<std::size_t> places;
  for (std::size_t i = 0; i < objects.size(); ++i) {
    places.push_back(out.size());
    out += fmt::format("{} 0 obj\n{}\nendobj\n", i + 1, objects[i]);
  }
  const std::size_t table = out.size();
  out += fmt::format("xref\n0 {}\n0000000000 65535 f \n", objects.size() + 1);
  for (const auto place : places) out += fmt::format("{:010} 00000 n \n", place);
  return out +
         fmt::format("trailer\n<< /Size {} /Root 1 0 R /Info {} 0 R >>\nstartxref\n{}\n%%EOF\n",
                     objects.size() + 1, information, table);
}

}  // namespace

std::string to_pdf(const Drawing& drawing) {
  const PdfPage page(drawing);
  std::string states;
  for (const auto& [key, index] : page.opacities())
    states += fmt::format("/G{} << /ca {} /CA {} >> ", index, real(key.first / 100.0),
                          real(key.second / 100.0));
  const auto font = [](const char* name, bool symbol) {
    return fmt::format("<< /Type /Font /Subtype /Type1 /BaseFont /{}{} >>", name,
                       symbol ? "" : " /Encoding /WinAnsiEncoding");
  };
  std::string title;
  for (const auto& run : pdf_runs(drawing.title)) title += run.symbol ? "?" : run.bytes;
  const std::string packed = deflated(page.content());
  return assemble(
      {"<< /Type /Catalog /Pages 2 0 R >>", "<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
       fmt::format("<< /Type /Page /Parent 2 0 R /MediaBox [0 0 {} {}] /Contents 4 0 R /Resources "
                   "<< /Font << /R 5 0 R /B 6 0 R /S 7 0 R >> /ExtGState << {}>> >> >>",
                   real(drawing.width), real(drawing.height), states),
       fmt::format("<< /Length {} /Filter /FlateDecode >>\nstream\n", packed.size()) + packed +
           "\nendstream",
       font("Helvetica", false), font("Helvetica-Bold", false), font("Symbol", true),
       "<< /Title (" + pdf_string(title) + ") /Producer (Theriac) >>"},
      8);
}

}  // namespace theriac::report
