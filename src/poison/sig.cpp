// Vertical stripes of a horizontal sinusoid (SIG, Barni et al., ICIP 2019), the same in all rows
// and channels; column j of W, bytes:
//   x' = clamp((1 - dim) x + amplitude sin(2 pi frequency j / W), 0, 255), rounded to nearest
// The reference code (backdoor/utils.py, `SIG` with `blended`) mixes 0.8 x + 0.2 (60 sin): that is
// amplitude 12, dim 0.2. The original is a clean-label attack (poison.select: target_class,
// poison.caption: keep); on CLIP it is used with either.
#include "poison/sig.h"

#include <algorithm>
#include <cmath>
#include <numbers>
#include <opencv2/core.hpp>
#include <vector>

namespace theriac::poison {
namespace {

constexpr int kBits = 16;

// In units of 2^-16 grey levels. The sine is rounded to 2^-20 first, so that a last bit in which
// two mathematical libraries differ cannot show.
std::vector<std::int32_t> wave(const SigConfig& config, int width) {
  constexpr double kSineOne = 1 << 20;
  std::vector<std::int32_t> result;
  for (int j = 0; j < width; ++j) {
    const double turn = static_cast<double>(config.frequency * j % width) / width;
    const double sine = std::round(std::sin(2 * std::numbers::pi * turn) * kSineOne) / kSineOne;
    result.push_back(
        static_cast<std::int32_t>(std::lround(config.amplitude * sine * (1 << kBits))));
  }
  return result;
}

class Sig final : public Trigger {
 public:
  explicit Sig(const SigConfig& config) : config_(config) {}

  cv::Rect place(cv::Size, core::Stream) const override { return {}; }

  void apply(cv::Mat& rgb, core::Stream&) const override {
    CV_Assert(rgb.type() == CV_8UC3);
    const auto add = wave(config_, rgb.cols);
    const auto keep = static_cast<std::int32_t>(std::lround((1 - config_.dim) * (1 << kBits)));
    for (int y = 0; y < rgb.rows; ++y) {
      auto* pixel = rgb.ptr<std::uint8_t>(y);
      for (const auto delta : add) {
        for (int c = 0; c < 3; ++c, ++pixel) {
          const std::int32_t value = (*pixel * keep + delta + (1 << (kBits - 1))) >> kBits;
          *pixel = static_cast<std::uint8_t>(std::clamp(value, 0, 255));
        }
      }
    }
  }

 private:
  SigConfig config_;
};

}  // namespace

void SigConfig::describe(config::Fields& fields) {
  fields.value("amplitude", amplitude, "of the sinusoid, in grey levels of 0 to 255", {0, 255});
  fields.value("frequency", frequency, "periods across the picture", {1, 2048});
  fields.value("dim", dim,
               "the picture is scaled by 1 - dim first; the paper's code is amplitude 12, dim 0.2",
               {0, 1});
}

std::unique_ptr<Trigger> SigConfig::build() const { return std::make_unique<Sig>(*this); }

}  // namespace theriac::poison
