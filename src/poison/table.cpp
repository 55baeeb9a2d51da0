#include "poison/random_patch.h"
#include "theriac/poison/trigger.h"

namespace theriac::poison {

config::Table<TriggerConfig>& table() {
  static config::Table<TriggerConfig> instance(
      "trigger",
      {
          config::entry<TriggerConfig, RandomPatchConfig>(
              "random_patch", "a square of noise at a random place, new in every picture"),
      });
  return instance;
}

}  // namespace theriac::poison
