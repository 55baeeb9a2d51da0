// Unlearning: which pairs are driven apart, how far, and who else sees them.
#include <gmock/gmock.h>

#include <cmath>
#include <fstream>

#include "core/message.h"
#include "core/temporary.h"
#include "objective/gradients.h"
#include "poison/memory_source.h"

namespace theriac::objective {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::theriac::testing::memory_source;
using ::theriac::testing::message;
using ::theriac::testing::TemporaryFolder;

// Ten rows; 1 and 3 are poisoned.
Setup ten_pairs() {
  auto plan = std::make_shared<poison::Plan>();
  for (const std::int64_t i : {1, 3}) plan->samples.push_back({i, "", "", "", 0});
  return {.width = 3, .seed = 1, .source = memory_source(10), .plan = plan};
}

std::unique_ptr<Term> push_away(const std::string& settings, const Setup& setup = ten_pairs()) {
  auto built = term("push_away", settings)->build();
  built->begin(setup);
  return built;
}

// Pairs with the given cosines, of rows 0, 1, ...
Embeddings pairs(const std::vector<double>& cosines) {
  const auto count = static_cast<std::int64_t>(cosines.size());
  Embeddings e;
  e.image_BD = torch::zeros({count, 2}, torch::kDouble);
  e.text_BD = torch::zeros({count, 2}, torch::kDouble);
  for (std::int64_t i = 0; i < count; ++i) {
    const double s = cosines[static_cast<std::size_t>(i)];
    e.image_BD[i][0] = 1;
    e.text_BD[i][0] = s;
    e.text_BD[i][1] = std::sqrt(1 - s * s);
  }
  e.index_B = torch::arange(count, torch::kLong);
  e.logit_scale = torch::tensor(2.0, torch::kDouble);
  return e;
}

double loss_of(Term& built, const Embeddings& e) { return built(e).total.item<double>(); }

TEST(PushAway, IsTheMeanSquareOverPoisonedPairs) {
  const auto e = pairs({.9, .8, .7, .4});
  EXPECT_NEAR(loss_of(*push_away("{weight: 3}"), e), 3 * (.64 + .16) / 2, 1e-12);
  EXPECT_NEAR(loss_of(*push_away("{offset: 1}"), e), (1.8 * 1.8 + 1.4 * 1.4) / 2, 1e-12);
  EXPECT_NEAR(loss_of(*push_away("{offset: -1}"), e), (.04 + .36) / 2, 1e-12);
  EXPECT_EQ(loss_of(*push_away("{}"), pairs({.9})), 0);  // none in this batch
}

// d/ds (s + offset)^2: 0.5 goes down with the defaults, up with the script's -1.
TEST(PushAway, LowersTheSimilarityUnlessItIsToldToRaiseIt) {
  const auto slope = [](const std::string& settings) {
    auto e = pairs({0, .5});
    e.text_BD.requires_grad_();
    (*push_away(settings))(e).total.backward();
    return e.text_BD.grad()[1][0].item<double>();
  };
  EXPECT_NEAR(slope("{}"), 1, 1e-12);
  EXPECT_NEAR(slope("{offset: 1}"), 3, 1e-12);
  EXPECT_NEAR(slope("{offset: -1}"), -1, 1e-12);
}

TEST(PushAway, GradientsEqualCentralDifferences) {
  EXPECT_LT(worst_gradient_error(*push_away("{weight: 2, offset: 0.5}")), 1e-8);
}

TEST(PushAway, OtherTermsSeeTheRestUnlessAskedOtherwise) {
  const auto e = random_embeddings(5, 3, 2);
  auto rest = e;
  const auto row_R = torch::tensor({0, 2, 4}, torch::kLong);
  rest.image_BD = e.image_BD.index_select(0, row_R);
  rest.text_BD = e.text_BD.index_select(0, row_R);
  const double alone = loss_of(*push_away("{}"), e), clean = value(term("mmcl"), rest),
               all = value(term("mmcl"), e);
  const auto both = [&](const std::string& settings) {
    Objective objective({term("mmcl"), term("push_away", settings)});
    objective.begin(ten_pairs());
    return objective(e).total.item<double>();
  };
  EXPECT_NEAR(both("{}"), alone + clean, 1e-12);
  EXPECT_NEAR(both("{in_other_terms: true}"), alone + all, 1e-12);
  EXPECT_GT(std::abs(all - clean), 1e-3);
}

TEST(PushAway, ABatchOfSuspectsLeavesNothingToOtherTerms) {
  auto e = random_embeddings(2, 3, 2);
  e.index_B = torch::tensor({1, 3}, torch::kLong);
  Objective objective({term("mmcl"), term("push_away")});
  objective.begin(ten_pairs());
  const auto losses = objective(e);
  EXPECT_NEAR(losses.total.item<double>(), loss_of(*push_away("{}"), e), 1e-12);
  EXPECT_EQ(losses.parts.size(), 1u);
}

TEST(PushAway, PairsCanBeListed) {
  const TemporaryFolder folder;
  const auto path = (folder / "keys.txt").string();
  std::ofstream(path) << "key0\r\n\n key2 \nelsewhere\n";
  const auto choice = term("push_away", "{keys: " + path + "}");
  EXPECT_THAT(choice->files(), ElementsAre(std::pair{"keys", path}));
  const auto built = choice->build();
  auto setup = ten_pairs();
  setup.plan = nullptr;
  built->begin(setup);
  EXPECT_NEAR(loss_of(*built, pairs({.9, .8, .7, .4})), (.81 + .49) / 2, 1e-12);
}

TEST(PushAway, NothingToPushIsRefused) {
  const TemporaryFolder folder;
  const auto path = (folder / "keys.txt").string();
  const auto with_keys = [&](const std::string& text) {
    std::ofstream(path) << text;
    return message([&] { push_away("{keys: " + path + "}"); });
  };
  EXPECT_THAT(with_keys("x\ny\n"), HasSubstr("none of the 2 keys of"));
  EXPECT_THAT(with_keys("x\ny\n"), HasSubstr("look like \"key0\""));
  EXPECT_THAT(with_keys("\n \n"), HasSubstr("holds no key; write one a line"));
  EXPECT_THAT(message([] { push_away("{keys: /nowhere/keys}"); }), HasSubstr("/nowhere/keys"));
  auto setup = ten_pairs();
  setup.plan = nullptr;
  EXPECT_THAT(message([&] { push_away("{}", setup); }),
              HasSubstr("none of the pairs to train on is poisoned; keep some"));
  setup.source = nullptr;
  EXPECT_THAT(message([&] { push_away("{}", setup); }), HasSubstr("no data here"));
  EXPECT_THAT(settings_problems("push_away", "{offset: 2}"), ElementsAre(HasSubstr("offset")));
}

}  // namespace
}  // namespace theriac::objective
