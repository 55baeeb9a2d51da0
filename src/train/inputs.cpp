// From the loader's batch to unit embeddings. All views of a step share one forward pass, as in the
// paper: batch norm sees a half-augmented batch (paper.md 2.10, 12.6).
//   e = f(x) / |f(x)|, without an epsilon (paper.md 2.9)
// Axes: V views (plain, augmented), B pairs, H W C picture, T tokens, D embedding.
#include "train/inputs.h"

#include <algorithm>

#include "theriac/loader/loader.h"
#include "theriac/model/precision.h"

namespace theriac::train {

namespace {

torch::Tensor stack(std::vector<torch::Tensor> views, torch::Device device) {
  auto tensor = views.size() == 1 ? views[0].unsqueeze(0) : torch::stack(views);
  if (device.is_cuda()) tensor = tensor.pin_memory();
  return tensor.to(device, /*non_blocking=*/true);
}

torch::Tensor normalised(const torch::Tensor& raw_BD) {
  const auto e_BD = raw_BD.scalar_type() == torch::kDouble ? raw_BD : raw_BD.to(torch::kFloat32);
  return e_BD / e_BD.norm(2, /*dim=*/1, /*keepdim=*/true);
}

}  // namespace

Inputs Inputs::rows(std::int64_t begin, std::int64_t end) const {
  return {views, image_VBHWC.slice(1, begin, end), tokens_VBT.slice(1, begin, end)};
}

Inputs to_device(const loader::Batch& batch, loader::Views views, std::int64_t pad_id,
                 torch::Device device) {
  std::vector<torch::Tensor> images, tokens;
  if (views.plain) {
    images.push_back(batch.image);
    tokens.push_back(batch.tokens);
  }
  if (views.augmented) {
    images.push_back(batch.augmented_image);
    tokens.push_back(batch.augmented_tokens);
  }
  std::int64_t longest = 0;
  for (const auto& view_BT : tokens) longest = std::max(longest, view_BT.size(1));
  for (auto& view_BT : tokens)
    view_BT = torch::constant_pad_nd(view_BT, {0, longest - view_BT.size(1)}, pad_id);
  return {views, stack(images, device), stack(tokens, device)};
}

objective::Embeddings embed(model::Clip& model, const Inputs& inputs, Precision precision) {
  const auto dtype = model.logit_scale().scalar_type();
  const bool bf16 = precision == Precision::kBf16;
  torch::Tensor image_ND, text_ND;
  {
    const model::Autocast autocast(inputs.image_VBHWC.device(), torch::kBFloat16, bf16);
    const auto image_NCHW = loader::normalise(inputs.image_VBHWC.flatten(0, 1), dtype);
    image_ND = model.encode_image(image_NCHW);
    text_ND = model.encode_text(inputs.tokens_VBT.flatten(0, 1));
  }
  const auto image = normalised(image_ND).chunk(inputs.image_VBHWC.size(0));
  const auto text = normalised(text_ND).chunk(inputs.image_VBHWC.size(0));
  objective::Embeddings result;
  if (inputs.views.plain) {
    result.image_BD = image.front();
    result.text_BD = text.front();
  }
  if (inputs.views.augmented) {
    result.augmented_image_BD = image.back();
    result.augmented_text_BD = text.back();
  }
  return result;
}

}  // namespace theriac::train
