#include "theriac/loader/loader.h"

namespace theriac::loader {

void LoaderConfig::describe(config::Fields& fields) {
  fields.value("workers", workers, "decoding threads; 0 = in the training thread", {0, 512});
  fields.value("cache_mib", cache_mib,
               "memory for pictures kept at the model's input size, in MiB; 0 = none",
               {0, 1 << 24});
  fields.value("prefetch", prefetch, "batches ready ahead, at most", {1, 64});
  fields.value("max_bad_fraction", max_bad_fraction,
               "stop when more than this share of the samples cannot be used", {0, 1});
  fields.component("augment", views, "how the second view of a picture differs from it",
                   config::Need::kRequired);
  fields.section("augment_text", text, "how the second view of a caption differs from it");
}

}  // namespace theriac::loader
