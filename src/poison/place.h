#pragma once

#include <string_view>

#include "theriac/poison/trigger.h"

namespace theriac::poison {

enum class Place { kRandom, kTopLeft, kTopRight, kBottomLeft, kBottomRight, kCentre };

void describe_place(config::Fields& fields, Place& place);

// The square of `size` px in `picture`. Draws from `random` for Place::kRandom only: the corner is
// uniform over all places. Error, beginning with the trigger's name, when it does not fit.
cv::Rect draw_place(std::string_view trigger, int size, Place place, cv::Size picture,
                    core::Stream& random);

}  // namespace theriac::poison
