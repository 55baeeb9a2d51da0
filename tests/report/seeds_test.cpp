#include "report/seeds.h"

#include <gmock/gmock.h>

#include <algorithm>
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

// "pmmcl_ssl"
std::string model_of(const core::PlanStage& stage) {
  return stage.id.substr(0, stage.id.find_first_of("123"));
}

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
  EXPECT_THAT(html, HasSubstr("mmcl, seed 3<span"));
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

// One objective's model of `seed`, cleaned at one more rate, where it is better than at the first.
void add_rate(Seeds& f, int seed, const std::string& rate, double accuracy) {
  const std::string id = "mmcl" + std::to_string(seed), clean = "c" + id + "at" + rate;
  f.add_stage("clean", clean, "p" + id, {{"learning_rate", std::stod(rate)}});
  f.plan.cells.push_back({{{"pretraining", "mmcl"}, {"seed", std::to_string(seed)}, {"rate", rate}},
                          {"p" + id, clean}});
  f.point(clean, 0, 60, 99);
  f.point(clean, 1, accuracy, 4);
  for (auto& row : f.records[clean]) row.n = 16;
  f.status(clean, core::StageState::kDone);
}

TEST(Seeds, AreChosenAmongThePointsThatAllOfThemHave) {
  Seeds f;
  f.plan.axes.push_back({"rate", "clean.learning_rate", {"0.1", "0.2"}});
  add_rate(f, 1, "0.1", 90);  // this seed alone
  for (const int seed : {1, 2, 3}) add_rate(f, seed, "0.2", 60);
  f.point("cmmcl3at0.2", 2, 95, 4);  // this epoch alone
  for (auto& row : f.records["cmmcl3at0.2"]) row.n = 16;
  const auto table = seeds_table(f.all());
  EXPECT_EQ(table.rows[0][3].text, "60.0");
  EXPECT_EQ(table.rows[0][6].text, "2");  // the first rate and 0.2, each at epoch 1
  EXPECT_THAT(table.note, HasSubstr("mmcl: 2 points left out that not all of its seeds have; 2 in "
                                    "each are chosen from."));
  const auto final = std::find_if(table.rows.begin(), table.rows.end(),
                                  [](const auto& row) { return row[1].text.starts_with("final"); });
  ASSERT_NE(final, table.rows.end());  // the third seed's last epoch at 0.2 is the second
  EXPECT_EQ((*final)[6].text, "1");
  EXPECT_EQ((*final)[3].text, "53.0");
}

TEST(Seeds, WithoutACommonPointHaveNoMean) {
  Seeds f;
  for (int seed = 1; seed <= 3; ++seed)
    f.plan.stages[static_cast<std::size_t>(2 * seed - 1)].settings["learning_rate"] = seed;
  const auto table = seeds_table(f.all());
  EXPECT_EQ(table.rows[0][3].text, "nothing in common");
  EXPECT_EQ(table.rows[0][2].text, "0");
  EXPECT_THAT(table.note, HasSubstr("mmcl: no mean, as its seeds have no settings and epochs"));
  EXPECT_EQ(table.rows[8][3].text, "41.0");  // the other study is as it was
  EXPECT_THAT(differences_table(f.pools_).rows.size(), 0U);
}

TEST(Seeds, ASeedThatIsNotMeasuredYetTakesNothingFromTheOthers) {
  Seeds f;
  f.records.erase("cmmcl3");
  const auto table = seeds_table(f.all());
  EXPECT_EQ(table.rows[0][3].text, "52.5");
  EXPECT_EQ(table.rows[0][5].text, "1 of 3");
}

// Two runs of one name, as `theriac report` gets them.
// Seeds 4, 5 and 6, in stages of their own.
void use_other_seeds(Seeds& g) {
  for (auto& axis : g.plan.axes)
    if (axis.name == "seed") axis.values = {"4", "5", "6"};
  for (auto& cell : g.plan.cells)
    cell.values[1].second = std::to_string(std::stoi(cell.values[1].second) + 3);
  for (auto& stage : g.plan.stages) {
    stage.id += "b";
    if (!stage.parent.empty()) stage.parent += "b";
  }
  for (auto& cell : g.plan.cells)
    for (auto& id : cell.stages) id += "b";
  auto records = std::move(g.records);
  g.records.clear();
  for (auto& [id, rows] : records) g.records[id + "b"] = rows;
}

std::vector<Pool> of_two(Seeds& first, Seeds& second) {
  auto all = first.all();
  const auto& more = second.all();
  all.insert(all.end(), more.begin(), more.end());
  return all;
}

TEST(Seeds, RunsOfOneNameAreAveragedOnlyWhereTheyDifferInSeedsAlone) {
  Seeds f, g;
  for (auto& stage : g.plan.stages)
    if (stage.kind == "pretrain")
      stage.settings = {{"seed", stage.settings["seed"].get<int>() + 3}, {"parent", "another"}};
  use_other_seeds(g);
  auto pools = of_two(f, g);
  ASSERT_EQ(studies(pools).size(), 2U);
  EXPECT_EQ(studies(pools)[0].seeds.size(), 6U);

  for (auto& stage : g.plan.stages)
    if (stage.kind == "pretrain") stage.settings["model"] = {{"image", {{"type", "vit"}}}};
  pools = of_two(f, g);
  const auto apart = studies(pools);
  ASSERT_EQ(apart.size(), 4U);
  EXPECT_EQ(apart[2].name, "mmcl (settings 2)");
  EXPECT_EQ(apart[2].seeds.size(), 3U);
  EXPECT_THAT(seeds_table(pools).note,
              HasSubstr("mmcl (settings 2) is not averaged with its namesake: it differs in "
                        "pretrain model/image/type."));
  EXPECT_EQ(seeds_table(pools).rows[0][3].text, "53.0");
}

TEST(Seeds,
     HiddenSettingsCountThroughThePlan) {  // what was poisoned is a hash in a stage's settings
  Seeds f, g;
  for (Seeds* each : {&f, &g})
    for (auto& stage : each->plan.stages)
      stage.alike = model_of(stage) + (stage.kind == "pretrain" && each == &g ? " 300" : " 150");
  for (auto& cell : g.plan.cells) cell.values[1].second += "0";
  const auto all = of_two(f, g);
  EXPECT_EQ(studies(all).size(), 4U);
  EXPECT_THAT(remarks(studies(all)), HasSubstr("it differs in what was poisoned, or how"));
}

TEST(Seeds, AComparisonHasTheSameDigitsInEveryReport) {
  Seeds f, g;
  g.plan.name = "other";
  const auto alone = differences_table(f.all()).rows.at(0);
  const auto rows = differences_table(of_two(g, f)).rows;
  const auto same = std::find_if(rows.begin(), rows.end(), [](const auto& row) {
    return row[0].text == "quickstart: mmcl" && row[1].text == "quickstart: mmcl_ssl";
  });
  ASSERT_NE(same, rows.end());
  EXPECT_EQ((*same)[2].small, alone[2].small);
  EXPECT_EQ((*same)[3].small, alone[3].small);
}

TEST(Seeds, ThatAreThereTwiceCountOnceAndAreNamed) {
  Seeds f, g;
  const auto all = of_two(f, g);
  EXPECT_EQ(studies(all)[0].seeds.size(), 3U);
  EXPECT_THAT(seeds_table(all).note,
              HasSubstr("mmcl: there twice and counted once: seed 1, seed 2, seed 3."));
}

// Models of `models` seeds, each cleaned with seeds 1 and 2 at two rates.
struct CleaningSeeds : Seeds {
  explicit CleaningSeeds(int models) {
    plan.axes = {{"seed", "pretrain.seed", {}},
                 {"rate", "clean.optimizer.learning_rate", {"0.1", "0.2"}},
                 {"again", "", {"first", "second"}, true}};
    plan.cells.clear();
    plan.stages.clear();
    records.clear();
    for (int model = 1; model <= models; ++model) {
      const std::string m = std::to_string(model);
      plan.axes[0].values.push_back(m);
      add_stage("pretrain", "p" + m, "", {{"seed", model}});
      for (const std::string rate : {"0.1", "0.2"})
        for (const std::string again : {"first", "second"}) {
          const std::string id = "c" + m + rate + again;
          const int seed = again == "first" ? 1 : 2;
          add_stage("clean", id, "p" + m, {{"seed", seed}, {"learning_rate", std::stod(rate)}});
          plan.cells.push_back({{{"seed", m}, {"rate", rate}, {"again", again}}, {"p" + m, id}});
          point(id, 1, 40 + 10 * model + 4 * seed + (rate == "0.2"), 4);
          for (auto& row : records[id]) {
            row.n = 16;
            row.outcomes = core::to_base64("\xFF\x0F");
          }
        }
    }
    for (const auto& stage : plan.stages) status(stage.id, core::StageState::kDone);
  }
};

TEST(Seeds, OfCleaningAreAveragedAndNeverChosenAmong) {
  CleaningSeeds f(1);
  const auto& pools = f.all();
  ASSERT_EQ(pools.size(), 2U);
  EXPECT_EQ(pools[0].candidates.size(), 2U);
  EXPECT_EQ(best_under(*f.experiment_).size(), 2U);
  const auto table = seeds_table(pools);
  ASSERT_EQ(table.rows.size(), 8U);
  EXPECT_EQ(table.rows[0][2].text, "2");
  EXPECT_EQ(table.rows[0][3].text, "57.0");  // 55 and 59, each the better rate
  EXPECT_EQ(table.rows[0][6].text, "2");
  EXPECT_EQ(f.experiment_->cleaning_axes, "rate");
  EXPECT_EQ(f.experiment_->cleanings, (std::vector<std::string>{"0.1", "0.2"}));
}

TEST(Seeds, OfCleaningAndOfModelsGiveAnIntervalOverTheModels) {
  CleaningSeeds f(3);
  const auto table = seeds_table(f.all());
  ASSERT_EQ(table.rows.size(), 8U);
  EXPECT_EQ(table.rows[0][2].text, "3");
  EXPECT_EQ(table.rows[0][3].text, "67.0");
  EXPECT_EQ(table.rows[0][3].small, "[42.2, 91.8]");  // 57, 67, 77: 10 / sqrt(3) 4.303
}

TEST(Seeds, OfCleaningArePairedWithinTheirModel) {
  CleaningSeeds f(3), g(3);
  g.plan.name = "other";
  for (auto& [id, rows] : g.records)
    for (auto& row : rows) row.outcomes = core::to_base64("\x0F\x0F");
  const auto rows = differences_table(of_two(f, g)).rows;
  ASSERT_EQ(rows.size(), 1U);
  EXPECT_EQ(rows[0][2].text, "+25.0");
  EXPECT_EQ(rows[0][4].text, "3");   // models
  EXPECT_EQ(rows[0][5].text, "16");  // of each model, not of its cleanings together
}

TEST(Seeds, NamedPatchesOfSeedsAreSeedsWhereThePlanSaysSo) {
  Seeds f;
  for (auto& cell : f.plan.cells) cell.values[1].second = "s" + cell.values[1].second;
  f.plan.axes[1] = {"seed", "", {"s1", "s2", "s3"}, true};
  EXPECT_EQ(seeds_table(f.all()).rows.size(), 16U);
  f.plan.axes[1].seeds = false;
  EXPECT_EQ(seeds_table(f.all()).rows.size(), 0U);
}

TEST(Seeds, WithoutOutcomesNothingIsCompared) {
  Seeds f;
  for (auto& [id, rows] : f.records)
    for (auto& row : rows) row.outcomes.clear();
  EXPECT_TRUE(differences_table(f.all()).rows.empty());
  EXPECT_EQ(choice_tables(f.pools_).size(), 2U);
}

// `theriac report runs/seed_1 runs/seed_2 --out together`.
TEST(Seeds, ExperimentsThatAreAlikeAreOneStudyWhateverTheirNames) {
  Seeds f, g;
  g.plan.name = "other";
  use_other_seeds(g);
  EXPECT_EQ(studies(of_two(f, g)).size(), 4U);  // settings alone do not tell
  for (Seeds* each : {&f, &g})
    for (auto& stage : each->plan.stages) stage.alike = model_of(stage);
  const auto one = studies(of_two(f, g));
  ASSERT_EQ(one.size(), 2U);
  EXPECT_EQ(one[0].name, "mmcl");
  EXPECT_EQ(one[0].seeds.size(), 6U);
  for (auto& stage : g.plan.stages)
    if (stage.kind == "pretrain") stage.alike += " longer";
  const auto apart = studies(of_two(f, g));
  ASSERT_EQ(apart.size(), 4U);
  EXPECT_EQ(apart[2].name, "other: mmcl");
}

}  // namespace
}  // namespace theriac::report
