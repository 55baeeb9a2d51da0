// Axes: B pairs, D embedding.
#include <ATen/CPUGeneratorImpl.h>

#include <algorithm>
#include <cmath>
#include <exception>

#include "testing/synthetic.h"
#include "theriac/testing/testing.h"

namespace theriac::testing {

namespace {

using objective::Embeddings;
using objective::Losses;

constexpr std::int64_t kSamples = 1200, kWidth = 8, kPairs = 12;

Embeddings random_embeddings(loader::Views views) {
  auto generator = at::make_generator<at::CPUGeneratorImpl>(1);
  const auto unit_BD = [&] {
    const auto raw_BD = torch::randn({kPairs, kWidth}, generator, torch::kFloat32);
    return (raw_BD / raw_BD.norm(2, 1, true)).requires_grad_();
  };
  Embeddings e;
  if (views.image()) e.image_BD = unit_BD();
  if (views.plain) e.text_BD = unit_BD();
  if (views.plain_image) e.raw_image_BD = unit_BD();
  if (views.augmented_image()) e.augmented_image_BD = unit_BD();
  if (views.augmented) e.augmented_text_BD = unit_BD();
  if (views.two_images) e.augmented2_image_BD = unit_BD();
  e.logit_scale = torch::tensor(10.0f).requires_grad_();
  e.index_B = torch::arange(kPairs, torch::kLong);
  return e;
}

Embeddings reordered(Embeddings e) {
  const torch::NoGradGuard no_grad;
  for (const auto slot : Embeddings::views())
    if ((e.*slot).defined()) e.*slot = (e.*slot).roll(5, 0).flip(0);
  e.index_B = e.index_B.roll(5, 0).flip(0);
  return e;
}

// A term as it is before the first step of a run.
std::unique_ptr<objective::Term> begun(const objective::TermConfig& config, model::Clip& model) {
  auto term = config.build();
  auto plan = std::make_shared<poison::Plan>();
  for (std::int64_t i = 1; i < kSamples; i += 5)
    plan->samples.push_back(
        {.index = i, .key = {}, .original_caption = {}, .caption = {}, .trigger_seed = 0});
  term->begin({.width = kWidth,
               .seed = 1,
               .source = synthetic_source(kSamples, 1),
               .plan = std::move(plan)});
  const auto embed = [](std::int64_t, objective::EmbedIn) {
    auto generator = at::make_generator<at::CPUGeneratorImpl>(2);
    const auto raw_ND = torch::randn({kSamples, kWidth}, generator, torch::kFloat32);
    return raw_ND / raw_ND.norm(2, 1, true);
  };
  term->before_epoch(
      {.number = 0, .model = model, .embed_images = embed, .forget = [](const auto&) {}});
  return term;
}

double value(objective::Term& term, const Embeddings& e) { return term(e).total.item<double>(); }

void check_gradients(const std::string& name, objective::Term& term, Broken& broken) {
  const auto e = random_embeddings(term.views());
  const Losses losses = term(e);
  if (!losses.total.defined() || losses.total.dim() != 0) {
    broken.push_back(name + ": total is not a scalar");
    return;
  }
  if (!std::isfinite(losses.total.item<double>()))
    broken.push_back(name + ": the loss is not finite");
  for (const auto& [part, tensor] : losses.parts)
    if (part.empty() || tensor.requires_grad())
      broken.push_back(name + ": part '" + part + "' has no name or is not detached");
  if (!losses.total.requires_grad()) {
    broken.push_back(name + ": the loss does not depend on the embeddings");
    return;
  }
  losses.total.backward();
  double size = 0;
  for (const auto slot : Embeddings::views())
    if ((e.*slot).defined() && (e.*slot).grad().defined())
      size += (e.*slot).grad().norm().item<double>();
  if (!std::isfinite(size)) broken.push_back(name + ": a gradient is not finite");
  if (size == 0) broken.push_back(name + ": no gradient reaches the embeddings");
}

}  // namespace

Broken check_objective(const config::Entry<objective::TermConfig>& entry) {
  const std::string& name = entry.name;
  const auto config = entry.make(), other = entry.make();
  Broken broken = check_settings(name, *config, *other);
  try {
    const auto model = synthetic_model();
    const auto term = begun(*config, *model), twin = begun(*other, *model);
    if (term->views().images() == 0) broken.push_back(name + ": asks for no view at all");
    check_gradients(name, *term, broken);
    const auto e = random_embeddings(term->views());
    const double loss = value(*term, e);
    if (loss != value(*twin, e)) broken.push_back(name + ": two equal terms differ");
    if (std::abs(loss - value(*twin, reordered(e))) > 1e-4 * std::max(1.0, std::abs(loss)))
      broken.push_back(name + ": the loss depends on the order of the pairs");
    for (const auto& [parameter, tensor] : term->parameters())
      if (parameter.empty() || !tensor.requires_grad())
        broken.push_back(name + ": parameter '" + parameter + "' has no name or cannot learn");
  } catch (const std::exception& error) {
    broken.push_back(name + ": " + error.what());
  }
  return broken;
}

}  // namespace theriac::testing
