#include "report/seeds.h"

#include <gmock/gmock.h>

#include <memory>
#include <set>

#include "report/explorer.h"
#include "report/figures.h"
#include "report/fixture.h"
#include "report/summary.h"

namespace theriac::report {
namespace {

using ::testing::HasSubstr;

// Two objectives, each with seeds 1 to 3, each cleaned once; outcomes of 16 images.
struct Seeds : Fixture {
  Seeds() {
    plan.axes = {{"pretraining", "", {"mmcl", "mmcl_ssl"}}, {"seed", "seed", {"1", "2", "3"}}};
    for (const std::string model : {"mmcl", "mmcl_ssl"})
      for (int seed = 1; seed <= 3; ++seed) {
        const std::string id = model + std::to_string(seed);
        add_stage("pretrain", "p" + id, "", {{"seed", seed}});
        add_stage("clean", "c" + id, "p" + id);
        plan.cells.push_back(
            {{{"pretraining", model}, {"seed", std::to_string(seed)}}, {"p" + id, "c" + id}});
        point("c" + id, 0, 60, 99);
        point("c" + id, 1, model == "mmcl" ? 50 + seed : 40, 4, 1);
        for (auto& row : records["c" + id]) {
          row.n = 16;
          row.outcomes = core::to_base64(model == "mmcl" ? "\xFF\x0F" : "\x0F\x0F");
        }
      }
    for (const auto& stage : plan.stages) status(stage.id, core::StageState::kDone);
  }
  const std::vector<Pool>& all() {
    save();
    experiment_ = std::make_unique<Experiment>();
    load(experiment(), stages(), *experiment_);
    return pools_ = pools(*experiment_);
  }
  std::unique_ptr<Experiment> experiment_;
  std::vector<Pool> pools_;
};

TEST(Seeds, AreAveragedPerSetting) {
  Seeds f;
  const auto table = seeds_table(f.all());
  ASSERT_EQ(table.rows.size(), 16U);
  EXPECT_EQ(table.rows[0][0].text, "mmcl");
  EXPECT_EQ(table.rows[0][2].text, "3");
  EXPECT_EQ(table.rows[0][3].text, "53.0");           // 51, 52, 53 and one point on test
  EXPECT_EQ(table.rows[0][3].small, "[50.5, 55.5]");  // 4.303 / sqrt(3)
  EXPECT_EQ(table.rows[1][3].text, "–");              // ASR <= 1 %: none in any seed
  EXPECT_EQ(table.rows[1][5].text, "3 of 3");
}

TEST(Seeds, HaveTheColourOfTheirModel) {
  Seeds f;
  f.all();
  const Experiment& e = *f.experiment_;
  ASSERT_EQ(e.models.size(), 2U);
  EXPECT_EQ(e.models[1].name, "mmcl_ssl");
  EXPECT_EQ(e.models[1].groups, (std::vector<std::size_t>{3, 4, 5}));
  EXPECT_EQ(colour_of(e.groups[0]), colour_of(e.groups[2]));
  EXPECT_NE(colour_of(e.groups[0]), colour_of(e.groups[3]));
  const auto explorer = explorer_of(e);
  EXPECT_EQ(explorer.series, (std::vector<std::string>{"mmcl", "mmcl_ssl"}));
  Tips none(false);
  const auto d = scatter(e, "test", Layout::kFile, none);
  std::set<int> stars;
  int keys = 0;
  for (const auto& shape : d.shapes) {
    if (shape.classes.find("last") != std::string::npos) stars.insert(shape.fill);
    keys += shape.text == "mmcl" || shape.text == "mmcl_ssl";
  }
  EXPECT_EQ(stars, (std::set<int>{series(0), series(1)}));
  EXPECT_EQ(keys, 2);
}

TEST(Seeds, TheSummaryHasAModelOnce) {
  Seeds f;
  for (auto& row : f.records["cmmcl_ssl3"])  // not within the bound in one of three seeds
    if (row.metric == "attack_success" && row.epoch == 1) row.value = 9;
  f.all();
  const auto html = summary_html(*f.experiment_);
  EXPECT_THAT(html, HasSubstr("mmcl<span class=\"badge good\">cleaned</span>"));
  EXPECT_THAT(html, HasSubstr("<b>53.0</b>"));  // of 52, 53 and 54
  EXPECT_THAT(html, HasSubstr("ASR 4.0 to 4.0&nbsp;%, accuracy 52.0 to 54.0&nbsp;%"));
  EXPECT_THAT(html, HasSubstr("cleaned in 2 of 3 seeds"));
  std::size_t cards = 0;
  for (std::size_t at = 0; (at = html.find("<article", at)) != std::string::npos; ++at) ++cards;
  EXPECT_EQ(cards, 2U);
  const auto sentences = summary_sentences(*f.experiment_);
  EXPECT_THAT(sentences, ::testing::Contains(
                             "Cleaning mmcl at its best (chosen on validation in each of 3 seeds) "
                             "leaves an ASR of 4.0 % (4.0 to 4.0 over 3 seeds) and an accuracy of "
                             "53.0 % (52.0 to 54.0 over 3 seeds) on test, 7.0 points less than "
                             "before."));
  EXPECT_THAT(sentences,
              ::testing::Contains(HasSubstr("in 2 of 3 seeds, in the others no model gets")));
}

TEST(Seeds, OfAnotherProtocolHaveACardOfTheirOwn) {
  Seeds f;
  for (auto& row : f.records["cmmcl3"]) row.prompts = "other";
  f.all();
  const auto html = summary_html(*f.experiment_);
  EXPECT_THAT(html, HasSubstr("mmcl, 3<span"));
  EXPECT_THAT(html, HasSubstr("Means over 2 seeds"));
}

TEST(Seeds, GroupsOfOneSettingAndSeedAreModelsOfTheirOwn) {
  Experiment e;
  for (const char* seed : {"1", "2", "1"}) e.groups.push_back({seed, "same", seed, true, true, {}});
  make_models(e);
  EXPECT_EQ(e.models.size(), 3U);
}

TEST(Seeds, OfAnotherProtocolAreNeverAveraged) {
  Seeds f;
  for (auto& row : f.records["cmmcl3"]) row.prompts = "other";
  const auto list = studies(f.all());
  ASSERT_EQ(list.size(), 3U);
  EXPECT_EQ(list[0].seeds.size(), 2U);
  EXPECT_EQ(list[1].name, "mmcl (protocol 2)");
  EXPECT_EQ(list[1].seeds.size(), 1U);
  EXPECT_EQ(seeds_table(f.pools_).rows[0][3].text, "52.5");
  EXPECT_THAT(differences_table(f.pools_).rows[0][2].text, HasSubstr("no seed in common"));
  EXPECT_THAT(differences_table(f.pools_).rows[2][2].text, HasSubstr("different protocols"));
}

TEST(Seeds, DifferencesArePairedByImage) {
  Seeds f;
  const auto table = differences_table(f.all());
  ASSERT_EQ(table.rows.size(), 1U);
  const auto& row = table.rows[0];
  EXPECT_EQ(row[2].text, "+25.0");  // 4 of 16 images only in the first
  EXPECT_EQ(row[4].text, "3");
  EXPECT_EQ(row[5].text, "16");
  EXPECT_EQ(row[2].small, differences_table(f.pools_).rows[0][2].small);
}

TEST(Seeds, WithoutOutcomesNothingIsCompared) {
  Seeds f;
  for (auto& [id, rows] : f.records)
    for (auto& row : rows) row.outcomes.clear();
  EXPECT_TRUE(differences_table(f.all()).rows.empty());
  EXPECT_EQ(choice_tables(f.pools_).size(), 2U);
}

}  // namespace
}  // namespace theriac::report
