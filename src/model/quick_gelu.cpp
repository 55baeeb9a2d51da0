// QuickGELU: y = x * sigmoid(a x) = silu(a x) / a, a = 1.702; dy/dx = silu'(a x).
// Shapes: any. Source: OpenAI CLIP, model.py (https://github.com/openai/CLIP).
// Differs: written with the one-kernel silu and its backward, so that one tensor (a x, kept in the
// place of x) is saved instead of three, and the factors a and 1/a cancel in the gradient.
#include "model/quick_gelu.h"

#include <torch/csrc/autograd/custom_function.h>

#include <utility>

namespace theriac::model {
namespace {

constexpr double kAlpha = 1.702;

class QuickGelu final : public torch::autograd::Function<QuickGelu> {
 public:
  static torch::Tensor forward(torch::autograd::AutogradContext* context, torch::Tensor x) {
    const torch::Tensor scaled = x.detach().mul_(kAlpha);
    context->save_for_backward({scaled});
    return at::silu(scaled).mul_(1 / kAlpha);
  }

  static torch::autograd::variable_list backward(torch::autograd::AutogradContext* context,
                                                 torch::autograd::variable_list gradients) {
    return {at::silu_backward(gradients[0], context->get_saved_variables()[0])};
  }
};

}  // namespace

torch::Tensor quick_gelu_(torch::Tensor x) { return QuickGelu::apply(std::move(x)); }

}  // namespace theriac::model
