#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "theriac/data/source.h"

namespace theriac::loader {

// Which samples of a source were looked at and which of them cannot be used; each counted once.
class BadSamples {
 public:
  explicit BadSamples(std::int64_t samples) : seen_(static_cast<std::size_t>(samples)) {}
  void add(std::int64_t index, data::Bad bad);  // kNone: a good one
  const std::map<std::string, std::int64_t>& by_reason() const { return by_reason_; }
  // More than `fraction` of all samples are known to be bad, or those looked at so far say so
  // beyond chance (5 standard deviations and 10 samples above the fraction).
  bool too_many(double fraction) const;
  // "30 of 120 samples looked at so far cannot be used (20 missing file, 10 truncated)"
  std::string summary(const data::Source& source) const;

 private:
  std::vector<bool> seen_;
  std::map<std::string, std::int64_t> by_reason_;
  std::int64_t looked_at_ = 0, bad_ = 0, first_bad_ = -1;
};

}  // namespace theriac::loader
