#include "clean/fine_tune.h"

namespace theriac::clean {

config::Table<CleanerConfig>& table() {
  static config::Table<CleanerConfig> instance(
      "cleaner", {config::entry<CleanerConfig, FineTuneConfig>(
                     "fine_tune", "training on clean pairs with any objective; CleanCLIP is one")});
  return instance;
}

}  // namespace theriac::clean
