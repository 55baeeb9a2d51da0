#include "analyse/analysis.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>

#include "analyse/snapshots.h"
#include "theriac/report/chart.h"

namespace theriac::analyse {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using testing::made;
using testing::named;
using testing::snapshot;

TEST(Analyses, GeometryOfKnownPairs) {
  const auto analysis = made(geometry());
  const auto numbers = named(analysis->add(snapshot()));
  // Means (0, 1/3) and (1/3, 0); distances 0, 0 and sqrt(2); images 2, 2 and 4 apart, texts too.
  EXPECT_NEAR(numbers.at("modality_gap"), std::sqrt(2) / 3, 1e-7);
  EXPECT_NEAR(numbers.at("alignment"), 2.0 / 3, 1e-6);
  const double spread = std::log((2 * std::exp(-4) + std::exp(-8)) / 3);
  EXPECT_NEAR(numbers.at("uniformity_images"), spread, 1e-6);
  EXPECT_NEAR(numbers.at("uniformity_texts"), spread, 1e-6);
  analysis->add(snapshot("epoch 2", 2));
  const auto figure = analysis->figure();
  EXPECT_EQ(figure.sheet.rows.size(), 2U);
  EXPECT_THAT(figure.chart.panels[1].series.at(0).x, ElementsAre(1, 2));
}

TEST(Analyses, SimilarityCountsEveryPairOnce) {
  auto s = snapshot();
  s.texts[2] = "a dog";  // as the first: not a pair that does not match
  s.training = TrainingPairs{{0.5}, {0.25, 0.75}, 1, 2};
  const auto analysis = made(similarity());
  const auto numbers = named(analysis->add(s));
  EXPECT_NEAR(numbers.at("mean_matching_pairs"), (1 + 1 + 0) / 3.0, 1e-6);
  // dog-banana 0, banana-dog 0, banana-(0,-1) -1, cat-banana 0.
  EXPECT_NEAR(numbers.at("mean_non_matching_pairs"), -1.0 / 4, 1e-6);
  EXPECT_NEAR(numbers.at("mean_poisoned_pairs"), 0.5, 1e-6);
  EXPECT_NEAR(numbers.at("mean_triggered_to_the_target"), 1.0 / 2, 1e-6);  // not the banana
  EXPECT_NEAR(numbers.at("mean_clean_to_the_target"), 0, 1e-6);
  std::map<std::string, double> counts;
  for (const auto& row : analysis->figure().sheet.rows) counts[row[2]] += std::stod(row[5]);
  EXPECT_EQ(counts["matching pairs"], 3);
  EXPECT_EQ(counts["non-matching pairs"], 4);
  EXPECT_EQ(counts["poisoned pairs"], 2);
  EXPECT_EQ(counts["triggered to the target"], 2);
}

// Single bins of few pairs are noise.
TEST(Analyses, SimilarityJoinsTheBinsOfFewPairs) {
  auto s = snapshot();
  s.training = TrainingPairs{{0.5}, {0.25, 0.75}, 1, 2};
  const auto analysis = made(similarity());
  analysis->add(s);
  const auto chart = analysis->figure().chart;
  EXPECT_THAT(chart.note, HasSubstr("each 0.04 of cosine"));
  for (const auto& series : chart.panels[0].series) {
    double sum = 0;
    for (const double y : series.y) sum += y / 2;  // a step has two ends
    EXPECT_NEAR(sum, 100, 1e-9) << series.name;
    EXPECT_NEAR(series.x[1] - series.x[0], 0.04, 1e-9);
  }
}

TEST(Analyses, PoisonRankAmongAllPairs) {
  auto s = snapshot();
  s.training = TrainingPairs{{0.4, 0.1, 0.3, 0.2}, {0.25, 0.5}, 4, 2};
  auto numbers = named(made(poison_rank())->add(s));
  // 0.25: two clean ones below and itself; 0.5: four clean ones, the other, and itself.
  const double low = 100 * 2.5 / 6, high = 100 * 5.5 / 6;
  EXPECT_NEAR(numbers.at("rank_median"), (low + high) / 2, 1e-9);
  EXPECT_NEAR(numbers.at("rank_q1"), low + (high - low) / 4, 1e-9);
  EXPECT_NEAR(numbers.at("rank_q3"), high - (high - low) / 4, 1e-9);
  EXPECT_NEAR(numbers.at("auroc"), (2.0 / 4 + 4.0 / 4) / 2, 1e-9);
  // The clean ones stand for ten times as many.
  s.training->clean_total = 40;
  numbers = named(made(poison_rank())->add(s));
  EXPECT_NEAR(numbers.at("rank_median"), 100 * (20.5 + 41.5) / 2 / 42, 1e-9);
  EXPECT_NEAR(numbers.at("auroc"), 0.75, 1e-9);
}

TEST(Analyses, ConfusionLeavesTheTargetOut) {
  const auto analysis = made(confusion());
  const auto numbers = named(analysis->add(snapshot()));
  EXPECT_DOUBLE_EQ(numbers.at("predicted_as_target"), 50);  // the dog, of dog and cat
  EXPECT_DOUBLE_EQ(numbers.at("predicted_as_true_class"), 50);
  const auto figure = analysis->figure();
  EXPECT_THAT(figure.sheet.rows,
              ElementsAre(ElementsAre("epoch 1", "pretrain-1", "dog", "banana", "1"),
                          ElementsAre("epoch 1", "pretrain-1", "cat", "cat", "1")));
  EXPECT_EQ(figure.chart.panels[0].title, "epoch 1");
  EXPECT_EQ(figure.chart.panels[0].y_label, "taken for the target: all 2 classes");
  EXPECT_THAT(figure.chart.panels[0].categories, ElementsAre("dog (1)", "cat (1)"));
  EXPECT_THAT(figure.chart.panels[0].series[0].x, ElementsAre(100, 0));
  EXPECT_THAT(figure.chart.panels[1].categories, ElementsAre("banana (target)", "cat"));
}

TEST(Analyses, ProjectionsTellTheKindsApart) {
  for (const auto& kind : {pca_projection(), tsne_projection()}) {
    Options options;
    options.iterations = 20;
    const auto analysis = made(kind, options);
    ASSERT_EQ(analysis->missing(snapshot()), "");
    analysis->add(snapshot());
    const auto figure = analysis->figure();
    std::map<std::string, int> points;
    for (const auto& row : figure.sheet.rows) ++points[row[2]];
    EXPECT_EQ(points["clean images"], 3);
    EXPECT_EQ(points["triggered images"], 3);
    EXPECT_EQ(points["captions"], 3);
    EXPECT_EQ(points["prompts of the target"], 1);
    EXPECT_THAT(figure.sheet.rows[1], ElementsAre("epoch 1", "pretrain-1", "clean images", "5",
                                                  "banana", ::testing::_, ::testing::_));
    EXPECT_EQ(figure.chart.panels.at(0).series.size(), 4U);
  }
}

TEST(Analyses, WithoutAttackOrTextOnlyTheImagesAreShown) {
  auto s = snapshot();
  s.triggered_ND = s.target_TD = torch::Tensor();
  s.texts.clear();
  const auto analysis = made(pca_projection());
  analysis->add(s);
  EXPECT_EQ(analysis->figure().sheet.rows.size(), 3U);
}

TEST(Analyses, SayWhatTheyLack) {
  auto s = snapshot();
  s.training_lacks = "no record";
  EXPECT_EQ(made(poison_rank())->missing(s), "no record");
  s.training = TrainingPairs{{0.1}, {}, 1, 3};
  EXPECT_THAT(made(poison_rank())->missing(s), HasSubstr("no usable poisoned pair"));
  s.target_label = -1;
  EXPECT_THAT(made(confusion())->missing(s), HasSubstr("the target 'banana' is not one of"));
  s.classes.clear();
  EXPECT_THAT(made(confusion())->missing(s), HasSubstr("no class labels"));
  s.target.clear();
  EXPECT_THAT(made(confusion())->missing(s), HasSubstr("there is no attack"));
  s.texts.clear();
  EXPECT_THAT(made(geometry())->missing(s), HasSubstr("name a set of image-caption pairs"));
  EXPECT_THAT(made(similarity())->missing(s), HasSubstr("name a set of image-caption pairs"));
  Options options;
  options.perplexity = 30;
  EXPECT_THAT(made(tsne_projection(), options)->missing(snapshot()),
              HasSubstr("a perplexity of 30 needs at least 91 points, and the data have 10"));
  auto many = snapshot();
  many.clean_ND = torch::zeros({10000, 2});
  EXPECT_THAT(made(tsne_projection())->missing(many), HasSubstr("ask for fewer --samples"));
}

TEST(Analyses, ChecksOptions) {
  const auto message = [](const auto& change) {
    Options options;
    change(options);
    try {
      check(options);
    } catch (const std::exception& error) {
      return std::string(error.what());
    }
    return std::string("no error");
  };
  EXPECT_EQ(message([](Options&) {}), "no error");
  EXPECT_THAT(message([](Options& o) {
                o.only = {"pca", "tnse"};
              }),
              HasSubstr("there is no analysis 'tnse'; did you mean 'tsne'?; there are: pca, tsne"));
  EXPECT_THAT(message([](Options& o) { o.samples = 1; }),
              HasSubstr("expected 2 to 10000, received 1"));
  EXPECT_THAT(message([](Options& o) { o.samples = 10001; }), HasSubstr("received 10001"));
  EXPECT_THAT(message([](Options& o) { o.prompts.clear(); }), HasSubstr("prompts: expected"));
  EXPECT_THAT(message([](Options& o) { o.iterations = 0; }), HasSubstr("iterations"));
  EXPECT_THAT(message([](Options& o) { o.perplexity = 0.5; }), HasSubstr("received 0.5"));
}

TEST(Analyses, SpacedKeepsBothEnds) {
  EXPECT_THAT(spaced(3, 6), ElementsAre(0, 1, 2));
  EXPECT_THAT(spaced(64, 4), ElementsAre(0, 21, 42, 63));
  EXPECT_THAT(spaced(5, 1), ElementsAre(4));
  EXPECT_EQ(shown_note(6, 6), "");
  EXPECT_THAT(shown_note(64, 6), HasSubstr("6 of the 64"));
}

}  // namespace
}  // namespace theriac::analyse
