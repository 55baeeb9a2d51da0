// usage: exact_step CHECKPOINT INPUTS OUT: loss and gradients of one MMCL training step in float64.
// INPUTS: safetensors with images [B, 3, S, S], normalised, and tokens [B, T]; OUT gets `loss` and
// a tensor per parameter. scripts/golden/verify_training.py compares them with open_clip's.
#include <cstdio>

#include "theriac/checkpoint/checkpoint.h"
#include "theriac/checkpoint/safetensors.h"
#include "theriac/core/error.h"
#include "theriac/model/clip.h"
#include "theriac/train/config.h"

namespace theriac {
namespace {

void run(const std::filesystem::path& folder, const std::filesystem::path& inputs,
         const std::filesystem::path& out) {
  const auto loaded = checkpoint::load(folder, false);
  const auto clip = checkpoint::make_model(loaded.card);
  checkpoint::load_state_dict(*clip, loaded.model);
  clip->to(torch::kFloat64);
  clip->train();
  const auto given = checkpoint::load_tensors(inputs).tensors;
  objective::Objective mmcl(train::TrainConfig().objective);
  const auto unit = [](const torch::Tensor& x) { return x / x.norm(2, 1, true); };
  const auto loss =
      mmcl({.image_BD = unit(clip->encode_image(given.at("images").to(torch::kFloat64))),
            .text_BD = unit(clip->encode_text(given.at("tokens"))),
            .augmented_image_BD = {},
            .augmented_text_BD = {},
            .logit_scale = clip->logit_scale().exp()})
          .total;
  loss.backward();
  checkpoint::TensorFile result;
  result.tensors.emplace("loss", loss.detach());
  for (const auto& item : clip->named_parameters())
    result.tensors.emplace(item.key(), item.value().grad());
  checkpoint::save_tensors(out, result);
}

}  // namespace
}  // namespace theriac

int main(int argc, char** argv) try {
  if (argc != 4) return std::fputs("usage: exact_step CHECKPOINT INPUTS OUT\n", stderr), 2;
  theriac::run(argv[1], argv[2], argv[3]);
  return 0;
} catch (const theriac::Error& error) {
  return std::fprintf(stderr, "%s\n", error.what()), 2;
}
