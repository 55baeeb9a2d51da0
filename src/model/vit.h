#pragma once

#include <cstdint>
#include <memory>
#include <string>

#include "theriac/model/clip.h"

namespace theriac::model {

// The defaults are ViT-B/32's.
struct VitConfig final : ImageEncoderConfig {
  std::int64_t width = 768, layers = 12, heads = 12, patch = 32;
  void describe(config::Fields& fields) override;
  void check(config::Problems& problems) const override;
  std::string size_problem(std::int64_t image_size) const override;
  std::shared_ptr<ImageEncoder> build(std::int64_t image_size,
                                      std::int64_t embedding) const override;
};

}  // namespace theriac::model
