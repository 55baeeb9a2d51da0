#pragma once

#include <memory>
#include <opencv2/core/mat.hpp>
#include <string>

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
  // Hash of what the settings only point to or stand for (a file, a field made from a seed); empty
  // where they say everything. Saved with the trigger, and checked when it is read back.
  virtual std::string content() const { return {}; }
};

config::Table<TriggerConfig>& table();

}  // namespace theriac::poison
