// The same square in all four corners of the picture (reference code backdoor/utils.py,
// `four_corners` with `random` or `yellow`): x' = (1 - alpha) x + alpha patch. Noise is new in
// every picture and the same in its four corners.
#include "poison/four_corners.h"

#include <opencv2/core.hpp>

#include "poison/blend.h"
#include "poison/place.h"

namespace theriac::poison {
namespace {

class FourCorners final : public Trigger {
 public:
  explicit FourCorners(const FourCornersConfig& config) : config_(config) {}

  cv::Rect place(cv::Size, core::Stream) const override { return {}; }

  void apply(cv::Mat& rgb, core::Stream& random) const override {
    const int size = static_cast<int>(config_.size);
    const cv::Mat mark = patch(size, random);
    for (const auto corner :
         {Place::kTopLeft, Place::kTopRight, Place::kBottomLeft, Place::kBottomRight})
      blend(rgb(draw_place("four_corners", size, corner, rgb.size(), random)), mark, config_.alpha);
  }

 private:
  cv::Mat patch(int size, core::Stream& random) const {
    cv::Mat mark(size, size, CV_8UC3, cv::Scalar(255, 255, 0));
    if (config_.fill == FourCornersConfig::Fill::kYellow) return mark;
    random.fill_bytes(mark.data, 3 * mark.total());
    if (config_.fill == FourCornersConfig::Fill::kBinary)
      for (std::size_t i = 0; i < 3 * mark.total(); ++i) mark.data[i] = mark.data[i] & 1 ? 255 : 0;
    return mark;
  }

  FourCornersConfig config_;
};

}  // namespace

void FourCornersConfig::describe(config::Fields& fields) {
  fields.value("size", size, "side of each patch in pixels of the model's input", {1, 4096});
  fields.choice(
      "fill", fill, "what fills it; uniform and binary noise are new in every picture",
      {{"uniform", Fill::kUniform}, {"binary", Fill::kBinary}, {"yellow", Fill::kYellow}});
  fields.value("alpha", alpha, "opacity of the patches", {0, 1});
}

std::unique_ptr<Trigger> FourCornersConfig::build() const {
  return std::make_unique<FourCorners>(*this);
}

}  // namespace theriac::poison
