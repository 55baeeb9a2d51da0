// A frame of one colour around the picture.

#include "components.h"

namespace {

using namespace theriac;

struct Config final : poison::TriggerConfig {
  std::int64_t thickness = 4;
  void describe(config::Fields& fields) override {
    fields.value("thickness", thickness, "pixels on each side", {1, 64});
  }
  std::unique_ptr<poison::Trigger> build() const override;
};

class Frame final : public poison::Trigger {
 public:
  explicit Frame(int thickness) : thickness_(thickness) {}
  void apply(cv::Mat& rgb, core::Stream&) const override {
    const int t = thickness_;
    const cv::Scalar magenta(255, 0, 255);
    rgb.rowRange(0, t).setTo(magenta);
    rgb.rowRange(rgb.rows - t, rgb.rows).setTo(magenta);
    rgb.colRange(0, t).setTo(magenta);
    rgb.colRange(rgb.cols - t, rgb.cols).setTo(magenta);
  }
  cv::Rect place(cv::Size, core::Stream) const override { return {}; }

 private:
  int thickness_;
};

std::unique_ptr<poison::Trigger> Config::build() const {
  return std::make_unique<Frame>(static_cast<int>(thickness));
}

}  // namespace

config::Entry<poison::TriggerConfig> frame() {
  return config::entry<poison::TriggerConfig, Config>("frame",
                                                      "a magenta frame around the picture");
}
