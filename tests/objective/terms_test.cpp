// Loss terms against values known on paper, and gradients against central differences in fp64.
// Axes: B pairs, D embedding.
#include <gmock/gmock.h>

#include <cmath>

#include "objective/gradients.h"

namespace theriac::objective {
namespace {

using config::Choice;

TEST(Terms, EqualLogitsGiveTheLogarithmOfTheBatch) {
  Embeddings e;
  const auto same = torch::ones({6, 4}, torch::kDouble) / 2;
  e.image_BD = e.text_BD = e.augmented_image_BD = e.augmented_text_BD = same;
  e.logit_scale = torch::tensor(20.0, torch::kDouble);
  EXPECT_NEAR(value(term("mmcl"), e), std::log(6), 1e-12);
  EXPECT_NEAR(value(term("mmcl", "{views: both}"), e), std::log(6), 1e-12);
  EXPECT_NEAR(value(term("intra_modal"), e), std::log(6), 1e-12);
}

TEST(Terms, SigmoidOfEqualLogitsCountsPairs) {
  // Every logit is b = 0: softplus(0) = ln 2 for each of the B^2 pairs.
  Embeddings e;
  e.image_BD = torch::eye(6, torch::kDouble).narrow(0, 0, 3);
  e.text_BD = torch::eye(6, torch::kDouble).narrow(0, 3, 3);
  e.logit_scale = torch::tensor(20.0, torch::kDouble);
  EXPECT_NEAR(value(term("siglip", "{initial_bias: 0}"), e), 3 * std::log(2), 1e-12);
  EXPECT_NEAR(value(term("siglip", "{bias: false, mean: pairs, weight: 2}"), e), 2 * std::log(2),
              1e-12);
}

// The paper's variant (paper.md 2.4) on orthogonal pairs: s on the diagonal, 0 elsewhere.
TEST(Terms, ThePapersSigmoidIsAMeanOverAllPairsWithoutBias) {
  Embeddings e;
  e.image_BD = e.text_BD = torch::eye(4, torch::kDouble);
  e.logit_scale = torch::tensor(3.0, torch::kDouble);
  const double sum = 4 * std::log1p(std::exp(-3.0)) + 12 * std::log(2);
  EXPECT_NEAR(value(term("siglip", "{bias: false, mean: pairs, weight: 0.1}"), e), 0.1 * sum / 16,
              1e-12);
}

TEST(Terms, ABiasThatIsNotThereHasNoStart) {
  Choice<TermConfig> choice(&table, "siglip");
  const auto problems = config::problems(
      config::Document::parse("{bias: false, initial_bias: -5}", "test"), *choice.section());
  EXPECT_THAT(problems, ::testing::ElementsAre(::testing::HasSubstr("has no effect")));
}

TEST(Terms, OrthogonalPairsGiveTheClosedForm) {
  // Z = s on the diagonal and 0 elsewhere: CE = log(1 + (B - 1) exp(-s)).
  Embeddings e;
  e.image_BD = e.text_BD = torch::eye(5, torch::kDouble);
  e.logit_scale = torch::tensor(2.0, torch::kDouble);
  EXPECT_NEAR(value(term("mmcl"), e), std::log(1 + 4 * std::exp(-2.0)), 1e-12);
}

TEST(Terms, IntraModalIsOneDirectional) {
  auto e = random_embeddings(5, 4, 1);
  const double forth = value(term("intra_modal", "{text: 0}"), e);
  std::swap(e.image_BD, e.augmented_image_BD);
  const double back = value(term("intra_modal", "{text: 0}"), e);
  EXPECT_GT(std::abs(forth - back), 1e-3);
}

TEST(Terms, FactorsScaleTheirParts) {
  const auto e = random_embeddings(5, 4, 2);
  const double image = value(term("intra_modal", "{text: 0}"), e);
  const double text = value(term("intra_modal", "{image: 0}"), e);
  EXPECT_NEAR(value(term("intra_modal"), e), image + text, 1e-12);
  EXPECT_NEAR(value(term("intra_modal", "{weight: 3, image: 2, text: 0.5}"), e),
              3 * (2 * image + 0.5 * text), 1e-12);
  EXPECT_NEAR(value(term("mmcl", "{weight: 3}"), e), 3 * value(term("mmcl"), e), 1e-12);
}

TEST(Terms, BothViewsIsTheMeanOfTheTwo) {
  const auto e = random_embeddings(5, 4, 3);
  Embeddings other = e;
  other.image_BD = e.augmented_image_BD;
  other.text_BD = e.augmented_text_BD;
  EXPECT_NEAR(value(term("mmcl", "{views: both}"), e),
              (value(term("mmcl"), e) + value(term("mmcl"), other)) / 2, 1e-12);
}

TEST(Terms, IntraModalWithoutAnyModalityIsRefused) {
  Choice<TermConfig> choice(&table, "intra_modal");
  const auto problems =
      config::problems(config::Document::parse("{image: 0, text: 0}", "test"), *choice.section());
  EXPECT_THAT(problems, ::testing::ElementsAre(::testing::HasSubstr("would do nothing")));
}

TEST(Terms, GradientsEqualCentralDifferences) {
  EXPECT_LT(worst_gradient_error(*term("mmcl")->build()), 1e-8);
  EXPECT_LT(worst_gradient_error(*term("mmcl", "{views: both, weight: 2}")->build()), 1e-8);
  EXPECT_LT(worst_gradient_error(*term("intra_modal", "{weight: 2, image: 0.5}")->build()), 1e-8);
  EXPECT_LT(worst_gradient_error(*term("siglip", "{initial_bias: -2}")->build()), 1e-8);
  EXPECT_LT(worst_gradient_error(*term("siglip", "{bias: false, mean: pairs}")->build()), 1e-8);
}

TEST(Terms, TheBiasOfSiglipIsLearned) {
  const auto e = random_embeddings(4, 3, 5);
  const auto built = term("siglip")->build();
  auto parameters = built->parameters();
  ASSERT_EQ(parameters.size(), 1u);
  EXPECT_EQ(parameters[0].second.item<float>(), -10);
  (*built)(e).total.backward();
  // At b = -10 only the matching pairs are wrong: d/db = -mean_i sigmoid(-(s I_i T_i + b)), nearly.
  EXPECT_LT(parameters[0].second.grad().item<float>(), 0);
  EXPECT_TRUE(term("siglip", "{bias: false}")->build()->parameters().empty());
}

}  // namespace
}  // namespace theriac::objective
