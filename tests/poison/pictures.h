#pragma once

#include <gtest/gtest.h>

#include <memory>
#include <opencv2/core.hpp>
#include <string>

#include "core/message.h"
#include "theriac/config/document.h"
#include "theriac/core/error.h"
#include "theriac/core/hash.h"
#include "theriac/core/random.h"
#include "theriac/poison/trigger.h"

namespace theriac::testing {

inline cv::Mat noise(cv::Size size, std::uint64_t key = 5) {
  cv::Mat picture(size, CV_8UC3);
  core::Stream(key).fill_bytes(picture.data, picture.total() * 3);
  return picture;
}

inline std::string bytes(const cv::Mat& picture) {
  EXPECT_TRUE(picture.isContinuous());
  return {reinterpret_cast<const char*>(picture.data), picture.total() * picture.elemSize()};
}

inline std::unique_ptr<poison::TriggerConfig> settings(const std::string& type,
                                                       const std::string& yaml) {
  auto config = poison::table().find(type)->make();
  config::read(config::Document::parse(yaml, "test"), *config);
  return config;
}

inline std::unique_ptr<poison::Trigger> trigger(const std::string& type, const std::string& yaml) {
  return settings(type, yaml)->build();
}

inline cv::Mat applied(const poison::Trigger& trigger, const cv::Mat& picture,
                       std::uint64_t key = 1) {
  cv::Mat result = picture.clone();
  core::Stream random(key);
  trigger.apply(result, random);
  return result;
}

// 16 digits of what the trigger makes of a 32 x 32 picture of noise.
inline std::string fingerprint(const std::string& type, const std::string& yaml) {
  return core::sha256(bytes(applied(*trigger(type, yaml), noise({32, 32}), 11))).substr(0, 16);
}

}  // namespace theriac::testing
