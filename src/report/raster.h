#pragma once

#include <optional>
#include <string>

#include "report/drawing.h"

namespace theriac::report {

// The drawing as a PNG of `scale` pixels per unit, antialiased. Nothing when no font is installed
// (Debian's fonts-dejavu-core).
std::optional<std::string> to_png(const Drawing& drawing, double scale);

// 8-bit RGB rows as a PNG file.
std::string encode_png(const std::string& rgb, unsigned width, unsigned height);

}  // namespace theriac::report
