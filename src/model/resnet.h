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
  void describe(config::Fields& fields) override;
  void check(config::Problems& problems) const override;
  std::string size_problem(std::int64_t image_size) const override;
  std::shared_ptr<ImageEncoder> build(std::int64_t image_size,
                                      std::int64_t embedding) const override;
};

}  // namespace theriac::model
