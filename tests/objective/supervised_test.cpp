// Supervised fine-tuning: labels of the data, the head, and data without labels.
#include <gmock/gmock.h>

#include <cmath>

#include "core/message.h"
#include "objective/gradients.h"
#include "poison/memory_source.h"

namespace theriac::objective {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::theriac::testing::memory_source;
using ::theriac::testing::message;

std::unique_ptr<Term> supervised(const std::string& settings,
                                 std::shared_ptr<const data::Source> source = memory_source(20)) {
  auto built = term("supervised", settings)->build();
  built->begin({.width = 3, .seed = 1, .source = std::move(source)});
  return built;
}

void set_classifier(Term& term, const torch::Tensor& weight_KD) {
  const torch::NoGradGuard no_grad;
  term.parameters()[0].second.copy_(weight_KD);
  term.parameters()[1].second.zero_();
}

TEST(Supervised, AHeadThatKnowsNothingGivesTheLogarithmOfTheClasses) {
  const auto built = supervised("{weight: 3}");
  set_classifier(*built, torch::zeros({5, 3}));
  EXPECT_NEAR((*built)(random_embeddings(6, 3, 1)).total.item<double>(), 3 * std::log(5), 1e-12);
}

// Row 7 of the data is class 2, row 3 class 3; W x = 2 for class 2 and 0 for all others.
TEST(Supervised, LabelsGoWithTheRowsOfTheBatch) {
  const auto weight_KD = torch::zeros({5, 3});
  weight_KD[2][0] = 1;
  Embeddings e;
  e.raw_image_BD = torch::tensor({{2.0, 0.0, 0.0}, {2.0, 0.0, 0.0}}, torch::kDouble);
  e.image_BD = e.raw_image_BD / 2;
  e.index_B = torch::tensor({7, 3}, torch::kLong);
  for (const auto& [features, x] : {std::pair{"raw", 2.0}, {"unit", 1.0}}) {
    const auto built = supervised(std::string("{features: ") + features + "}");
    set_classifier(*built, weight_KD);
    EXPECT_NEAR((*built)(e).total.item<double>(), std::log(4 + std::exp(x)) - x / 2, 1e-9);
  }
}

TEST(Supervised, GradientsEqualCentralDifferences) {
  EXPECT_LT(worst_gradient_error(*supervised("{weight: 2}")), 1e-8);
  EXPECT_LT(worst_gradient_error(*supervised("{features: unit}")), 1e-8);
}

TEST(Supervised, OnlyTheWeightsOfTheHeadDecayAndNoCaptionIsRead) {
  Objective objective({term("supervised")});
  objective.begin({.width = 100, .seed = 1, .source = memory_source(20)});
  const auto own = objective.parameters();
  ASSERT_EQ(own.size(), 2u);
  EXPECT_EQ(own[0].second.sizes(), (torch::IntArrayRef{5, 100}));
  EXPECT_LE(own[0].second.abs().max().item<float>(), 0.1f);
  EXPECT_NEAR(own[0].second.std().item<float>(), 0.1 / std::sqrt(3), 5e-3);
  EXPECT_TRUE(objective.without_decay().empty());  // the bias has one dimension
  EXPECT_EQ(objective.views().captions(), 0);
  EXPECT_EQ(objective.views().images(), 1);
}

TEST(Supervised, DataWithoutLabelsIsRefused) {
  auto source = memory_source(20);
  source->rows[4].label = source->rows[9].label = -1;
  EXPECT_THAT(message([&] { supervised("{}", source); }),
              HasSubstr("2 of 20 samples have no label, first memory:4; label them"));
  source->rows[4].label = 5;
  EXPECT_THAT(message([&] { supervised("{}", source); }), HasSubstr("label 5 of memory:4"));
  source->names.clear();
  EXPECT_THAT(message([&] { supervised("{}", source); }),
              HasSubstr("has 0 classes, expected 2 or more; use a labelled source"));
  EXPECT_THAT(message([&] { supervised("{}", nullptr); }), HasSubstr("no data here"));
}

TEST(Supervised, SettingsAreChecked) {
  EXPECT_THAT(settings_problems("supervised", "{features: rwa}"),
              ElementsAre(HasSubstr("features")));
  EXPECT_THAT(settings_problems("supervised", "{weight: -1}"), ElementsAre(HasSubstr("weight")));
}

}  // namespace
}  // namespace theriac::objective
