// Floating-point operations of one forward pass, counted where they happen: every matrix product,
// convolution and attention that one picture and one caption need. Two operations
// per multiply-add; what is linear in the activations (norms, ReLU, pooling) is left out.
// Check: RN50 5.37 (convolutions) + 0.03 (pool, one query) + 2.98 GMAC (paper: 5.37, 0.74, 2.98).
#include <ATen/record_function.h>

#include <algorithm>
#include <functional>
#include <string_view>

#include "theriac/model/clip.h"

namespace theriac::model {
namespace {

thread_local double counted = 0;

double elements(const at::Tensor& x) { return static_cast<double>(x.numel()); }

// Rows of `a` times its inner dimension times the columns of `b`.
double product(const at::Tensor& a, const at::Tensor& b) {
  return elements(a) * static_cast<double>(b.size(-1));
}

double convolution(c10::ArrayRef<const c10::IValue> in) {
  const auto x = in[0].toTensor(), weight = in[1].toTensor();
  const auto stride = in[3].toIntVector(), padding = in[4].toIntVector();
  double places = static_cast<double>(x.size(0));
  for (std::int64_t d = 2; d < x.dim(); ++d) {  // one stride and padding may stand for all sides
    const auto i = static_cast<std::size_t>(d - 2);
    const auto step = stride[std::min(i, stride.size() - 1)];
    const auto border = padding[std::min(i, padding.size() - 1)];
    places *= static_cast<double>((x.size(d) + 2 * border - weight.size(d)) / step + 1);
  }
  return places * elements(weight);
}

std::unique_ptr<at::ObserverContext> on_operator(const at::RecordFunction& function) {
  const std::string_view name = function.name();
  const auto in = function.inputs();
  double multiply_adds = 0;
  if (name == "aten::mm" || name == "aten::bmm")
    multiply_adds = product(in[0].toTensor(), in[1].toTensor());
  else if (name == "aten::addmm" || name == "aten::baddbmm")
    multiply_adds = product(in[1].toTensor(), in[2].toTensor());
  else if (name == "aten::convolution")
    multiply_adds = convolution(in);
  else if (name == "aten::scaled_dot_product_attention")  // scores, then their sum of values
    multiply_adds = product(in[0].toTensor(), in[1].toTensor().transpose(-1, -2)) +
                    product(in[0].toTensor(), in[1].toTensor().transpose(-1, -2));
  counted += 2 * multiply_adds;
  return nullptr;
}

double count(const std::function<void()>& work) {
  const torch::NoGradGuard no_grad;
  counted = 0;
  const auto handle = at::addThreadLocalCallback(at::RecordFunctionCallback(on_operator)
                                                     .needsInputs(true)
                                                     .scopes({at::RecordScope::FUNCTION}));
  try {
    work();
  } catch (...) {
    at::removeCallback(handle);
    throw;
  }
  at::removeCallback(handle);
  return counted;
}

}  // namespace

ForwardFlops forward_flops(Clip& clip, std::int64_t tokens) {
  const auto size = clip.image_size();
  auto caption = torch::zeros({1, tokens}, torch::kLong);
  caption[0][tokens - 1] = clip.end_id();
  clip.eval();
  return {count([&] {
            clip.encode_image(torch::zeros({1, 3, size, size}));
          }),
          count([&] { clip.encode_text(caption); })};
}

}  // namespace theriac::model
