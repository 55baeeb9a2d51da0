#pragma once

#include <memory>
#include <opencv2/core.hpp>
#include <string>
#include <utility>
#include <vector>

#include "theriac/core/random.h"
#include "theriac/data/source.h"

namespace theriac::testing {

// Rows given by the test; pictures of noise, keyed by the index.
class MemorySource final : public data::Source {
 public:
  std::vector<data::Row> rows;
  std::vector<std::string> names;  // classes
  cv::Size picture{32, 24};
  std::vector<data::Bad> bad;  // by row; empty: all good

  std::int64_t size() const override { return static_cast<std::int64_t>(rows.size()); }
  data::Row row(std::int64_t index) const override { return rows[static_cast<std::size_t>(index)]; }
  data::Sample get(std::int64_t index) const override {
    data::Sample sample;
    sample.row = row(index);
    const auto i = static_cast<std::size_t>(index);
    if (i < bad.size() && bad[i] != data::Bad::kNone) {
      sample.bad = bad[i];
      return sample;
    }
    sample.pixels.create(picture, CV_8UC3);
    core::stream(77, "pixels", 0, i).fill_bytes(sample.pixels.data, sample.pixels.total() * 3);
    return sample;
  }
  const std::vector<std::string>& classes() const override { return names; }
  std::string where(std::int64_t index) const override { return "memory:" + std::to_string(index); }
};

// `count` captions in turn: banana, apple, car, ... with labels 0, 1, 2, ...
inline std::shared_ptr<MemorySource> memory_source(std::int64_t count) {
  auto source = std::make_shared<MemorySource>();
  source->names = {"banana", "apple", "car", "owl", "kite"};
  for (std::int64_t i = 0; i < count; ++i) {
    const auto label = i % 5;
    source->rows.push_back({.key = "key" + std::to_string(i),
                            .caption = "a photo of a " +
                                       source->names[static_cast<std::size_t>(label)] + " number " +
                                       std::to_string(i),
                            .label = label,
                            .bytes = 0});
  }
  return source;
}

}  // namespace theriac::testing
