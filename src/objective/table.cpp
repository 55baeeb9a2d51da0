#include "objective/clustering.h"
#include "objective/intra_modal.h"
#include "objective/mmcl.h"
#include "objective/push_away.h"
#include "objective/siglip.h"
#include "objective/simclr.h"
#include "objective/supervised.h"

namespace theriac::objective {

config::Table<TermConfig>& table() {
  static config::Table<TermConfig> instance(
      "objective term",
      {
          config::entry<TermConfig, MmclConfig>("mmcl", "contrast of images with captions (CLIP)"),
          config::entry<TermConfig, IntraModalConfig>(
              "intra_modal", "contrast of each view with its augmented view (CleanCLIP's SSL)"),
          config::entry<TermConfig, SiglipConfig>(
              "siglip", "sigmoid loss of every image-caption pair (SigLIP)"),
          config::entry<TermConfig, SimClrConfig>(
              "simclr", "contrast of two augmented views of each picture (SimCLR, as in SLIP)"),
          config::entry<TermConfig, ClusteringConfig>(
              "clustering",
              "cross-entropy of a linear classifier of k-means' clusters (deep clustering)"),
          config::entry<TermConfig, SupervisedConfig>(
              "supervised", "cross-entropy of a linear classifier of the pictures' classes"),
          config::entry<TermConfig, PushAwayConfig>(
              "push_away", "image and caption of suspected pairs are driven apart (unlearning)"),
      });
  return instance;
}

}  // namespace theriac::objective
