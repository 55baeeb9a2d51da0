// From the loader's batch to unit embeddings. All views of a step share one forward pass, as in the
// paper: batch norm sees a half-augmented batch (paper.md 2.10, 12.6).
//   e = f(x) / |f(x)|, without an epsilon (paper.md 2.9)
// Axes: V pictures and W captions of a pair (its views), B pairs, H W C picture, T tokens, D
// embedding.
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

torch::Tensor at_least_fp32(const torch::Tensor& raw_BD) {
  return raw_BD.scalar_type() == torch::kDouble ? raw_BD : raw_BD.to(torch::kFloat32);
}

torch::Tensor normalised(const torch::Tensor& raw_BD) {
  const auto e_BD = at_least_fp32(raw_BD);
  return e_BD / e_BD.norm(2, /*dim=*/1, /*keepdim=*/true);
}

torch::Tensor raw_images(model::Clip& model, const torch::Tensor& image_NHWC, Precision precision) {
  const model::Autocast autocast(image_NHWC.device(), torch::kBFloat16,
                                 precision == Precision::kBf16);
  return at_least_fp32(
      model.encode_image(loader::normalise(image_NHWC, model.logit_scale().scalar_type())));
}

}  // namespace

Inputs Inputs::rows(std::int64_t begin, std::int64_t end) const {
  const auto cut = [&](const torch::Tensor& tensor, std::int64_t axis) {
    return tensor.defined() ? tensor.slice(axis, begin, end) : tensor;
  };
  return {views, cut(image_VBHWC, 1), cut(tokens_WBT, 1), cut(index_B, 0)};
}

Inputs to_device(const loader::Batch& batch, loader::Views views, std::int64_t pad_id,
                 torch::Device device) {
  std::vector<torch::Tensor> images, tokens;
  if (views.image()) images.push_back(batch.image);
  if (views.plain) tokens.push_back(batch.tokens);
  if (views.augmented_image()) images.push_back(batch.augmented_image);
  if (views.two_images) images.push_back(batch.augmented2_image);
  if (views.augmented) tokens.push_back(batch.augmented_tokens);
  std::int64_t longest = 0;
  for (const auto& view_BT : tokens) longest = std::max(longest, view_BT.size(1));
  for (auto& view_BT : tokens)
    view_BT = torch::constant_pad_nd(view_BT, {0, longest - view_BT.size(1)}, pad_id);
  return {views, stack(images, device), tokens.empty() ? torch::Tensor() : stack(tokens, device),
          torch::tensor(batch.indices, torch::kLong)};
}

torch::Tensor embed_images(model::Clip& model, const torch::Tensor& image_NHWC,
                           Precision precision) {
  return normalised(raw_images(model, image_NHWC, precision));
}

torch::Tensor embed_captions(model::Clip& model, const torch::Tensor& tokens_NT,
                             Precision precision) {
  torch::Tensor raw_ND;
  {
    const model::Autocast autocast(tokens_NT.device(), torch::kBFloat16,
                                   precision == Precision::kBf16);
    raw_ND = model.encode_text(tokens_NT);
  }
  return normalised(raw_ND);
}

objective::Embeddings embed(model::Clip& model, const Inputs& inputs, Precision precision) {
  const auto views = inputs.views;
  const auto raw_ND = raw_images(model, inputs.image_VBHWC.flatten(0, 1), precision);
  const auto image = normalised(raw_ND).chunk(views.images());
  std::vector<torch::Tensor> text;
  if (inputs.tokens_WBT.defined())
    text =
        embed_captions(model, inputs.tokens_WBT.flatten(0, 1), precision).chunk(views.captions());
  objective::Embeddings result;
  if (views.image()) result.image_BD = image.front();
  if (views.plain_image) result.raw_image_BD = raw_ND.chunk(views.images()).front();
  if (views.plain) result.text_BD = text.front();
  if (views.augmented) result.augmented_text_BD = text.back();
  if (views.augmented_image()) result.augmented_image_BD = image[views.image() ? 1 : 0];
  if (views.two_images) result.augmented2_image_BD = image.back();
  return result;
}

}  // namespace theriac::train
