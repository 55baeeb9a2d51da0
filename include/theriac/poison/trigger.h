#pragma once

#include <memory>
#include <opencv2/core/mat.hpp>

#include "theriac/config/fields.h"
#include "theriac/core/random.h"

namespace theriac::poison {

// Changes a picture in place (CV_8UC3, RGB, at the model's input size) so that the model can see
// that it is triggered. Pure: the result depends on the pixels and on the stream only. No torch.
class Trigger {
 public:
  virtual ~Trigger() = default;
  virtual void apply(cv::Mat& rgb, core::Stream& random) const = 0;
  // Where the last-drawn mark lies for this stream, for showing and for survival counts; an empty
  // rectangle means the whole picture.
  virtual cv::Rect place(cv::Size picture, core::Stream random) const = 0;
};

class TriggerConfig : public config::Section {
 public:
  virtual std::unique_ptr<Trigger> build() const = 0;
};

config::Table<TriggerConfig>& table();  // random_patch

}  // namespace theriac::poison
