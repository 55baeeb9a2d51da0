#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "theriac/loader/loader.h"

namespace theriac::loader {

// The caption of a sample: the plan's where the sample is poisoned.
std::string caption(const Dataset& dataset, std::int64_t index);

// The token ids of all captions, computed once on several threads; 2 bytes an id when the
// vocabulary allows.
class CaptionIds {
 public:
  explicit CaptionIds(const Dataset& dataset);
  std::vector<std::int32_t> get(std::int64_t index) const;

 private:
  std::vector<std::uint64_t> ends_;  // of each caption's ids
  std::vector<std::uint16_t> narrow_;
  std::vector<std::int32_t> wide_;
  bool is_wide_;
};

}  // namespace theriac::loader
