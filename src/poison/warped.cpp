// The whole picture slightly warped, by one field for all pictures (WaNet); see warp_field.cpp.
// The reference's k = 224 makes it a jitter of each pixel by 0.3 px in the mean, 0.6 px at most;
// the original's smooth warp is k = 4, s = 0.5. WaNet's noise mode is used by no CLIP code.
#include "poison/warped.h"

#include <opencv2/core.hpp>

#include "poison/per_size.h"
#include "poison/warp_field.h"
#include "theriac/core/hash.h"

namespace theriac::poison {
namespace {

WarpField field_of(const WarpedConfig& config) {
  return make_warp_field(static_cast<int>(config.grid), static_cast<std::uint64_t>(config.seed));
}

class Warped final : public Trigger {
 public:
  explicit Warped(const WarpedConfig& config)
      : field_(field_of(config)), strength_(config.strength) {}

  cv::Rect place(cv::Size, core::Stream) const override { return {}; }

  void apply(cv::Mat& rgb, core::Stream&) const override {
    warp(rgb, *taps_.get(rgb.size(), [this](cv::Size size) {
      return make_warp_taps(field_, strength_, size);
    }));
  }

 private:
  WarpField field_;
  double strength_;
  PerSize<std::vector<WarpTap>> taps_;
};

}  // namespace

void WarpedConfig::describe(config::Fields& fields) {
  fields.value("grid", grid,
               "side of the grid of random displacements (WaNet's k): 224 jitters each pixel, as "
               "the paper's code; 4 is WaNet's smooth warp",
               {1, 1024});
  fields.value("strength", strength,
               "mean displacement at the grid's points, in half pixels (WaNet's s; 0.5 there)",
               {0, 100});
  fields.value("seed", seed, "seed of the displacements, the same in every picture", {0, 9e15});
}

std::unique_ptr<Trigger> WarpedConfig::build() const { return std::make_unique<Warped>(*this); }

std::string WarpedConfig::content() const {
  const auto field = field_of(*this);
  const auto* bytes = reinterpret_cast<const char*>(field.values.data());
  return core::sha256({bytes, field.values.size() * sizeof(float)}).substr(0, 16);
}

}  // namespace theriac::poison
