#include "loader/views.h"

namespace theriac::loader {

config::Table<ViewConfig>& table() {
  static config::Table<ViewConfig> instance(
      "view",
      {
          config::entry<ViewConfig, JitterConfig>(
              "jitter", "random crop, flip, rotation and a little colour, in one warp"),
          config::entry<ViewConfig, AutoAugmentConfig>(
              "autoaugment",
              "AutoAugment's ImageNet policy (Cubuk et al. 2019), as CleanCLIP's SSL uses it"),
          config::entry<ViewConfig, SimClrConfig>("simclr",
                                                  "random resized crop, colour jitter, grey, blur, "
                                                  "flip (Chen et al. 2020, as in SLIP)"),
      });
  return instance;
}

}  // namespace theriac::loader
