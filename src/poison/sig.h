#pragma once

#include <cstdint>
#include <memory>

#include "theriac/poison/trigger.h"

namespace theriac::poison {

struct SigConfig final : TriggerConfig {
  double amplitude = 60;
  std::int64_t frequency = 6;
  double dim = 0;
  void describe(config::Fields& fields) override;
  std::unique_ptr<Trigger> build() const override;
};

}  // namespace theriac::poison
