// One view of SimCLR (Chen et al., ICML 2020) as SLIP makes it with torchvision: random resized
// crop (area uniform from crop_min_area to 1, ratio log-uniform from 3/4 to 4/3, bilinear), colour
// jitter in random order, grey, blur, flip. Pillow's arithmetic. The crop is taken from the picture
// at the model's input size, not from the file.
#include <array>
#include <cmath>

#include "loader/operations.h"
#include "loader/views.h"

namespace theriac::loader {
namespace {

class SimClr final : public View {
 public:
  explicit SimClr(const SimClrConfig& config) : config_(config) {}

  std::vector<Step> draw(cv::Size picture, core::Stream& random) const override {
    std::vector<Step> steps;
    const auto crop = rectangle(picture, random);
    if (crop != cv::Rect({}, picture))
      add(steps, "crop", {1.0 * crop.x, 1.0 * crop.y, 1.0 * crop.width, 1.0 * crop.height});
    if (random.chance(config_.jitter)) jitter(steps, random);
    if (random.chance(config_.grey)) add(steps, "grey", {});
    if (random.chance(config_.blur))
      add(steps, "blur", {random.uniform(config_.blur_min, config_.blur_max)});
    if (random.chance(config_.flip)) add(steps, "flip", {});
    return steps;
  }

 private:
  static void add(std::vector<Step>& steps, std::string_view name, std::vector<double> values) {
    steps.push_back({&operation(name), std::move(values)});
  }

  // Ten tries, then the whole picture.
  cv::Rect rectangle(cv::Size picture, core::Stream& random) const {
    for (int i = 0; i < 10; ++i) {
      const double area = picture.area() * random.uniform(config_.crop_min_area, 1);
      const double ratio = std::exp(random.uniform(std::log(3.0 / 4), std::log(4.0 / 3)));
      const int width = static_cast<int>(std::nearbyint(std::sqrt(area * ratio)));
      const int height = static_cast<int>(std::nearbyint(std::sqrt(area / ratio)));
      if (width < 1 || height < 1 || width > picture.width || height > picture.height) continue;
      const auto from = [&](int room) {
        return static_cast<int>(random.below(static_cast<std::uint64_t>(room) + 1));
      };
      const int top = from(picture.height - height);
      return {from(picture.width - width), top, width, height};
    }
    return {{}, picture};
  }

  void jitter(std::vector<Step>& steps, core::Stream& random) const {
    const auto factor = [&](double range) { return random.uniform(1 - range, 1 + range); };
    std::vector<std::pair<const char*, double>> parts{
        {"brightness", factor(config_.brightness)},
        {"contrast", factor(config_.contrast)},
        {"color", factor(config_.saturation)},
        {"hue", random.uniform(-config_.hue, config_.hue)}};
    random.shuffle(parts);
    for (const auto& [name, value] : parts) add(steps, name, {value});
  }

  const SimClrConfig config_;
};

}  // namespace

void SimClrConfig::describe(config::Fields& fields) {
  fields.value("crop_min_area", crop_min_area,
               "smallest area of the random crop as a share of the picture's", {0.001, 1});
  fields.value("jitter", jitter, "probability of the colour jitter", {0, 1});
  fields.value("brightness", brightness, "factor uniform in 1 +- this", {0, 1});
  fields.value("contrast", contrast, "factor uniform in 1 +- this", {0, 1});
  fields.value("saturation", saturation, "factor uniform in 1 +- this", {0, 1});
  fields.value("hue", hue, "turns of the colour circle, uniform in +- this", {0, 0.5});
  fields.value("grey", grey, "probability of losing the colours", {0, 1});
  fields.value("blur", blur, "probability of a Gaussian blur", {0, 1});
  fields.value("blur_min", blur_min, "smallest standard deviation of the blur, in pixels",
               {0.01, 100});
  fields.value("blur_max", blur_max, "largest standard deviation of the blur, in pixels",
               {0.01, 100});
  fields.value("flip", flip, "probability of a horizontal flip", {0, 1});
}

void SimClrConfig::check(config::Problems& problems) const {
  if (blur_min > blur_max) problems.add("blur_min", "is larger than blur_max");
}

std::unique_ptr<View> SimClrConfig::build() const { return std::make_unique<SimClr>(*this); }

}  // namespace theriac::loader
