// Batches for the model. Normalisation: y = (x / 255 - mean) / std per channel, computed as
// y = x * scale + bias in float32 (within 1e-6 of the division).
#include <algorithm>
#include <array>

#include "theriac/loader/loader.h"

namespace theriac::loader {
namespace {

// CLIP's (github.com/openai/CLIP, clip.py).
constexpr std::array<double, 3> kMean{0.48145466, 0.4578275, 0.40821073};
constexpr std::array<double, 3> kStd{0.26862954, 0.26130258, 0.27577711};

constexpr float scale(std::size_t c) { return static_cast<float>(1 / (255 * kStd[c])); }
constexpr float bias(std::size_t c) { return static_cast<float>(-kMean[c] / kStd[c]); }

// Sixteen pixels at a time: a loop of fixed length is one that the compiler makes vectors of.
constexpr std::size_t kBlock = 48;
constexpr auto repeated(float (*value)(std::size_t)) {
  std::array<float, kBlock> result{};
  for (std::size_t i = 0; i < kBlock; ++i) result[i] = value(i % 3);
  return result;
}

void normalise_bytes(const std::uint8_t* __restrict in, std::int64_t count, float* __restrict out) {
  constexpr auto kScale = repeated(scale), kBias = repeated(bias);
  for (; count >= static_cast<std::int64_t>(kBlock); count -= kBlock, in += kBlock, out += kBlock)
    for (std::size_t i = 0; i < kBlock; ++i)
      out[i] = static_cast<float>(in[i]) * kScale[i] + kBias[i];
  for (std::size_t i = 0; i < static_cast<std::size_t>(count); ++i)
    out[i] = static_cast<float>(in[i]) * kScale[i] + kBias[i];
}

torch::Tensor on_cpu(const torch::Tensor& images) {
  const auto in = images.contiguous();
  const auto result = torch::empty({in.size(0), in.size(1), in.size(2), 3}, torch::kFloat32);
  normalise_bytes(in.const_data_ptr<std::uint8_t>(), in.numel(), result.mutable_data_ptr<float>());
  return result.permute({0, 3, 1, 2});
}

torch::Tensor on_device(const torch::Tensor& images) {
  const auto row = [&](float (*value)(std::size_t)) {
    return torch::tensor({value(0), value(1), value(2)}, torch::kFloat32)
        .view({1, 3, 1, 1})
        .to(images.device());
  };
  return torch::addcmul(row(bias), images.permute({0, 3, 1, 2}).to(torch::kFloat32), row(scale));
}

}  // namespace

torch::Tensor normalise(const torch::Tensor& images, torch::Dtype dtype) {
  TORCH_CHECK(images.dim() == 4 && images.size(3) == 3 && images.dtype() == torch::kUInt8,
              "normalise: expected uint8 [B, S, S, 3]");
  return (images.is_cpu() ? on_cpu(images) : on_device(images)).to(dtype);
}

torch::Tensor collate_tokens(const std::vector<std::vector<std::int32_t>>& ids, int pad_id) {
  std::size_t longest = 0;
  for (const auto& text : ids) longest = std::max(longest, text.size());
  const auto result =
      torch::full({static_cast<std::int64_t>(ids.size()), static_cast<std::int64_t>(longest)},
                  pad_id, torch::kInt64);
  auto* row = result.mutable_data_ptr<std::int64_t>();
  for (const auto& text : ids) {
    std::copy(text.begin(), text.end(), row);
    row += longest;
  }
  return result;
}

}  // namespace theriac::loader
