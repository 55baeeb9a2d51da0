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

// The pairs of a batch that `leave_out_B` does not mark; `embeddings` itself where none is marked.
Embeddings without(const Embeddings& embeddings, const torch::Tensor& leave_out_B) {
  if (!leave_out_B.defined() || !leave_out_B.any().item<bool>()) return embeddings;
  const auto row_R = leave_out_B.logical_not().nonzero().squeeze(1);
  auto result = embeddings;
  for (const auto view : Embeddings::views())
    if ((result.*view).defined())
      result.*view = (result.*view).index_select(0, row_R.to((result.*view).device()));
  result.index_B = embeddings.index_B.index_select(0, row_R);
  return result;
}

std::string name_of(std::size_t term) { return "objective." + std::to_string(term); }

}  // namespace

const std::vector<torch::Tensor Embeddings::*>& Embeddings::views() {
  static const std::vector<torch::Tensor Embeddings::*> all = {&Embeddings::image_BD,
                                                               &Embeddings::text_BD,
                                                               &Embeddings::augmented_image_BD,
                                                               &Embeddings::augmented_text_BD,
                                                               &Embeddings::augmented2_image_BD,
                                                               &Embeddings::raw_image_BD};
  return all;
}

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
  std::vector<torch::Tensor> claims;  // by term
  for (const auto& term : terms_) claims.push_back(term->claims(embeddings.index_B));
  Losses sum;
  for (std::size_t i = 0; i < terms_.size(); ++i) {
    torch::Tensor leave_out_B;
    for (std::size_t j = 0; j < terms_.size(); ++j)
      if (j != i && claims[j].defined())
        leave_out_B = leave_out_B.defined() ? leave_out_B.logical_or(claims[j]) : claims[j];
    const Embeddings own = without(embeddings, leave_out_B);
    if (own.index_B.defined() && own.index_B.size(0) == 0) continue;  // all are another term's
    const Losses losses = (*terms_[i])(own);
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
