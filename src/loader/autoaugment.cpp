// AutoAugment, ImageNet policy (Cubuk et al., CVPR 2019, table 9) with torchvision's meaning: one
// of 25 pairs, uniformly; each of its two operations happens when u <= p; signed ones get either
// sign. Magnitude i of 10 is linear, in single precision: tangent 0.3, 150/331 of the side, 30
// degrees, factor 1 +- 0.9; solarize 255 - 255 i/9; posterize keeps 8 - round(i / 2.25) bits.
// Nearest neighbour, outside black. Draws: pair, two uniforms, two signs, always. Applied to the
// picture at the model's input size; torchvision recipes apply it to the file, before the resize.
#include <cmath>

#include "loader/operations.h"
#include "loader/views.h"

namespace theriac::loader {
namespace {

struct Chance {
  const char* name;
  double probability;
  int magnitude = 0;
};

constexpr Chance kPolicies[][2] = {
    {{"posterize", .4, 8}, {"rotate", .6, 9}}, {{"solarize", .6, 5}, {"auto_contrast", .6}},
    {{"equalize", .8}, {"equalize", .6}},      {{"posterize", .6, 7}, {"posterize", .6, 6}},
    {{"equalize", .4}, {"solarize", .2, 4}},   {{"equalize", .4}, {"rotate", .8, 8}},
    {{"solarize", .6, 3}, {"equalize", .6}},   {{"posterize", .8, 5}, {"equalize", 1}},
    {{"rotate", .2, 3}, {"solarize", .6, 8}},  {{"equalize", .6}, {"posterize", .4, 6}},
    {{"rotate", .8, 8}, {"color", .4, 0}},     {{"rotate", .4, 9}, {"equalize", .6}},
    {{"equalize", 0}, {"equalize", .8}},       {{"invert", .6}, {"equalize", 1}},
    {{"color", .6, 4}, {"contrast", 1, 8}},    {{"rotate", .8, 8}, {"color", 1, 2}},
    {{"color", .8, 8}, {"solarize", .8, 7}},   {{"sharpness", .4, 7}, {"invert", .6}},
    {{"shear_x", .6, 5}, {"equalize", 1}},     {{"color", .4, 0}, {"equalize", .6}},
    {{"equalize", .4}, {"solarize", .2, 4}},   {{"solarize", .6, 5}, {"auto_contrast", .6}},
    {{"invert", .6}, {"equalize", 1}},         {{"color", .6, 4}, {"contrast", 1, 8}},
    {{"equalize", .8}, {"equalize", .6}},
};

// Value i of ten from `first` to `last`.
double spaced(double first, double last, int i) {
  const auto from = static_cast<float>(first), to = static_cast<float>(last);
  const float step = (to - from) / 9;
  return i < 5 ? from + step * static_cast<float>(i) : to - step * static_cast<float>(9 - i);
}

Step step_for(std::string_view name, int magnitude, bool negative, cv::Size picture) {
  const Operation& what = operation(name);
  const double sign = negative ? -1 : 1;
  const auto is = [&](auto... names) { return ((name == names) || ...); };
  if (is("shear_x", "shear_y")) return {&what, {sign * spaced(0, 0.3, magnitude)}};
  if (is("translate_x"))
    return {&what, {std::trunc(sign * spaced(0, 150.0 / 331.0 * picture.width, magnitude))}};
  if (is("translate_y"))
    return {&what, {std::trunc(sign * spaced(0, 150.0 / 331.0 * picture.height, magnitude))}};
  if (is("rotate")) return {&what, {sign * spaced(0, 30, magnitude)}};
  if (is("brightness", "color", "contrast", "sharpness"))
    return {&what, {1 + sign * spaced(0, 0.9, magnitude)}};
  if (is("posterize")) return {&what, {8 - std::nearbyint(magnitude / 2.25)}};
  if (is("solarize")) return {&what, {spaced(255, 0, magnitude)}};
  return {&what, {}};
}

class AutoAugment final : public View {
 public:
  std::vector<Step> draw(cv::Size picture, core::Stream& random) const override {
    const auto& pair = kPolicies[random.below(std::size(kPolicies))];
    const double uniform[] = {random.uniform(), random.uniform()};
    const bool negative[] = {random.below(2) == 0, random.below(2) == 0};
    std::vector<Step> steps;
    for (std::size_t i = 0; i < 2; ++i)
      if (uniform[i] <= pair[i].probability)
        steps.push_back(step_for(pair[i].name, pair[i].magnitude, negative[i], picture));
    return steps;
  }
};

}  // namespace

void AutoAugmentConfig::describe(config::Fields&) {}

std::unique_ptr<View> AutoAugmentConfig::build() const { return std::make_unique<AutoAugment>(); }

}  // namespace theriac::loader
