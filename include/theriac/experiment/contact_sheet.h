#pragma once

#include <cstdint>
#include <opencv2/core/mat.hpp>
#include <string>

#include "theriac/data/source.h"
#include "theriac/loader/view.h"
#include "theriac/poison/plan.h"

namespace theriac::experiment {

// What a plan does to the data: one row per sample with the original, the poisoned picture and its
// augmented view, captions below. RGB.
cv::Mat contact_sheet(const data::Source& source, const poison::Plan& plan,
                      const poison::Trigger& trigger, const loader::View& view, int image_size,
                      int rows);

struct Survival {
  std::int64_t samples = 0, whole = 0, half = 0, gone = 0;  // >= 90 %, >= 50 %, < 10 % visible
  double mean = 0;                                          // share of the mark that stays visible
};
// In how many augmented views of the first epochs the trigger's mark stays inside the picture.
Survival survival(const poison::Plan& plan, const poison::Trigger& trigger,
                  const loader::View& view, int image_size, std::uint64_t seed);

}  // namespace theriac::experiment
