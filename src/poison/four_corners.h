#pragma once

#include <cstdint>
#include <memory>

#include "theriac/poison/trigger.h"

namespace theriac::poison {

struct FourCornersConfig final : TriggerConfig {
  enum class Fill { kUniform, kBinary, kYellow };
  std::int64_t size = 16;
  Fill fill = Fill::kUniform;
  double alpha = 1;
  void describe(config::Fields& fields) override;
  std::unique_ptr<Trigger> build() const override;
};

}  // namespace theriac::poison
