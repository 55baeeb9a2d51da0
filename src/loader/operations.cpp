#include "loader/operations.h"

#include <stdexcept>
#include <string>

namespace theriac::loader {

std::span<const Operation> operations() {
  static const Operation all[] = {
      {"shear_x", shear_x, shear_x_source},
      {"shear_y", shear_y, shear_y_source},
      {"translate_x", translate_x, translate_x_source},
      {"translate_y", translate_y, translate_y_source},
      {"rotate", rotate, rotate_source},
      {"brightness", brightness},
      {"color", color},
      {"contrast", contrast},
      {"sharpness", sharpness},
      {"posterize", posterize},
      {"solarize", solarize},
      {"auto_contrast", auto_contrast},
      {"equalize", equalize},
      {"invert", invert},
      {"crop", crop, crop_source},
      {"flip", flip, flip_source},
      {"hue", hue},
      {"grey", grey},
      {"blur", blur},
  };
  return all;
}

const Operation& operation(std::string_view name) {
  for (const auto& candidate : operations())
    if (candidate.name == name) return candidate;
  throw std::logic_error("no operation named " + std::string(name));
}

}  // namespace theriac::loader
