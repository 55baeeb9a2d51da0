#include "data/sources.h"

namespace theriac::data {

config::Table<SourceConfig>& table() {
  static config::Table<SourceConfig> table(
      "data source", {csv(), webdataset(), image_folder(), imagenet(), cifar100(), caltech101(),
                      retrieval(), emoji(), subset()});
  return table;
}

}  // namespace theriac::data
