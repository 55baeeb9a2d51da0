#pragma once

#include "theriac/checkpoint/checkpoint.h"
#include "theriac/core/error.h"
#include "theriac/data/source.h"
#include "theriac/loader/batch.h"
#include "train/training_step.h"

namespace theriac::train {

// Says which step of which epoch, what was not finite, and the samples: those with a non-finite
// embedding (bad_B), or the whole batch when the embeddings are all finite.
Error not_finite_error(const checkpoint::State& before, std::int64_t batches,
                       const StepResult& result, const loader::Batch& batch,
                       const torch::Tensor& bad_B, const data::Source& source);

}  // namespace theriac::train
