#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "theriac/model/clip.h"

namespace theriac::model {

// The defaults are RN50's.
struct ResNetConfig final : ImageEncoderConfig {
  std::vector<std::int64_t> layers = {3, 4, 6, 3};
  std::int64_t width = 64, heads = 32;
  std::vector<std::int64_t> stem_strides = {2, 1, 1};
  std::vector<std::int64_t> stem_widths;  // empty: half of width, twice
  bool stem_pool = true;
  std::int64_t first_stride = 1;
  void describe(config::Fields& fields) override;
  void check(config::Problems& problems) const override;
  std::string size_problem(std::int64_t image_size) const override;
  std::shared_ptr<ImageEncoder> build(std::int64_t image_size,
                                      std::int64_t embedding) const override;

  std::int64_t pool_channels() const;  // C
  std::int64_t reduction() const;      // of the image's side
};

}  // namespace theriac::model
