// Deep clustering: labels, head and what happens before an epoch. Axes: B pairs, D embedding, K
// clusters, N pictures of the data.
#include <gmock/gmock.h>

#include <cmath>
#include <fstream>

#include "core/message.h"
#include "core/temporary.h"
#include "objective/gradients.h"
#include "objective/spherical_kmeans.h"
#include "poison/memory_source.h"
#include "theriac/model/clip.h"

namespace theriac::objective {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::theriac::testing::memory_source;
using ::theriac::testing::message;
using ::theriac::testing::TemporaryFolder;

// The model is never touched by this term.
model::Clip& any_model() {
  static model::Clip* model = [] {
    model::ModelConfig config;
    config::read(
        config::Document::parse("{preset: tiny_vit, image_size: 8, embedding: 4,"
                                " image: {type: vit, width: 8, layers: 1, heads: 1, patch: 8},"
                                " text: {width: 8, heads: 1, layers: 1, context: 8}}",
                                "test"),
        config);
    return new model::Clip(config, 10, 9, std::nullopt);
  }();
  return *model;
}

std::unique_ptr<Term> clustering(const std::string& settings,
                                 std::shared_ptr<const data::Source> source = nullptr) {
  auto built = term("clustering", settings)->build();
  built->begin({.width = 3, .seed = 1, .source = std::move(source)});
  return built;
}

torch::Tensor pictures(std::int64_t count) {
  torch::manual_seed(8);
  const auto raw_ND = torch::randn({count, 3}, torch::kFloat32);
  return raw_ND / raw_ND.norm(2, 1, true);
}

// What the term asked for.
struct Asked {
  std::int64_t batch = 0, forgotten = 0;
  EmbedIn mode = EmbedIn::kEval;
};

Asked start_epoch(Term& term, std::int64_t number, const torch::Tensor& e_ND) {
  Asked asked;
  term.before_epoch({.number = number,
                     .model = any_model(),
                     .embed_images =
                         [&](std::int64_t batch, EmbedIn mode) {
                           asked.batch = batch;
                           asked.mode = mode;
                           return e_ND;
                         },
                     .forget = [&](const torch::Tensor&) { ++asked.forgotten; }});
  return asked;
}

void set_head(Term& term, double weight) {
  const torch::NoGradGuard no_grad;
  for (auto& item : term.parameters()) item.second.fill_(weight);
}

std::string file(const TemporaryFolder& folder, const std::string& text) {
  const auto path = (folder / "labels.csv").string();
  std::ofstream(path) << text;
  return path;
}

TEST(Clustering, AHeadThatKnowsNothingGivesTheLogarithmOfTheClusters) {
  const auto term = clustering("{clusters: 7, weight: 5}");
  start_epoch(*term, 0, pictures(50));
  set_head(*term, 0);
  EXPECT_NEAR((*term)(random_embeddings(6, 3, 1)).total.item<double>(), 5 * std::log(7), 1e-12);
}

// Centroids are known (each picture is one), and W = 2 m: the closed form of the cross-entropy.
TEST(Clustering, LabelsAreTheNearestCentroids) {
  const auto term = clustering("{clusters: 3}");
  start_epoch(*term, 0, torch::eye(3));
  const auto centroid_KD = term->buffers().at(0).second;
  {
    const torch::NoGradGuard no_grad;
    term->parameters()[0].second.copy_(2 * centroid_KD);
  }
  Embeddings e;
  e.image_BD = torch::eye(3, torch::kDouble);
  EXPECT_NEAR((*term)(e).total.item<double>(), std::log(1 + 2 * std::exp(-2.0)), 1e-9);
}

TEST(Clustering, GradientsEqualCentralDifferences) {
  const auto term = clustering("{clusters: 5, weight: 2}");
  start_epoch(*term, 0, pictures(50));
  EXPECT_LT(worst_gradient_error(*term), 1e-8);
}

TEST(Clustering, EveryEpochHasNewCentroidsAndANewHead) {
  const auto term = clustering("{clusters: 40, embed_in: train, embed_batch: 9}");
  const auto copy = [&] {
    std::vector<torch::Tensor> result;
    for (const auto& item : term->parameters()) result.push_back(item.second.detach().clone());
    result.push_back(term->buffers().at(0).second.clone());
    return result;
  };
  const auto asked = start_epoch(*term, 0, pictures(500));
  EXPECT_EQ(asked.batch, 9);
  EXPECT_EQ(asked.mode, EmbedIn::kTrain);
  EXPECT_EQ(asked.forgotten, 2);
  const auto first = copy();
  EXPECT_NEAR(first[0].std().item<double>(), 0.01, 2e-3);
  EXPECT_EQ(first[1].abs().max().item<float>(), 0);
  set_head(*term, 1);
  start_epoch(*term, 1, pictures(500));
  const auto second = copy();
  EXPECT_FALSE(torch::equal(first[0], second[0]));
  EXPECT_TRUE(torch::equal(first[1], second[1]));
  EXPECT_FALSE(torch::equal(first[2], second[2]));
  start_epoch(*term, 0, pictures(500));  // pure in (seed, epoch, embeddings)
  const auto again = copy();
  for (std::size_t i = 0; i < 3; ++i) EXPECT_TRUE(torch::equal(first[i], again[i]));
}

TEST(Clustering, ItsHeadDoesNotDecay) {
  Objective objective(
      {term("mmcl"), term("clustering", "{clusters: 4}"), term("simclr", "{hidden: 5, out: 4}")});
  objective.begin({.width = 3, .seed = 1, .source = nullptr});
  EXPECT_THAT(objective.without_decay(), ElementsAre("objective.1.bias", "objective.1.weight"));
  EXPECT_EQ(objective.buffers().at(0).first, "objective.1.centroids");
}

TEST(Clustering, MoreClustersThanPicturesIsRefused) {
  const auto term = clustering("{clusters: 51}");
  EXPECT_THAT(message([&] { start_epoch(*term, 0, pictures(50)); }),
              HasSubstr("51 clusters of 50 usable pictures; ask for fewer"));
}

// key1 is class 2, all others class 0: with W e = 0 and b = (0, 0, ln 2), CE = ln 4 - [c = 2] ln 2.
TEST(Clustering, LabelsFromAFileGoWithTheSample) {
  const TemporaryFolder folder;
  const auto path = file(folder, "label,key\n0,key0\n2,key1\n0,key2\n0,key3\n1,other\n");
  const auto term = clustering("{labels: " + path + "}", memory_source(4));
  EXPECT_TRUE(term->buffers().empty());
  EXPECT_EQ(term->parameters()[0].second.sizes(), (torch::IntArrayRef{3, 3}));
  const auto before = term->parameters()[0].second.detach().clone();
  start_epoch(*term, 0, {});
  EXPECT_TRUE(torch::equal(term->parameters()[0].second, before));  // kept
  set_head(*term, 0);
  {
    const torch::NoGradGuard no_grad;
    term->parameters()[1].second[2] = std::log(2.f);
  }
  auto e = random_embeddings(3, 3, 1);
  e.index_B = torch::tensor({3, 1, 0}, torch::kLong);
  EXPECT_NEAR((*term)(e).total.item<double>(), std::log(4) - std::log(2) / 3, 1e-6);
  EXPECT_LT(worst_gradient_error(*term), 1e-8);
}

TEST(Clustering, LabelsThatAreNotThereAreNamed) {
  const TemporaryFolder folder;
  const auto path = file(folder, "key,label\nkey0,1\nkey3,0\n");
  EXPECT_THAT(message([&] { clustering("{labels: " + path + "}", memory_source(4)); }),
              HasSubstr("no label for 2 of 4 samples, first for key \"key1\" (memory:1)"));
  EXPECT_THAT(message([&] { clustering("{labels: " + path + "}"); }), HasSubstr("no data here"));
}

TEST(Clustering, SettingsOfKMeansHaveNoEffectWithLabels) {
  EXPECT_THAT(settings_problems("clustering", "{labels: /x.csv, clusters: 10, embed_in: train}"),
              ElementsAre(HasSubstr("clusters"), HasSubstr("embed_in")));
  EXPECT_THAT(settings_problems("clustering", "{labels: /x.csv, weight: 5}"), IsEmpty());
  EXPECT_THAT(settings_problems("clustering", "{clusters: 1}"), ElementsAre(HasSubstr("clusters")));
}

}  // namespace
}  // namespace theriac::objective
