#include <algorithm>
#include <exception>
#include <opencv2/core.hpp>

#include "theriac/testing/testing.h"

namespace theriac::testing {

namespace {

cv::Mat picture(int side) {
  cv::Mat rgb(side, side, CV_8UC3);
  core::stream(1, "picture").fill_bytes(rgb.data, rgb.total() * rgb.elemSize());
  return rgb;
}

bool equal(const cv::Mat& a, const cv::Mat& b) {
  return a.size() == b.size() && a.type() == b.type() && cv::norm(a, b, cv::NORM_INF) == 0;
}

void check_size(const std::string& name, const poison::Trigger& trigger, int side, Broken& broken) {
  const std::string where = name + " at " + std::to_string(side) + " px: ";
  const cv::Mat clean = picture(side);
  cv::Mat once = clean.clone(), again = clean.clone();
  core::Stream first(5), second(5);
  trigger.apply(once, first);
  trigger.apply(again, second);
  if (once.size() != clean.size() || once.type() != CV_8UC3) {
    broken.push_back(where + "the picture's size or type changed");
    return;
  }
  if (!equal(once, again)) broken.push_back(where + "two runs of one stream differ");
  if (equal(once, clean)) broken.push_back(where + "the picture did not change");

  const cv::Rect place = trigger.place(clean.size(), core::Stream(5));
  if (place.empty()) return;
  if ((place & cv::Rect({}, clean.size())) != place) {
    broken.push_back(where + "place() lies outside of the picture");
    return;
  }
  clean(place).copyTo(once(place));
  if (!equal(once, clean)) broken.push_back(where + "pixels outside of place() changed");
}

}  // namespace

Broken check_trigger(const config::Entry<poison::TriggerConfig>& entry) {
  const auto config = entry.make(), other = entry.make();
  Broken broken = check_settings(entry.name, *config, *other);
  try {
    const auto trigger = config->build();
    for (const int side : {32, 64, 224}) check_size(entry.name, *trigger, side, broken);
  } catch (const std::exception& error) {
    broken.push_back(entry.name + ": " + error.what());
  }
  return broken;
}

}  // namespace theriac::testing
