#pragma once

#include <cstdint>
#include <memory>
#include <string>

#include "theriac/poison/trigger.h"

namespace theriac::poison {

struct BlendedConfig final : TriggerConfig {
  enum class Pattern { kNoise, kFreshNoise, kShapes, kImage };
  Pattern pattern = Pattern::kNoise;
  std::string image;
  double alpha = 0.2;
  std::int64_t seed = 0;
  void describe(config::Fields& fields) override;
  void check(config::Problems& problems) const override;
  std::unique_ptr<Trigger> build() const override;
  std::string content() const override;
};

}  // namespace theriac::poison
