#include "objective/intra_modal.h"
#include "objective/mmcl.h"

namespace theriac::objective {

config::Table<TermConfig>& table() {
  static config::Table<TermConfig> instance(
      "objective term",
      {
          config::entry<TermConfig, MmclConfig>("mmcl", "contrast of images with captions (CLIP)"),
          config::entry<TermConfig, IntraModalConfig>(
              "intra_modal", "contrast of each view with its augmented view (CleanCLIP's SSL)"),
      });
  return instance;
}

}  // namespace theriac::objective
