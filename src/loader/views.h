#pragma once

#include "theriac/loader/view.h"

namespace theriac::loader {

// Random resized crop, horizontal flip, rotation, colour jitter, in this order; one warp, reflected
// at the picture's border. Defaults are the quickstart's.
struct JitterConfig final : ViewConfig {
  double crop_min = 0.73;    // smallest side of the crop, as a fraction of the side; 1 = no crop
  double flip = 0.5;         // probability
  double rotation = 17;      // degrees, uniform in +-
  double brightness = 0.08;  // factors uniform in 1 +- x, as in torchvision's ColorJitter
  double contrast = 0.08;
  double saturation = 0.16;
  void describe(config::Fields& fields) override;
  std::unique_ptr<View> build() const override;
};

struct AutoAugmentConfig final : ViewConfig {
  void describe(config::Fields& fields) override;
  std::unique_ptr<View> build() const override;
};

struct SimClrConfig final : ViewConfig {
  double crop_min_area = 0.08;  // of the picture's area
  double jitter = 0.8;          // probability of the four that follow, in random order
  double brightness = 0.4;      // factors uniform in 1 +- x
  double contrast = 0.4;
  double saturation = 0.4;
  double hue = 0.1;                           // turns, uniform in +-
  double grey = 0.2, blur = 0.5, flip = 0.5;  // probabilities
  double blur_min = 0.1, blur_max = 2;        // standard deviation in pixels
  void describe(config::Fields& fields) override;
  void check(config::Problems& problems) const override;
  std::unique_ptr<View> build() const override;
};

}  // namespace theriac::loader
