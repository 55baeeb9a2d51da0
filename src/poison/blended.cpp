// A faint picture over the whole picture (Chen et al. 2017): x' = (1 - alpha) x + alpha t with
//   noise        t ~ U{0, ..., 255} for each byte, drawn once from the seed
//   fresh_noise  the same, new for every picture (reference code backdoor/utils.py, `blended`)
//   shapes       flat coloured ellipses, drawn once from the seed: a cartoon in the place of the
//                usual "hello kitty", which may not be passed on
//   image        a file, resampled to the picture's size by area
#include "poison/blended.h"

#include <opencv2/core.hpp>

#include "poison/blend.h"
#include "poison/per_size.h"
#include "poison/picture_file.h"

namespace theriac::poison {
namespace {

using BlendPattern = BlendedConfig::Pattern;

cv::Mat noise_picture(cv::Size size, core::Stream& random) {
  cv::Mat picture(size, CV_8UC3);
  random.fill_bytes(picture.data, 3 * picture.total());
  return picture;
}

// In units of 1/1024 of the sides, so that the seed gives the same drawing at every size.
cv::Mat shapes_picture(cv::Size size, core::Stream random) {
  constexpr int kShapes = 24;
  const auto pick = [&](int low, int high) {
    return low + static_cast<int>(random.below(static_cast<std::uint64_t>(high - low)));
  };
  const auto colour = [&] {
    cv::Vec3b rgb;
    random.fill_bytes(rgb.val, 3);
    return rgb;
  };
  cv::Mat picture(size, CV_8UC3, cv::Scalar::all(255));
  for (int i = 0; i < kShapes; ++i) {
    const int x0 = pick(0, 1024), y0 = pick(0, 1024);
    const std::int64_t a = pick(48, 224), b = pick(48, 224);
    const auto fill = colour();
    for (int y = 0; y < size.height; ++y) {
      const std::int64_t dy = (2 * y + 1) * 512 / size.height - y0;
      for (int x = 0; x < size.width; ++x) {
        const std::int64_t dx = (2 * x + 1) * 512 / size.width - x0;
        if (dx * dx * b * b + dy * dy * a * a <= a * a * b * b) picture.at<cv::Vec3b>(y, x) = fill;
      }
    }
  }
  return picture;
}

class Blended final : public Trigger {
 public:
  explicit Blended(const BlendedConfig& config) : config_(config) {
    if (config.pattern == BlendPattern::kImage) file_ = read_picture("blended", config.image);
  }

  cv::Rect place(cv::Size, core::Stream) const override { return {}; }

  void apply(cv::Mat& rgb, core::Stream& random) const override {
    if (config_.pattern == BlendPattern::kFreshNoise) {
      blend(rgb, noise_picture(rgb.size(), random), config_.alpha);
      return;
    }
    const auto mark = marks_.get(rgb.size(), [this](cv::Size size) { return make(size); });
    blend(rgb, *mark, config_.alpha);
  }

 private:
  cv::Mat make(cv::Size size) const {
    if (config_.pattern == BlendPattern::kImage) return resample_area(file_, size);
    auto random = core::stream(static_cast<std::uint64_t>(config_.seed), "blended");
    return config_.pattern == BlendPattern::kShapes ? shapes_picture(size, random)
                                                    : noise_picture(size, random);
  }

  BlendedConfig config_;
  cv::Mat file_;
  PerSize<cv::Mat> marks_;
};

}  // namespace

void BlendedConfig::describe(config::Fields& fields) {
  fields.choice("pattern", pattern,
                "what is laid over the picture: noise or coloured shapes made once from the seed, "
                "fresh_noise for every picture (what the paper's code does), or the file `image`",
                {{"noise", BlendPattern::kNoise},
                 {"fresh_noise", BlendPattern::kFreshNoise},
                 {"shapes", BlendPattern::kShapes},
                 {"image", BlendPattern::kImage}});
  fields.path("image", image, "a picture, scaled to the model's input; for pattern: image");
  fields.value("alpha", alpha, "opacity of the pattern", {0, 1});
  fields.value("seed", seed, "seed of noise and shapes", {0, 9e15});
}

void BlendedConfig::check(config::Problems& problems) const {
  check_image(pattern == BlendPattern::kImage, image, problems);
}

std::unique_ptr<Trigger> BlendedConfig::build() const { return std::make_unique<Blended>(*this); }

std::string BlendedConfig::content() const {
  return pattern == BlendPattern::kImage ? picture_hash(image) : "";
}

}  // namespace theriac::poison
