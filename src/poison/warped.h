#pragma once

#include <cstdint>
#include <memory>
#include <string>

#include "theriac/poison/trigger.h"

namespace theriac::poison {

struct WarpedConfig final : TriggerConfig {
  std::int64_t grid = 224;
  double strength = 0.6;
  std::int64_t seed = 0;
  void describe(config::Fields& fields) override;
  std::unique_ptr<Trigger> build() const override;
  std::string content() const override;
};

}  // namespace theriac::poison
