#include "poison/place.h"

#include <fmt/format.h>

#include <opencv2/core.hpp>

#include "theriac/core/error.h"

namespace theriac::poison {

void describe_place(config::Fields& fields, Place& place) {
  fields.choice("place", place, "where it lies; random: anywhere, new in every picture",
                {{"random", Place::kRandom},
                 {"top_left", Place::kTopLeft},
                 {"top_right", Place::kTopRight},
                 {"bottom_left", Place::kBottomLeft},
                 {"bottom_right", Place::kBottomRight},
                 {"centre", Place::kCentre}});
}

cv::Rect draw_place(std::string_view trigger, int size, Place place, cv::Size picture,
                    core::Stream& random) {
  const int right = picture.width - size, bottom = picture.height - size;
  if (right < 0 || bottom < 0) {
    throw Error(
        fmt::format("{}: size {} does not fit into a picture of {} x {} px; trigger sizes are in "
                    "pixels of the model's input: lower trigger.size or raise model.image_size",
                    trigger, size, picture.width, picture.height));
  }
  const auto draw = [&](int last) {
    return static_cast<int>(random.below(static_cast<std::uint64_t>(last) + 1));
  };
  cv::Point corner;
  switch (place) {
    case Place::kRandom:
      corner.x = draw(right);
      corner.y = draw(bottom);
      break;
    case Place::kTopLeft:
      break;
    case Place::kTopRight:
      corner = {right, 0};
      break;
    case Place::kBottomLeft:
      corner = {0, bottom};
      break;
    case Place::kBottomRight:
      corner = {right, bottom};
      break;
    case Place::kCentre:
      corner = {right / 2, bottom / 2};
      break;
  }
  return {corner.x, corner.y, size, size};
}

}  // namespace theriac::poison
