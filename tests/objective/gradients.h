#pragma once

#include <algorithm>
#include <cmath>
#include <string>
#include <vector>

#include "objective/random_embeddings.h"
#include "theriac/config/document.h"

namespace theriac::objective {

inline config::Choice<TermConfig> term(const std::string& type,
                                       const std::string& settings = "{}") {
  config::Choice<TermConfig> choice(&table, type);
  config::read(config::Document::parse(settings, "test"), *choice.section());
  return choice;
}

inline double value(const config::Choice<TermConfig>& choice, const Embeddings& embeddings) {
  return (*choice->build())(embeddings).total.item<double>();
}

inline std::vector<std::string> settings_problems(const std::string& type,
                                                  const std::string& settings) {
  const config::Choice<TermConfig> choice(&table, type);
  return config::problems(config::Document::parse(settings, "test"), *choice.section());
}

// The largest |analytic - numeric| over every element of every view, of the logit scale and of the
// term's own parameters, which become fp64.
inline double worst_gradient_error(Term& term) {
  auto e = random_embeddings(4, 3, 4);
  const auto t = torch::tensor(0.7, torch::kDouble).requires_grad_();
  std::vector<torch::Tensor> inputs = {e.image_BD,          e.text_BD, e.augmented_image_BD,
                                       e.augmented_text_BD, t,         e.augmented2_image_BD,
                                       e.raw_image_BD};
  const auto loss = [&] {
    e.logit_scale = t.exp();
    return term(e).total;
  };
  for (auto& input : inputs) input.requires_grad_();
  for (auto& own : term.parameters()) {
    own.second.set_data(own.second.detach().to(torch::kDouble));
    inputs.push_back(own.second);
  }
  loss().backward();
  double worst = 0;
  const torch::NoGradGuard no_grad;
  for (auto& input : inputs) {
    double* x = input.data_ptr<double>();
    for (std::int64_t i = 0; i < input.numel(); ++i) {
      constexpr double kStep = 1e-6;
      const double before = x[i];
      x[i] = before + kStep;
      const double high = loss().item<double>();
      x[i] = before - kStep;
      const double low = loss().item<double>();
      x[i] = before;
      const double analytic = input.grad().defined() ? input.grad().flatten()[i].item<double>() : 0;
      worst = std::max(worst, std::abs(analytic - (high - low) / (2 * kStep)));
    }
  }
  return worst;
}

}  // namespace theriac::objective
