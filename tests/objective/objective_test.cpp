// The weighted sum of terms, its hooks and the clamp of the logit scale.
#include <gmock/gmock.h>

#include <cmath>

#include "objective/random_embeddings.h"
#include "theriac/config/document.h"
#include "theriac/model/clip.h"

namespace theriac::objective {
namespace {

using config::Choice;
using ::testing::ElementsAre;

std::vector<std::string> names(const Losses& losses) {
  std::vector<std::string> result;
  for (const auto& part : losses.parts) result.push_back(part.first);
  return result;
}

TEST(Objective, SumsItsTermsAndNamesTheParts) {
  const auto e = random_embeddings(5, 4, 1);
  const Choice<TermConfig> mmcl(&table, "mmcl"), intra(&table, "intra_modal");
  Objective objective({mmcl, intra, mmcl});
  const auto losses = objective(e);
  EXPECT_THAT(names(losses),
              ElementsAre("mmcl", "intra_modal_image", "intra_modal_text", "mmcl_2"));
  const double alone = (*mmcl->build())(e).total.item<double>();
  const double within = (*intra->build())(e).total.item<double>();
  EXPECT_NEAR(losses.total.item<double>(), 2 * alone + within, 1e-12);
  double sum = 0;
  for (const auto& [name, part] : losses.parts) sum += part.item<double>();
  EXPECT_NEAR(losses.total.item<double>(), sum, 1e-12);
}

TEST(Objective, AsksForTheViewsThatItsTermsNeed) {
  const Choice<TermConfig> mmcl(&table, "mmcl"), intra(&table, "intra_modal");
  EXPECT_FALSE(Objective({mmcl}).views().augmented);
  EXPECT_TRUE(Objective({mmcl, intra}).views().augmented);
  EXPECT_TRUE(Objective({mmcl}).views().plain);
}

TEST(Objective, ClampsTheLogitScaleAfterAStep) {
  model::ModelConfig config;
  config::read(
      config::Document::parse("{preset: tiny_vit, image_size: 8, embedding: 4,"
                              " image: {type: vit, width: 8, layers: 1, heads: 1, patch: 8},"
                              " text: {width: 8, heads: 1, layers: 1, context: 8}}",
                              "test"),
      config);
  model::Clip model(config, 10, 9, 1);
  Objective objective({Choice<TermConfig>(&table, "mmcl")});
  const auto clamped = [&](double t) {
    const torch::NoGradGuard no_grad;
    model.logit_scale().fill_(t);
    objective.after_step(model);
    return model.logit_scale().item<double>();
  };
  EXPECT_NEAR(clamped(7), std::log(100), 1e-6);
  EXPECT_EQ(clamped(-1), 0);
  EXPECT_EQ(clamped(2.5), 2.5);
}

}  // namespace
}  // namespace theriac::objective
