#pragma once

#include <cstdint>
#include <memory>

#include "poison/place.h"

namespace theriac::poison {

struct RandomPatchConfig final : TriggerConfig {
  enum class Noise { kUniform, kGaussianClamped, kGaussianWrapped, kBinary };
  std::int64_t size = 16;
  Noise noise = Noise::kUniform;
  Place place = Place::kRandom;
  void describe(config::Fields& fields) override;
  std::unique_ptr<Trigger> build() const override;
};

}  // namespace theriac::poison
