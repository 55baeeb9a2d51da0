#include "theriac/experiment/plan.h"

#include <gmock/gmock.h>

#include "experiment/sweep_fixture.h"
#include "text/small_wordnet.h"

namespace theriac::experiment {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::Pair;

using PlanTest = SweepTest;

TEST_F(PlanTest, StagesWithEqualSettingsAreOneStage) {
  const auto path = write(std::string(kChain) + kSweep);
  const auto plan = make_plan(load_sweep(path, {}), path);
  std::map<std::string, int> kinds;
  for (const auto& stage : plan.file.stages) ++kinds[stage.kind];
  EXPECT_THAT(kinds, ElementsAre(Pair("clean", 4), Pair("poison", 1), Pair("pretrain", 3)));
  EXPECT_EQ(plan.file.cells[0].stages[1], plan.file.cells[1].stages[1]);
  EXPECT_EQ(plan.file.find(plan.file.cells[0].stages[1])->label, "pretrain mmcl");
  EXPECT_EQ(plan.file.find(plan.file.cells[4].stages[0])->label, "pretrain unpoisoned");
}

TEST_F(PlanTest, IdsFollowResultsAndNothingElse) {
  const auto ids = [&](const std::vector<std::string>& sets) {
    const auto path = write(kChain);
    std::vector<std::string> result;
    for (const auto& stage : make_plan(load_sweep(path, {sets}), path).stages)
      result.push_back(stage.id);
    return result;
  };
  const auto plain = ids({});
  ASSERT_EQ(plain.size(), 3u);
  EXPECT_EQ(ids({"name=other", "device=auto", "loader.workers=3", "pretrain.checkpoint.keep=1"}),
            plain);
  EXPECT_EQ(ids({"evaluate=[{type: zero_shot}]"}), plain);
  const auto other_seed = ids({"seed=2"});
  for (int i = 0; i < 3; ++i) EXPECT_NE(other_seed[i], plain[i]);
  const auto cleaned_longer = ids({"clean.epochs=2"});
  EXPECT_EQ(cleaned_longer[1], plain[1]);
  EXPECT_NE(cleaned_longer[2], plain[2]);
  // Plain pairs do not look at the second view; cleaning does.
  const auto other_views = ids({"loader.augment.flip=0.1"});
  EXPECT_EQ(other_views[1], plain[1]);
  EXPECT_NE(other_views[2], plain[2]);
}

TEST_F(PlanTest, StagesThatDifferInTheirSeedsAreAlike) {
  const auto path = write(kChain);
  const auto alike = [&](std::vector<std::string> sets) {
    std::vector<std::string> result, ids;
    const auto plan = make_plan(load_sweep(path, {std::move(sets)}), path);
    for (const auto& stage : plan.file.stages)
      result.push_back(stage.alike), ids.push_back(stage.id);
    EXPECT_EQ(core::PlanFile(nlohmann::json(plan.file)).stages.back().alike, result.back());
    return std::pair{result, ids};
  };
  const auto [base, ids] = alike({});
  ASSERT_EQ(base.size(), 3u);
  const auto [seeded, others] = alike({"seed=2"});
  EXPECT_EQ(base, seeded);
  for (std::size_t i = 0; i < ids.size(); ++i) EXPECT_NE(ids[i], others[i]);
  EXPECT_EQ(alike({"poison.trigger={type: warped, seed: 5}"}).first,
            alike({"poison.trigger={type: warped, seed: 6}"}).first);
  for (const char* set : {"poison.count=5", "poison.target=cat", "data.train.scenes=65"}) {
    const auto changed = alike({set}).first;
    for (std::size_t i = 0; i < 3; ++i) EXPECT_NE(base[i], changed[i]) << set << i;
  }
  const auto wider = alike({"pretrain.batch_size=8"}).first;
  EXPECT_EQ(base[0], wider[0]);
  EXPECT_NE(base[1], wider[1]);
  EXPECT_NE(base[2], wider[2]);
  const auto subset = [&](const std::string& count, const std::string& seed) {
    return alike({"data.cleaning={type: subset, of: train, count: " + count + "}", seed}).first[2];
  };
  EXPECT_EQ(subset("32", "seed=1"), subset("32", "seed=2"));
  EXPECT_NE(subset("32", "seed=1"), subset("24", "seed=1"));
}

// A setting that is off is not there: what older programs trained is found again after a new
// optional setting.
TEST(ShortHash, DoesNotCountWhatIsNull) {
  using nlohmann::json;
  EXPECT_EQ(short_hash(json::parse(R"({"a": 1, "b": null, "c": [{"d": null}]})")),
            short_hash(json::parse(R"({"a": 1, "c": [{}]})")));
  EXPECT_NE(short_hash(json::parse(R"({"a": [null, 1]})")),
            short_hash(json::parse(R"({"a": [1]})")));
  EXPECT_EQ(short_hash(json{{"a", 1}}).size(), 12u);
}

TEST_F(PlanTest, LabelsNameTheAxesThatConcernTheStage) {
  const auto path = write(std::string(kChain) + R"(
sweep:
  - seed: {key: seed, values: [1]}
    learning_rate: {key: clean.optimizer.learning_rate, values: [1e-3]}
    subset: {small: {data: {cleaning: {scenes: 32}}}}
    objective: {mmcl: {pretrain: {epochs: 1}}, ssl: {}}
  - seed: {key: seed, values: [2]}
    learning_rate: {key: clean.optimizer.learning_rate, values: [0, 1e-3]}
)");
  std::vector<std::string> labels;
  for (const auto& stage : make_plan(load_sweep(path, {}), path).file.stages)
    labels.push_back(stage.label);
  EXPECT_THAT(labels,
              ElementsAre("poison seed 1", "pretrain seed 1, mmcl",
                          "clean seed 1, learning rate 1e-3, small, mmcl", "pretrain seed 1, ssl",
                          "clean seed 1, learning rate 1e-3, small, ssl", "poison seed 2",
                          "pretrain seed 2", "clean seed 2, learning rate 0",
                          "clean seed 2, learning rate 1e-3"));
}

TEST(ValueText, NamesTheAxisOfWhatIsNoName) {
  for (const char* name : {"mmcl", "mmcl+intra_modal", "é", "a b"})
    EXPECT_EQ(core::value_text("the_axis", name), name);
  for (const std::string value : {"1", "-1", ".5", "5e-4", "true", "NULL", "type=mmcl", ""})
    EXPECT_EQ(core::value_text("the_axis", value), "the axis " + value);
}

// What is in a file decides results, not what it is called.
TEST_F(PlanTest, TheContentOfLabelsCountsInAStagesId) {
  const auto labels = [&](const std::string& name, int classes) {
    std::ofstream file(folder_ / name);
    file << "key,label\n";
    const auto path = write(kChain);
    const auto plan = make_plan(load_sweep(path, {}), path);
    DataCache cache;
    Workspace workspace(*plan.stages.back().config, cache);
    const auto source = workspace.source("cleaning");
    for (int i = 0; i < 64; ++i) file << source->row(i).key << ',' << i % classes << '\n';
    return (folder_ / name).string();
  };
  const auto id = [&](const std::string& file) {
    const auto path = write(kChain);
    const auto plan = make_plan(
        load_sweep(path, {{"clean.objective=[{type: clustering, labels: " + file + "}]"}}), path);
    return plan.stages.back().id;
  };
  const auto three = id(labels("a.csv", 3));
  EXPECT_EQ(id(labels("b.csv", 3)), three);
  EXPECT_NE(id(labels("a.csv", 4)), three);
}

TEST_F(PlanTest, TheContentOfWordNetCountsWhereSynonymsAreUsed) {
  const text::SmallWordNet wordnet;
  const auto moved = folder_ / "wordnet";
  std::filesystem::copy(wordnet.path(), moved, std::filesystem::copy_options::recursive);
  const auto id = [&](const std::filesystem::path& folder, const std::string& objective) {
    const auto path = write(kChain);
    const auto plan = make_plan(
        load_sweep(path, {{"loader.augment_text={synonyms: true, wordnet: " + folder.string() + "}",
                           "clean.objective=[{type: mmcl}" + objective + "]"}}),
        path);
    return plan.stages.back().id;
  };
  const std::string ssl = ", {type: intra_modal}";
  const auto with = id(wordnet.path(), ssl), without = id(wordnet.path(), "");
  EXPECT_EQ(id(moved, ssl), with);
  std::ofstream(moved / "noun.exc", std::ios::app) << "hounden hound\n";
  EXPECT_NE(id(moved, ssl), with);
  EXPECT_EQ(id(moved, ""), without);  // no second captions are looked at
}

TEST_F(PlanTest, WhatCannotWorkIsSaidBeforeAnythingStarts) {
  const auto plan_error = [&](const std::string& set) -> std::string {
    const auto path = write(kChain);
    try {
      make_plan(load_sweep(path, {{set}}), path);
    } catch (const Error& e) {
      return e.what();
    }
    return "no error";
  };
  EXPECT_THAT(plan_error("poison.target=dgo"), HasSubstr("did you mean 'dog'"));
  EXPECT_THAT(plan_error("pretrain.batch_size=65"), HasSubstr("larger than data.train"));
  EXPECT_THAT(plan_error("poison.count=64"), HasSubstr("64"));
}

}  // namespace
}  // namespace theriac::experiment
