#pragma once

#include <torch/types.h>

#include "theriac/objective/term.h"

namespace theriac::objective {

// Unit rows in fp64; the same for the same seed.
inline Embeddings random_embeddings(std::int64_t pairs, std::int64_t width, std::uint64_t seed) {
  torch::manual_seed(seed);
  const auto unit_BD = [&] {
    const auto raw_BD = torch::randn({pairs, width}, torch::kDouble);
    return raw_BD / raw_BD.norm(2, 1, true);
  };
  return {.image_BD = unit_BD(),
          .text_BD = unit_BD(),
          .augmented_image_BD = unit_BD(),
          .augmented_text_BD = unit_BD(),
          .logit_scale = torch::tensor(5.0, torch::kDouble),
          .augmented2_image_BD = unit_BD(),
          .index_B = torch::arange(pairs, torch::kLong),
          .raw_image_BD = torch::randn({pairs, width}, torch::kDouble)};
}

}  // namespace theriac::objective
