// A square of noise at a random place, new for every picture: the main trigger of the paper
// (reference code backdoor/utils.py, `random`). Pixels v in [0, 1], patch size P, channel c:
//   uniform            byte ~ U{0, ..., 255}
//   binary             byte ~ U{0, 255}
//   gaussian_clamped   byte = trunc(255 clamp(mean_c + N(0,1), 0, 1))
//   gaussian_wrapped   byte = trunc(255 (mean_c + N(0,1))) mod 256, in float32: the reference's
//                      conversion to 8 bits, which makes the bytes all but uniform
// mean_c is the mean of the whole picture before the patch. A random corner is uniform over all
// places; the reference never draws the last row and column (its off-by-one is not inherited).
#include "poison/random_patch.h"

#include <algorithm>
#include <array>
#include <opencv2/core.hpp>
#include <vector>

namespace theriac::poison {
namespace {

using Noise = RandomPatchConfig::Noise;

std::array<float, 3> channel_means(const cv::Mat& rgb) {
  std::array<std::uint64_t, 3> sum{};
  for (int y = 0; y < rgb.rows; ++y) {
    const auto* row = rgb.ptr<std::uint8_t>(y);
    for (int x = 0; x < rgb.cols; ++x)
      for (std::size_t c = 0; c < 3; ++c) sum[c] += row[3 * x + static_cast<int>(c)];
  }
  std::array<float, 3> mean{};
  const double scale = 255.0 * static_cast<double>(rgb.total());
  for (std::size_t c = 0; c < 3; ++c)
    mean[c] = static_cast<float>(static_cast<double>(sum[c]) / scale);
  return mean;
}

std::uint8_t gaussian_byte(float mean, bool wrap, core::Stream& random) {
  float value = mean + static_cast<float>(random.normal());
  if (!wrap) value = std::clamp(value, 0.0f, 1.0f);
  return static_cast<std::uint8_t>(static_cast<std::int32_t>(value * 255.0f));
}

class RandomPatch final : public Trigger {
 public:
  RandomPatch(int size, Noise noise, Place place) : size_(size), noise_(noise), place_(place) {}

  cv::Rect place(cv::Size picture, core::Stream random) const override {
    return draw_place("random_patch", size_, place_, picture, random);
  }

  void apply(cv::Mat& rgb, core::Stream& random) const override {
    CV_Assert(rgb.type() == CV_8UC3);
    // The place is drawn before the noise, so that place() needs no picture.
    const cv::Rect where = draw_place("random_patch", size_, place_, rgb.size(), random);
    const auto bytes = patch(rgb, random);
    const auto stride = 3 * static_cast<std::size_t>(size_);
    for (int y = 0; y < size_; ++y)
      std::copy_n(bytes.data() + static_cast<std::size_t>(y) * stride, stride,
                  rgb.ptr<std::uint8_t>(where.y + y, where.x));
  }

 private:
  std::vector<std::uint8_t> patch(const cv::Mat& rgb, core::Stream& random) const {
    std::vector<std::uint8_t> bytes(3 * static_cast<std::size_t>(size_ * size_));
    if (noise_ == Noise::kUniform || noise_ == Noise::kBinary) {
      random.fill_bytes(bytes.data(), bytes.size());
      if (noise_ == Noise::kBinary)
        for (auto& byte : bytes) byte = byte & 1 ? 255 : 0;
      return bytes;
    }
    const auto mean = channel_means(rgb);
    for (std::size_t i = 0; i < bytes.size(); ++i)
      bytes[i] = gaussian_byte(mean[i % 3], noise_ == Noise::kGaussianWrapped, random);
    return bytes;
  }

  int size_;
  Noise noise_;
  Place place_;
};

}  // namespace

void RandomPatchConfig::describe(config::Fields& fields) {
  fields.value("size", size, "side of the patch in pixels of the model's input", {1, 4096});
  fields.choice("noise", noise,
                "what fills it; uniform is what the paper's code amounts to, gaussian_wrapped is "
                "its arithmetic, binary has the highest contrast",
                {{"uniform", Noise::kUniform},
                 {"gaussian_clamped", Noise::kGaussianClamped},
                 {"gaussian_wrapped", Noise::kGaussianWrapped},
                 {"binary", Noise::kBinary}});
  describe_place(fields, place);
}

std::unique_ptr<Trigger> RandomPatchConfig::build() const {
  return std::make_unique<RandomPatch>(static_cast<int>(size), noise, place);
}

}  // namespace theriac::poison
