#pragma once

#include <map>
#include <memory>
#include <mutex>
#include <opencv2/core/types.hpp>
#include <utility>

namespace theriac::poison {

// A value that is made once for each size of picture, by whichever thread asks first.
template <class T>
class PerSize {
 public:
  template <class Make>
  std::shared_ptr<const T> get(cv::Size size, const Make& make) const {
    const std::scoped_lock lock(mutex_);
    auto& value = values_[{size.width, size.height}];
    if (!value) value = std::make_shared<const T>(make(size));
    return value;
  }

 private:
  mutable std::mutex mutex_;
  mutable std::map<std::pair<int, int>, std::shared_ptr<const T>> values_;
};

}  // namespace theriac::poison
