// The weighted sum of terms, L = sum_k w_k L_k (not divided by the number of terms), and the clamp
// of the logit scale: t in [0, ln 100] after every step (CLIP; paper.md 2.8).
#include <algorithm>
#include <cmath>
#include <stdexcept>

#include "theriac/core/random.h"
#include "theriac/model/clip.h"
#include "theriac/objective/term.h"

namespace theriac::objective {

namespace {

// "mmcl", then "mmcl_2": two terms of one kind stay apart in logs.
std::string distinct(const Losses& losses, const std::string& name) {
  const auto taken = [&](const std::string& candidate) {
    return std::any_of(losses.parts.begin(), losses.parts.end(),
                       [&](const auto& part) { return part.first == candidate; });
  };
  std::string result = name;
  for (int i = 2; taken(result); ++i) result = name + "_" + std::to_string(i);
  return result;
}

std::string name_of(std::size_t term) { return "objective." + std::to_string(term); }

}  // namespace

Objective::Objective(const std::vector<config::Choice<TermConfig>>& terms) {
  if (terms.empty()) throw std::logic_error("objective: no terms");
  for (const auto& term : terms) terms_.push_back(term->build());
}

loader::Views Objective::views() const {
  loader::Views views{.plain = false};
  for (const auto& term : terms_) views = views | term->views();
  return views;
}

Losses Objective::operator()(const Embeddings& embeddings) {
  Losses sum;
  for (const auto& term : terms_) {
    const Losses losses = (*term)(embeddings);
    sum.total = sum.total.defined() ? sum.total + losses.total : losses.total;
    for (const auto& [name, value] : losses.parts)
      sum.parts.emplace_back(distinct(sum, name), value);
  }
  return sum;
}

void Objective::begin(const Setup& setup) {
  auto own = setup;
  for (std::size_t i = 0; i < terms_.size(); ++i) {
    own.seed = core::derive_seed(setup.seed, name_of(i));
    terms_[i]->begin(own);
  }
}

void Objective::before_epoch(const Epoch& epoch) {
  for (const auto& term : terms_) term->before_epoch(epoch);
}

void Objective::after_step(model::Clip& model) {
  for (const auto& term : terms_) term->after_step(model);
  const torch::NoGradGuard no_grad;
  model.logit_scale().clamp_(0, std::log(100.0));
}

Named Objective::parameters() {
  Named result;
  for (std::size_t i = 0; i < terms_.size(); ++i)
    for (const auto& [name, tensor] : terms_[i]->parameters())
      result.emplace_back(name_of(i) + "." + name, tensor);
  return result;
}

Named Objective::buffers() {
  Named result;
  for (std::size_t i = 0; i < terms_.size(); ++i)
    for (const auto& [name, tensor] : terms_[i]->buffers())
      result.emplace_back(name_of(i) + "." + name, tensor);
  return result;
}

std::set<std::string> Objective::without_decay() {
  std::set<std::string> result;
  for (std::size_t i = 0; i < terms_.size(); ++i)
    if (!terms_[i]->decays())
      for (const auto& own : terms_[i]->parameters()) result.insert(name_of(i) + "." + own.first);
  return result;
}

}  // namespace theriac::objective
