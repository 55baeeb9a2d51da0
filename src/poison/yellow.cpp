// A yellow square, R = G = 255, B = 0 (reference code backdoor/utils.py, `yellow`):
//   x' = (1 - alpha) x + alpha yellow inside the square.
#include "poison/yellow.h"

#include <opencv2/core.hpp>

#include "poison/blend.h"

namespace theriac::poison {
namespace {

class Yellow final : public Trigger {
 public:
  explicit Yellow(const YellowConfig& config) : config_(config) {}

  cv::Rect place(cv::Size picture, core::Stream random) const override {
    return draw_place("yellow", static_cast<int>(config_.size), config_.place, picture, random);
  }

  void apply(cv::Mat& rgb, core::Stream& random) const override {
    const cv::Rect where = place(rgb.size(), random);
    blend(rgb(where), cv::Mat(where.size(), CV_8UC3, cv::Scalar(255, 255, 0)), config_.alpha);
  }

 private:
  YellowConfig config_;
};

}  // namespace

void YellowConfig::describe(config::Fields& fields) {
  fields.value("size", size, "side of the patch in pixels of the model's input", {1, 4096});
  describe_place(fields, place);
  fields.value("alpha", alpha, "opacity of the patch", {0, 1});
}

std::unique_ptr<Trigger> YellowConfig::build() const { return std::make_unique<Yellow>(*this); }

}  // namespace theriac::poison
