#include "report/pdf_text.h"

#include <fmt/format.h>

#include <array>
#include <map>

#include "report/drawing.h"

namespace theriac::report {

namespace {

// Adobe Font Metrics of Helvetica and Helvetica-Bold for the codes 32 to 126, in 1/1000.
constexpr std::array<short, 95> kRegular = {
    278,  278, 355, 556, 556, 889, 667, 191, 333, 333, 389, 584, 278, 333, 278, 278,  //  !"#...
    556,  556, 556, 556, 556, 556, 556, 556, 556, 556, 278, 278, 584, 584, 584, 556,  // 0123...
    1015, 667, 667, 722, 722, 667, 611, 778, 722, 278, 500, 667, 556, 833, 722, 778,  // @ABC...
    667,  778, 722, 667, 611, 722, 667, 944, 667, 667, 611, 278, 278, 278, 469, 556,  // PQRS...
    333,  556, 556, 500, 556, 556, 278, 556, 556, 222, 222, 500, 222, 833, 556, 556,  // `abc...
    556,  556, 333, 500, 278, 556, 500, 722, 500, 500, 500, 334, 260, 334, 584};      // pqrs...
constexpr std::array<short, 95> kBold = {
    278, 333, 474, 556, 556, 889, 722, 238, 333, 333, 389, 584, 278, 333, 278, 278,  //
    556, 556, 556, 556, 556, 556, 556, 556, 556, 556, 333, 333, 584, 584, 584, 611,  //
    975, 722, 722, 722, 722, 667, 611, 778, 722, 278, 556, 722, 611, 833, 722, 778,  //
    667, 778, 722, 667, 611, 722, 667, 944, 667, 667, 611, 333, 278, 333, 584, 556,  //
    333, 556, 611, 556, 611, 556, 333, 611, 611, 278, 278, 556, 278, 889, 611, 611,  //
    611, 611, 389, 556, 333, 611, 556, 778, 556, 556, 500, 389, 280, 389, 584};

struct Glyph {
  bool symbol;
  unsigned char code;
};

// Characters beyond Latin-1 that the reports use.
const std::map<unsigned, Glyph>& others() {
  static const std::map<unsigned, Glyph> all = {
      {0x2013, {false, 0x96}}, {0x2014, {false, 0x97}}, {0x2018, {false, 0x91}},
      {0x2019, {false, 0x92}}, {0x201C, {false, 0x93}}, {0x201D, {false, 0x94}},
      {0x2022, {false, 0x95}}, {0x2026, {false, 0x85}}, {0x20AC, {false, 0x80}},
      {0x2212, {true, 0x2D}},  {0x2264, {true, 0xA3}},  {0x2265, {true, 0xB3}},
      {0x2192, {true, 0xAE}},  {0x2190, {true, 0xAC}},  {0x221E, {true, 0xA5}},
      {0x03B1, {true, 0x61}},  {0x03B3, {true, 0x67}},  {0x03BB, {true, 0x6C}},
      {0x03BC, {true, 0x6D}},  {0x03C3, {true, 0x73}},  {0x03C4, {true, 0x74}}};
  return all;
}

Glyph glyph(unsigned code) {
  if ((code >= 0x20 && code < 0x7F) || (code >= 0xA0 && code <= 0xFF))
    return {false, static_cast<unsigned char>(code)};
  const auto found = others().find(code);
  return found == others().end() ? Glyph{false, '?'} : found->second;
}

}  // namespace

std::vector<PdfRun> pdf_runs(const std::string& text) {
  std::vector<PdfRun> runs;
  for (const unsigned code : code_points(text)) {
    const Glyph g = glyph(code);
    if (runs.empty() || runs.back().symbol != g.symbol) runs.push_back({g.symbol, ""});
    runs.back().bytes += static_cast<char>(g.code);
  }
  return runs;
}

double pdf_width(const PdfRun& run, bool bold) {
  double sum = 0;
  for (const char c : run.bytes) {
    const auto code = static_cast<unsigned char>(c);
    const auto& table = bold ? kBold : kRegular;
    sum += run.symbol || code < 32 || code > 126 ? 556 : table[code - 32U];
  }
  return sum / 1000;
}

std::string pdf_string(const std::string& bytes) {
  std::string out;
  for (const char c : bytes) {
    const auto code = static_cast<unsigned char>(c);
    if (c == '(' || c == ')' || c == '\\')
      (out += '\\') += c;
    else if (code >= 0x20 && code < 0x7F)
      out += c;
    else
      out += fmt::format("\\{:03o}", code);
  }
  return out;
}

}  // namespace theriac::report
