#include "loader/bad_samples.h"

#include <fmt/format.h>

#include <cmath>

#include "theriac/core/text.h"

namespace theriac::loader {

void BadSamples::add(std::int64_t index, data::Bad bad) {
  const auto i = static_cast<std::size_t>(index);
  if (seen_[i]) return;
  seen_[i] = true;
  ++looked_at_;
  if (bad == data::Bad::kNone) return;
  if (bad_++ == 0) first_bad_ = index;
  ++by_reason_[std::string(data::word(bad))];
}

bool BadSamples::too_many(double fraction) const {
  if (bad_ == 0) return false;
  const auto bad = static_cast<double>(bad_), seen = static_cast<double>(looked_at_);
  const double chance = 5 * std::sqrt(seen * fraction * (1 - fraction)) + 10;
  return bad > fraction * static_cast<double>(seen_.size()) || bad > fraction * seen + chance;
}

std::string BadSamples::summary(const data::Source& source) const {
  std::vector<std::string> reasons;
  for (const auto& [reason, count] : by_reason_)
    reasons.push_back(fmt::format("{} {}", count, reason));
  return fmt::format("{} of {} samples looked at so far cannot be used ({}; the first is {})", bad_,
                     looked_at_, core::join(reasons, ", "), source.where(first_bad_));
}

}  // namespace theriac::loader
