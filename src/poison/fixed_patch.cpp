// A square with one pattern for all pictures (BadNets, Gu et al. 2017): x' = (1 - alpha) x + alpha
// p inside the square. The pattern p, of size P:
//   noise    byte ~ U{0, ..., 255}, drawn once from the seed
//   checker  white at even rows and even columns, black elsewhere (Huang et al., ICLR 2025)
//   stripes  each column is 0 or 255 in each channel, drawn once from the seed (PAR, Singh et al.)
//   image    a file, resampled to P x P by area
#include "poison/fixed_patch.h"

#include <opencv2/core.hpp>

#include "poison/blend.h"
#include "poison/picture_file.h"

namespace theriac::poison {
namespace {

using Pattern = FixedPatchConfig::Pattern;

cv::Mat make_pattern(const FixedPatchConfig& config) {
  const int size = static_cast<int>(config.size);
  if (config.pattern == Pattern::kImage)
    return resample_area(read_picture("fixed_patch", config.image), {size, size});
  cv::Mat mark(size, size, CV_8UC3, cv::Scalar::all(0));
  auto random = core::stream(static_cast<std::uint64_t>(config.seed), "fixed_patch");
  if (config.pattern == Pattern::kNoise) {
    random.fill_bytes(mark.data, 3 * mark.total());
  } else if (config.pattern == Pattern::kChecker) {
    for (int y = 0; y < size; y += 2)
      for (int x = 0; x < size; x += 2) mark.at<cv::Vec3b>(y, x) = cv::Vec3b::all(255);
  } else {
    random.fill_bytes(mark.data, 3 * static_cast<std::size_t>(size));
    for (int i = 0; i < 3 * size; ++i) mark.data[i] = mark.data[i] & 1 ? 255 : 0;
    for (int y = 1; y < size; ++y) mark.row(0).copyTo(mark.row(y));
  }
  return mark;
}

class FixedPatch final : public Trigger {
 public:
  explicit FixedPatch(const FixedPatchConfig& config)
      : mark_(make_pattern(config)), place_(config.place), alpha_(config.alpha) {}

  cv::Rect place(cv::Size picture, core::Stream random) const override {
    return draw_place("fixed_patch", mark_.cols, place_, picture, random);
  }

  void apply(cv::Mat& rgb, core::Stream& random) const override {
    blend(rgb(place(rgb.size(), random)), mark_, alpha_);
  }

 private:
  cv::Mat mark_;
  Place place_;
  double alpha_;
};

}  // namespace

void FixedPatchConfig::describe(config::Fields& fields) {
  fields.value("size", size, "side of the patch in pixels of the model's input", {1, 4096});
  fields.choice("pattern", pattern,
                "what fills it, the same in every picture: noise or stripes made from the seed, a "
                "black and white checker, or the file `image`",
                {{"noise", Pattern::kNoise},
                 {"checker", Pattern::kChecker},
                 {"stripes", Pattern::kStripes},
                 {"image", Pattern::kImage}});
  fields.path("image", image, "a picture, scaled to the patch; for pattern: image");
  describe_place(fields, place);
  fields.value("alpha", alpha, "opacity of the patch", {0, 1});
  fields.value("seed", seed, "seed of noise and stripes", {0, 9e15});
}

void FixedPatchConfig::check(config::Problems& problems) const {
  check_image(pattern == Pattern::kImage, image, problems);
}

std::unique_ptr<Trigger> FixedPatchConfig::build() const {
  return std::make_unique<FixedPatch>(*this);
}

std::string FixedPatchConfig::content() const {
  return pattern == Pattern::kImage ? picture_hash(image) : "";
}

}  // namespace theriac::poison
