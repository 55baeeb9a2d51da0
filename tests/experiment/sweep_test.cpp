#include "theriac/experiment/sweep.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>

#include "core/temporary.h"
#include "text/small_wordnet.h"
#include "theriac/core/error.h"
#include "theriac/experiment/plan.h"

namespace theriac::experiment {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::Pair;

// The shape of the quickstart, small enough that its data is indexed at once.
constexpr const char* kChain = R"(
name: shape
device: cpu
data:
  train: {type: emoji, scenes: 64, classes: 4}
  cleaning: {type: emoji, scenes: 64, split: cleaning, classes: 4}
  validation: {type: emoji, scenes: 16, split: validation, classes: 4}
  test: {type: emoji, scenes: 16, split: test, classes: 4}
model: {preset: tiny_rn, image_size: 32}
poison: {target: dog, count: 4}
pretrain: {epochs: 2, batch_size: 16}
clean: {epochs: 1, batch_size: 16, objective: [{type: mmcl}, {type: intra_modal}]}
evaluate: [{type: zero_shot}, {type: attack_success}]
)";
constexpr const char* kSweep = R"(
sweep:
  pretraining:
    mmcl: {}
    mmcl_ssl: {pretrain: {objective: [{type: mmcl}, {type: intra_modal}]}}
    unpoisoned: {poison: {count: 0}, clean: null}
  learning_rate:
    key: clean.optimizer.learning_rate
    values: [0, 1e-3]
)";

class SweepTest : public ::testing::Test {
 protected:
  std::filesystem::path write(const std::string& text) {
    const auto path = folder_ / ("sweep_" + std::to_string(++count_) + ".yaml");
    std::ofstream(path) << text;
    return path;
  }
  std::string error(const std::string& text, const LoadOptions& options = {}) {
    try {
      load_sweep(write(text), options);
    } catch (const Error& e) {
      return e.what();
    }
    return "no error";
  }
  theriac::testing::TemporaryFolder folder_;
  int count_ = 0;
};

TEST_F(SweepTest, AxisWithoutEffectCollapsesToOneCell) {
  const auto sweep = load_sweep(write(std::string(kChain) + kSweep), {});
  ASSERT_EQ(sweep.cells.size(), 5u);  // 2 x 2, and the unpoisoned one, which has no cleaning
  EXPECT_THAT(sweep.cells[1].values,
              ElementsAre(Pair("pretraining", "mmcl"), Pair("learning_rate", "1e-3")));
  EXPECT_THAT(sweep.cells[4].values, ElementsAre(Pair("pretraining", "unpoisoned")));
  EXPECT_THAT(sweep.axes[1].values, ElementsAre("0", "1e-3"));
}

TEST_F(SweepTest, TheSweepItselfCanBeSet) {
  const auto path = write(std::string(kChain) + kSweep);
  EXPECT_EQ(load_sweep(path, {{"sweep=null"}}).cells.size(), 1u);
  const auto one = load_sweep(path, {{"sweep.learning_rate.values=[4e-3]", "pretrain.epochs=3"}});
  EXPECT_THAT(one.axes[1].values, ElementsAre("4e-3"));
  EXPECT_EQ(read_config(one.cells[0].document).pretrain->epochs, 3);
}

TEST_F(SweepTest, StagesWithEqualSettingsAreOneStage) {
  const auto path = write(std::string(kChain) + kSweep);
  const auto plan = make_plan(load_sweep(path, {}), path);
  std::map<std::string, int> kinds;
  for (const auto& stage : plan.file.stages) ++kinds[stage.kind];
  EXPECT_THAT(kinds, ElementsAre(Pair("clean", 4), Pair("poison", 1), Pair("pretrain", 3)));
  EXPECT_EQ(plan.file.cells[0].stages[1], plan.file.cells[1].stages[1]);
  EXPECT_EQ(plan.file.find(plan.file.cells[0].stages[1])->label, "pretrain mmcl");
  EXPECT_EQ(plan.file.find(plan.file.cells[4].stages[0])->label, "pretrain unpoisoned");
}

TEST_F(SweepTest, IdsFollowResultsAndNothingElse) {
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

TEST_F(SweepTest, StagesThatDifferInTheirSeedsAreAlike) {
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

TEST_F(SweepTest, AxesOfSeedsAreReplicates) {
  const auto replicates = [&](const std::string& sweep) {
    const auto path = write(std::string(kChain) + "sweep:\n" + sweep);
    const auto file = make_plan(load_sweep(path, {}), path).file;
    nlohmann::json json = file;
    const core::PlanFile read = json;
    EXPECT_EQ(read.axes.at(0).replicates(), file.axes.at(0).replicates());
    json["axes"][0].erase("replicates");  // as plans were before: by the key
    EXPECT_EQ(core::PlanFile(json).axes.at(0).replicates(),
              file.axes.at(0).replicates() && !file.axes.at(0).key.empty());
    return file.axes.at(0).replicates();
  };
  EXPECT_TRUE(replicates("  s: {key: seed, values: [1, 2]}"));
  EXPECT_TRUE(replicates("  s: {key: clean.seed, values: [1, 2]}"));
  EXPECT_TRUE(replicates("  s: {s1: {seed: 1}, s2: {seed: 2}}"));
  EXPECT_TRUE(replicates("  s: {s1: {}, s2: {pretrain: {seed: 2}, clean: {seed: 3}}}"));
  EXPECT_FALSE(replicates("  s: {s1: {seed: 1}, s2: {seed: 2, clean: {epochs: 2}}}"));
  EXPECT_FALSE(replicates("  s: {key: clean.epochs, values: [1, 2]}"));
  EXPECT_FALSE(replicates("  s: {s1: {}}"));
  EXPECT_FALSE(replicates("- s: {s1: {seed: 1}, s2: {seed: 2}}\n- s: {s1: {clean: {epochs: 3}}}"));
}

TEST_F(SweepTest, LabelsNameTheAxesThatConcernTheStage) {
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

TEST_F(SweepTest, BlocksAreUnited) {
  const auto sweep = load_sweep(
      write(
          std::string(kChain) +
          "sweep:\n- {seed: {key: seed, values: [1, 2]}}\n- {seed: {key: seed, values: [2, 3]}}\n"),
      {});
  EXPECT_EQ(sweep.cells.size(), 3u);
  EXPECT_THAT(sweep.axes[0].values, ElementsAre("1", "2", "3"));
}

TEST_F(SweepTest, SetComesAfterThePatches) {
  const auto sweep = load_sweep(write(std::string(kChain) + kSweep), {{"pretrain.epochs=7"}});
  for (const auto& cell : sweep.cells) EXPECT_EQ(read_config(cell.document).pretrain->epochs, 7);
}

TEST_F(SweepTest, SmokeShrinksAndRenames) {
  const auto sweep = load_sweep(write(std::string(kChain) + kSweep), {{}, true});
  EXPECT_EQ(sweep.name, "shape-smoke");
  for (const auto& cell : sweep.cells) EXPECT_EQ(read_config(cell.document).data.limit, 1024);
}

TEST_F(SweepTest, SmokeShrinksEveryCleanerOfAPipeline) {
  std::string chain = kChain;
  const auto clean = chain.find("clean: {epochs");
  chain.replace(clean, chain.find('\n', clean) - clean,
                "clean: [{type: shrink_and_perturb}, {epochs: 5, batch_size: 512}, "
                "{from: {checkpoint: epoch 3}, epochs: 5}]");
  const auto config = read_config(load_sweep(write(chain), {{}, true}).cells.at(0).document);
  ASSERT_EQ(config.clean.size(), 3u);
  EXPECT_EQ(config.clean[0]->training(), nullptr);
  EXPECT_EQ(config.clean[1]->training()->epochs, 1);
  EXPECT_EQ(config.clean[1]->training()->batch_size, 64);
  EXPECT_EQ(config.clean[2]->from.epoch(), 1);
}

TEST_F(SweepTest, ANameThatIsSetIsCheckedLikeOneInTheFile) {
  EXPECT_EQ(load_sweep(write(kChain), {{"name=other"}}).name, "other");
  EXPECT_THAT(error(kChain, {{"name=../other"}}), HasSubstr("cannot be a folder's name"));
}

TEST_F(SweepTest, ZippedAxesAdvanceTogetherAndCellsCanBeExcluded) {
  const auto sweep = load_sweep(write(std::string(kChain) + R"(
sweep:
  seed: {key: seed, values: [1, 2]}
  rate: {key: clean.optimizer.learning_rate, values: [1e-3, 2e-3, 3e-3]}
  batch: {key: clean.batch_size, values: [8, 16, 32]}
  zip: [[rate, batch]]
  exclude: [{seed: 2, rate: 3e-3}]
)"),
                                {});
  std::vector<std::string> names;
  for (const auto& cell : sweep.cells) {
    std::string name;
    for (const auto& [axis, value] : cell.values) name += value + " ";
    names.push_back(name);
  }
  EXPECT_THAT(names,
              ElementsAre("1 1e-3 8 ", "1 2e-3 16 ", "1 3e-3 32 ", "2 1e-3 8 ", "2 2e-3 16 "));
}

TEST_F(SweepTest, ZipsAndExclusionsThatCannotBeAreNamed) {
  const std::string axes =
      std::string(kChain) +
      "sweep:\n  a: {key: seed, values: [1, 2]}\n  b: {key: pretrain.epochs, values: [1]}\n";
  EXPECT_THAT(error(axes + "  zip: [[a, b]]\n"), HasSubstr("a has 2 value(s), b has 1"));
  EXPECT_THAT(error(axes + "  zip: [[a]]\n"), HasSubstr("two or more axes"));
  EXPECT_THAT(error(axes + "  zip: [[a, c]]\n"), HasSubstr("of this block (a, b), got 'c'"));
  EXPECT_THAT(error(axes + "  exclude: [{a: 3}]\n"), HasSubstr("axis a has no value '3'"));
  EXPECT_THAT(error(axes + "  exclude: [{c: 3}]\n"), HasSubstr("no axis of this block is named"));
  EXPECT_THAT(error(axes + "  exclude: [{b: 1}]\n"), HasSubstr("every cell is excluded"));
}

TEST_F(SweepTest, ZipAndExcludeAreListsAndNoAxes) {
  const std::string axes = std::string(kChain) + "sweep:\n  a: {key: seed, values: [1, 2]}\n";
  EXPECT_THAT(error(axes + "  zip: {key: pretrain.epochs, values: [1]}\n"),
              HasSubstr("sweep.zip: expected a list of lists of axes, [[a, b]]; no axis may have"));
  EXPECT_THAT(error(axes + "  exclude: {a: 1}\n"),
              HasSubstr("sweep.exclude: expected a list of maps of axis and value"));
}

TEST_F(SweepTest, AxesThatCannotBeAreNamed) {
  const auto with = [&](const std::string& axes) {
    return error(std::string(kChain) + "sweep:\n" + axes);
  };
  EXPECT_THAT(with("  a: {key: seed, values: [1], valeus: [2]}\n"),
              HasSubstr("sweep.a.valeus: unknown key; did you mean 'values'?"));
  EXPECT_THAT(with("  a: {kye: seed, values: [1]}\n"),
              HasSubstr("sweep.a.kye: unknown key; did you mean 'key'?"));
  EXPECT_THAT(with("  a: {x: 3}\n"), HasSubstr("sweep.a.x: expected a map of settings"));
  EXPECT_THAT(with("  a: {key: seed, values: [1, 2]}\n  b: {key: seed, values: [3]}\n"),
              HasSubstr("sweep.b.key: seed is the key of axis a, too"));
  EXPECT_THAT(with("  a: {key: name, values: [x, y]}\n"),
              HasSubstr("sweep.a.key: name belongs to the experiment"));
  EXPECT_THAT(with("  a: {x: {name: y}}\n"), HasSubstr("sweep.a.x.name: name belongs to"));
}

TEST_F(SweepTest, AnAxisThatIsNullIsRemoved) {
  const auto path = write(std::string(kChain) + kSweep);
  EXPECT_EQ(load_sweep(path, {{"sweep.pretraining=null"}}).cells.size(), 2u);
}

TEST_F(SweepTest, APatchThatIsNullIsRemoved) {
  const auto base = write(std::string(kChain) + kSweep);
  const auto with = [&](const std::string& patches) {
    return "base: " + base.string() + "\nname: fewer\nsweep: {pretraining: " + patches + "}\n";
  };
  const auto sweep = load_sweep(write(with("{mmcl: null}")), {});
  EXPECT_THAT(sweep.axes[0].values, ElementsAre("mmcl_ssl", "unpoisoned"));
  EXPECT_EQ(sweep.cells.size(), 3u);
  EXPECT_THAT(error(with("{mmcl: null, mmcl_ssl: null, unpoisoned: null}")),
              HasSubstr("sweep.pretraining: expected named patches"));
}

TEST_F(SweepTest, TooManyCellsAreRefusedWithTheSizes) {
  std::string axes = "sweep:\n";
  for (const auto& [name, key] : {std::pair{"a", "seed"}, std::pair{"b", "pretrain.epochs"}}) {
    axes += std::string("  ") + name + ": {key: " + key + ", values: [1";
    for (int i = 2; i <= 400; ++i) axes += ", " + std::to_string(i);
    axes += "]}\n";
  }
  EXPECT_THAT(error(kChain + axes),
              HasSubstr("sweep: 400 of a x 400 of b are 160000 cells; expected at most 100000"));
}

TEST_F(SweepTest, CellsShareSelectionAndMayDifferInTarget) {
  EXPECT_THAT(
      error(std::string(kChain) + "sweep: {a: {key: selection, values: [validation, test]}}\n"),
      HasSubstr("make their choices on different data (test, validation)"));
  EXPECT_THAT(error(std::string(kChain) + "sweep: {a: {x: {}, y: {data: {test: null}}}}\n"),
              HasSubstr("are reported on different data (test, validation)"));
  const auto path =
      write(std::string(kChain) + "sweep: {a: {key: poison.target, values: [dog, cat]}}\n");
  EXPECT_EQ(make_plan(load_sweep(path, {}), path).file.target, "dog, cat");
}

TEST_F(SweepTest, UnknownTopLevelKeyNamesThoseOfTheFile) {
  EXPECT_THAT(error(std::string(kChain) + "sweeep: {}\n"), HasSubstr("did you mean 'sweep'?"));
  const auto text = error(std::string(kChain) + "zzzzzzzzzz: 1\n");
  EXPECT_THAT(text, HasSubstr("zzzzzzzzzz: unknown key; the keys here are: base sweep expect"));
  EXPECT_THAT(text, HasSubstr("poison"));
  EXPECT_THAT(text, HasSubstr("1 problem(s)"));
}

TEST_F(SweepTest, KeyThatDoesNotExistIsNamedWithItsPlace) {
  const auto text = error(std::string(kChain) +
                          "sweep: {rate: {key: clean.optimizer.learning_rat, values: [1]}}\n");
  EXPECT_THAT(text, HasSubstr("sweep.rate.key"));
  EXPECT_THAT(text, HasSubstr("learning_rate"));
}

TEST_F(SweepTest, ProblemsOfAllCellsAreReportedOnce) {
  const auto text = error(std::string(kChain) +
                          "sweep:\n  a: {x: {pretrain: {epochs: 0}}, y: {pretrain: {epoch: 3}}}\n"
                          "  b: {key: seed, values: [1, 2]}\n");
  EXPECT_THAT(text, HasSubstr("2 problem(s)"));
  EXPECT_THAT(text, HasSubstr("did you mean 'epochs'"));
}

TEST_F(SweepTest, ExpectationNamesAxisAndValue) {
  EXPECT_THAT(
      error(std::string(kChain) + kSweep +
            "expect: [{stage: pretrain, cell: {pretraining: siglip}, metric: zero_shot_top1, "
            "at_least: 1}]\n"),
      HasSubstr("the axis has no value 'siglip'"));
  EXPECT_THAT(error(std::string(kChain) + "expect: [{stage: pretrain, metric: x}]\n"),
              HasSubstr("at_least"));
  EXPECT_THAT(error(std::string(kChain) +
                    "expect: [{stage: pretrain, metric: x, at: best, at_least: 1}]\n"),
              HasSubstr("it needs stage: clean"));
  EXPECT_THAT(
      error(std::string(kChain) + "expect: [{stage: clean, metric: x, at_least: 1, bound: 10}]\n"),
      HasSubstr("only with at: best"));
}

// 64 pairs, 1 epoch; the quickstart's evaluation sets have 16 pictures each.
TEST_F(SweepTest, PricesCountWhatIsEmbeddedBesideTheSteps) {
  const auto stage = [&](const std::vector<std::string>& sets) {
    const auto path = write(kChain);
    const auto plan = make_plan(load_sweep(path, {sets}), path);
    return std::pair{plan.stages.back(), prices(plan, folder_ / "none", {}).back().flops};
  };
  const std::string mmcl = "clean.objective=[{type: mmcl}";
  const auto [plain, base] = stage({mmcl + "]"});
  EXPECT_EQ(plain.evaluated, 2 * 2 * (16 + 16));  // before and after the epoch
  const auto [fewer, less] = stage({mmcl + "]", "evaluate=[{type: zero_shot}]"});
  EXPECT_EQ(fewer.evaluated, 2 * (16 + 16));
  const double picture = (base - less) / 64;
  ASSERT_GT(picture, 0);
  const auto clustered = stage({mmcl + ", {type: clustering, clusters: 4}]"}).second;
  EXPECT_NEAR(clustered - base, 64 * picture, 1e-6 * base);
  const auto [shorter, removing] = stage({mmcl + "]", "clean.remove={fraction: 0.25}"});
  EXPECT_EQ(shorter.samples, 48);
  EXPECT_GT(removing - base * 48 / 64, 64 * picture);  // and captions
  const std::string extra = "data.extra={known: {type: emoji, scenes: 40, classes: 4}}";
  EXPECT_EQ(stage({extra}).first.evaluated, plain.evaluated);  // nothing asks for it
  const auto probed = stage({extra, "evaluate=[{type: knn, k: 3, memory: known}]"}).first;
  EXPECT_EQ(probed.evaluated, 2 * (2 * (16 + 16) + 40));  // the memory without triggers
}

TEST_F(SweepTest, HoursComeFromWhatIsKnownOfTheSpeed) {
  const auto path = write(kChain);
  const auto plan = make_plan(load_sweep(path, {}), path);
  const auto runs = folder_ / "stages";
  const auto& clean = plan.stages[2];
  const auto hours = [&](const Throughput& throughput) {
    return prices(plan, runs, throughput)[2].hours;
  };
  EXPECT_LT(hours({}), 0);

  Throughput given;
  given.given_teraflops = 0.5;
  EXPECT_DOUBLE_EQ(hours(given), prices(plan, runs, {})[2].flops / 0.5e12 / 3600);

  core::StageStatus status;
  status.id = clean.id;
  status.state = core::StageState::kDone;
  status.pairs_per_second = 8;
  status.evaluation_seconds = 4;
  std::filesystem::create_directories(runs / clean.id);
  std::ofstream(runs / clean.id / "status.json") << nlohmann::json(status);
  const auto found = finished_throughput(plan, runs);
  EXPECT_DOUBLE_EQ(hours(found), (static_cast<double>(clean.samples) / 8 + 4) / 3600);
  EXPECT_LT(prices(plan, runs, found)[1].hours, 0);  // the pre-training has other views
}

TEST_F(SweepTest, StepsThatNoStageHasToldOfAreMeasured) {
  const auto path = write(kChain);
  const auto plan = make_plan(load_sweep(path, {}), path);
  Throughput throughput;
  measure_throughput(plan, side_by_side(plan, 0, ""), throughput);
  EXPECT_EQ(throughput.teraflops.size(), 1u);  // one model, one batch size
  for (const auto& price : prices(plan, folder_ / "none", throughput)) EXPECT_GE(price.hours, 0);
  throughput.teraflops.clear();
  for (const auto& stage : plan.stages) throughput.pairs[work_kind(stage)] = 1;
  measure_throughput(plan, side_by_side(plan, 0, ""), throughput);
  EXPECT_TRUE(throughput.teraflops.empty());
}

// What is in a file decides results, not what it is called.
TEST_F(SweepTest, TheContentOfLabelsCountsInAStagesId) {
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

TEST_F(SweepTest, TheContentOfWordNetCountsWhereSynonymsAreUsed) {
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

TEST_F(SweepTest, WhatCannotWorkIsSaidBeforeAnythingStarts) {
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
