#pragma once

#include <string>
#include <string_view>

#include "theriac/config/fields.h"
#include "theriac/core/random.h"

namespace theriac::text {

// Second view of a caption, after EDA (Wei & Zou 2019): one of the enabled operations, chosen
// uniformly. swap: n = max(1, rate * words) random swaps; delete: each word with probability
// `rate`, never all. An empty caption is returned unchanged. Words are separated by white space.
struct AugmentConfig final : config::Section {
  bool swap = true;
  bool remove = true;  // key `delete`
  double rate = 0.2;
  void describe(config::Fields& fields) override;
  void check(config::Problems& problems) const override;
};

std::string augment(std::string_view caption, const AugmentConfig& config, core::Stream& random);

}  // namespace theriac::text
