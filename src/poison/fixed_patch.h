#pragma once

#include <cstdint>
#include <memory>
#include <string>

#include "poison/place.h"

namespace theriac::poison {

struct FixedPatchConfig final : TriggerConfig {
  enum class Pattern { kNoise, kChecker, kStripes, kImage };
  std::int64_t size = 16;
  Pattern pattern = Pattern::kNoise;
  std::string image;
  Place place = Place::kRandom;
  double alpha = 1;
  std::int64_t seed = 0;
  void describe(config::Fields& fields) override;
  void check(config::Problems& problems) const override;
  std::unique_ptr<Trigger> build() const override;
  std::string content() const override;
};

}  // namespace theriac::poison
