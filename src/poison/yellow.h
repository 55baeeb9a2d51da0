#pragma once

#include <cstdint>
#include <memory>

#include "poison/place.h"

namespace theriac::poison {

struct YellowConfig final : TriggerConfig {
  std::int64_t size = 16;
  Place place = Place::kRandom;
  double alpha = 1;
  void describe(config::Fields& fields) override;
  std::unique_ptr<Trigger> build() const override;
};

}  // namespace theriac::poison
