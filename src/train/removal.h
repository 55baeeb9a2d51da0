#pragma once

#include <torch/types.h>

#include <cstdint>
#include <vector>

#include "theriac/loader/loader.h"
#include "theriac/train/config.h"

namespace theriac::train {

// Which pairs of the training data have been taken out, and when.
class Removal {
 public:
  Removal(const RemoveConfig& config, loader::Dataset data);

  // Takes the due share out of what is still there: `rows` are the usable rows of it and
  // `similarity` [rows] their cosines. Unusable rows go last. Error when a cosine is not finite.
  void choose(std::int64_t epoch, const std::vector<std::int64_t>& rows,
              const torch::Tensor& similarity);
  std::vector<std::int64_t> kept() const;  // rows of the source
  std::int64_t removed() const;
  std::int64_t poisoned() const;  // of the removed ones, by the poison plan
  // int32 [N] by row: 0 = kept, else the epoch (from 1) it was removed before. All that a resumed
  // run needs.
  torch::Tensor& state() { return before_N_; }

 private:
  RemoveConfig config_;
  loader::Dataset data_;
  torch::Tensor before_N_;
};

}  // namespace theriac::train
