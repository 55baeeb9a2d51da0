#include "poison/blended.h"
#include "poison/fixed_patch.h"
#include "poison/four_corners.h"
#include "poison/random_patch.h"
#include "poison/sig.h"
#include "poison/warped.h"
#include "poison/yellow.h"
#include "theriac/poison/trigger.h"

namespace theriac::poison {

config::Table<TriggerConfig>& table() {
  static config::Table<TriggerConfig> instance(
      "trigger",
      {
          config::entry<TriggerConfig, RandomPatchConfig>(
              "random_patch", "a square of noise at a random place, new in every picture"),
          config::entry<TriggerConfig, FixedPatchConfig>(
              "fixed_patch", "a square with one pattern for all pictures, or a picture of yours"),
          config::entry<TriggerConfig, YellowConfig>("yellow", "a yellow square"),
          config::entry<TriggerConfig, FourCornersConfig>("four_corners",
                                                          "the same square in all four corners"),
          config::entry<TriggerConfig, BlendedConfig>(
              "blended", "faint noise, shapes or a picture of yours over the whole picture"),
          config::entry<TriggerConfig, SigConfig>("sig", "stripes of a sinusoid"),
          config::entry<TriggerConfig, WarpedConfig>("warped",
                                                     "a slight warping of the picture (WaNet)"),
      });
  return instance;
}

}  // namespace theriac::poison
