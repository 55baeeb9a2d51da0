#include <torch/nn/module.h>
#include <torch/types.h>

#include <algorithm>
#include <sstream>

#include "theriac/checkpoint/checkpoint.h"
#include "theriac/core/error.h"

namespace theriac::checkpoint {
namespace {

constexpr std::size_t kListed = 10;

void report(std::string& message, const char* what, const std::vector<std::string>& names) {
  if (names.empty()) return;
  message += "\n  " + std::to_string(names.size()) + " " + what + ":";
  for (std::size_t i = 0; i < std::min(names.size(), kListed); ++i) message += " " + names[i];
  if (names.size() > kListed) message += " ...";
}

std::string shape_text(const torch::Tensor& tensor) {
  std::ostringstream out;
  out << tensor.sizes();
  return out.str();
}

}  // namespace

std::map<std::string, torch::Tensor> state_dict(const torch::nn::Module& module) {
  std::map<std::string, torch::Tensor> result;
  for (const auto& item : module.named_parameters()) result.emplace(item.key(), item->detach());
  for (const auto& item : module.named_buffers()) result.emplace(item.key(), item->detach());
  return result;
}

void load_state_dict(torch::nn::Module& module,
                     const std::map<std::string, torch::Tensor>& tensors) {
  auto target = state_dict(module);
  std::vector<std::string> missing, unexpected, different;
  for (const auto& [name, tensor] : target) {
    const auto found = tensors.find(name);
    if (found == tensors.end())
      missing.push_back(name);
    else if (found->second.sizes() != tensor.sizes())
      different.push_back(name + " (" + shape_text(found->second) + ", expected " +
                          shape_text(tensor) + ")");
  }
  for (const auto& [name, tensor] : tensors)
    if (!target.count(name)) unexpected.push_back(name);
  std::string message;
  report(message, "missing", missing);
  report(message, "unexpected", unexpected);
  report(message, "of another shape", different);
  if (!message.empty()) throw Error("checkpoint: the weights are not this model's:" + message);
  torch::NoGradGuard no_grad;
  for (auto& [name, tensor] : target) tensor.copy_(tensors.at(name));
}

}  // namespace theriac::checkpoint
