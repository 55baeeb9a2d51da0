#include "clean/fine_tune.h"
#include "clean/shrink_and_perturb.h"

namespace theriac::clean {

config::Table<CleanerConfig>& table() {
  static config::Table<CleanerConfig> instance(
      "cleaner",
      {config::entry<CleanerConfig, FineTuneConfig>(
           "fine_tune", "training on clean pairs with any objective; CleanCLIP is one"),
       config::entry<CleanerConfig, ShrinkAndPerturbConfig>(
           "shrink_and_perturb",
           "weights scaled, and a little of a fresh model's added (Ash and Adams 2020)")});
  return instance;
}

}  // namespace theriac::clean
