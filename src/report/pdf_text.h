#pragma once

#include <string>
#include <vector>

namespace theriac::report {

// Part of a text in one of the standard fonts' encodings: WinAnsi, or that of Symbol.
struct PdfRun {
  bool symbol = false;
  std::string bytes;
};

// UTF-8 in the encodings of the standard fonts. What neither has becomes '?'.
std::vector<PdfRun> pdf_runs(const std::string& text);
// Width at size 1, from Adobe's metrics of Helvetica.
double pdf_width(const PdfRun& run, bool bold);
std::string pdf_string(const std::string& bytes);  // the inside of a (string)

}  // namespace theriac::report
