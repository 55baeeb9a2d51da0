#include "theriac/experiment/sweep.h"

#include <gmock/gmock.h>

#include "experiment/sweep_fixture.h"
#include "theriac/experiment/plan.h"

namespace theriac::experiment {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::Pair;

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

}  // namespace
}  // namespace theriac::experiment
