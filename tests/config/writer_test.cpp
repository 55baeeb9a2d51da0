#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <nlohmann/json.hpp>

#include "config/example.h"
#include "theriac/config/document.h"
#include "theriac/core/random.h"

namespace theriac::config {
namespace {

using example::Experiment;
using ::testing::ElementsAre;
using ::testing::HasSubstr;

Experiment parsed(const std::string& text) {
  Experiment experiment;
  read(Document::parse(text, "f"), experiment);
  return experiment;
}

TEST(Writer, WholeTextWithOrigins) {
  Document d = Document::parse(
      "name: x\npoison: {target: 'the banana', count: 5}\nclean:\n  epochs: 2\nexpect:\n"
      "  - {metric: asr}\n",
      "f.yaml");
  d.set("train.optimizer.learning_rate=2e-3");
  Experiment e;
  read(d, e);
  EXPECT_EQ(to_yaml(e, &d), R"(name: x                   # f.yaml:1
seed: 1                   # default
tags: []                  # default
gpus: []                  # default
train:
  batch_size: 128         # default
  shuffle: true           # default
  precision: fp32         # default
  stop_after: null        # default
  optimizer:
    learning_rate: 0.002  # --set train.optimizer.learning_rate=2e-3
    betas: [0.9, 0.98]    # default
    clip: null            # default
poison:
  target: the banana      # f.yaml:2
  count: 5                # f.yaml:2
  trigger:
    type: random_patch    # default
    size: 16              # default
    noise: uniform        # default
clean:
  type: fine_tune         # default
  epochs: 2               # f.yaml:4
  objective:
    - type: mmcl          # default
      weight: 1           # default
  optimizer:
    learning_rate: 0.001  # default
    betas: [0.9, 0.98]    # default
    clip: null            # default
objective:
  - type: mmcl            # default
    weight: 1             # default
more: {}                  # default
expect:
  - metric: asr           # f.yaml:6
    at_least: null        # default
held_out: null            # default
)");
}

TEST(Writer, ReadsBackToTheSame) {
  core::Stream random = core::stream(1, "round trip");
  const std::vector<std::string> texts = {
      "",          "plain",    "true",    "null",     "~",      "5",
      "1e3",       "a: b",     "# no",    " lead",    "trail ", "two\nlines",
      "tab\there", "quote\"s", "back\\s", "it's",     "- item", "\xc3\xa4\xf0\x9f\x8d\x8c",
      "{x}",       "[y]",      "*a",      "&b",       "!t",     "%d",
      "@x",        "`",        "yes",     "\x01\x7f", "0x10",   "a #b",
      "?",         "|",        ">",       "=",        "<<",     "1.5",
      "-",         "---",      "...",     "nan",      ".inf",   "a,b"};
  const auto number = [&] {
    const double x = random.normal();
    switch (random.below(4)) {
      case 0:
        return x * 1e-9;
      case 1:
        return x * 1e18;
      case 2:
        return static_cast<double>(random.below(100));
      default:
        return x;
    }
  };
  for (int round = 0; round < 120; ++round) {
    Experiment e;
    e.name = "n" + texts[random.below(texts.size())];
    e.seed = static_cast<std::int64_t>(random.bits64());
    for (std::uint64_t i = random.below(4); i > 0; --i)
      e.tags.push_back(texts[random.below(texts.size())]);
    for (std::uint64_t i = random.below(3); i > 0; --i) e.gpus.push_back(static_cast<int>(i));
    e.train.precision = texts[random.below(texts.size())];
    e.train.optimizer.learning_rate = std::fabs(random.normal()) * 1e-6;
    if (random.chance(0.5)) e.train.optimizer.clip = std::fabs(number());
    if (random.chance(0.5)) e.train.stop_after = 3;
    if (random.chance(0.5)) {
      e.poison.emplace().target = "t";
      if (random.chance(0.5)) e.poison->trigger = Choice<example::Trigger>(example::triggers);
    }
    e.clean.assign(random.below(3), Choice<example::Cleaner>(example::cleaners, "shrink"));
    if (random.chance(0.5)) e.clean.emplace_back(example::cleaners, "fine_tune");
    e.objective.assign(random.below(3), Choice<example::Term>(example::terms, "intra_modal"));
    if (random.chance(0.5))
      e.more.emplace_back("m1", Choice<example::Trigger>(example::triggers, "random_patch"));
    for (std::uint64_t i = random.below(3); i > 0; --i) {
      e.expect.emplace_back().metric = "m" + texts[random.below(texts.size())];
      if (random.chance(0.5)) e.expect.back().at_least = number();
    }
    const std::string text = to_yaml(e);
    Experiment again = parsed(text);
    ASSERT_EQ(to_json(again), to_json(e)) << text;
    ASSERT_EQ(to_yaml(again), text);
    Experiment from_json;
    read(Document::parse(to_json(e).dump(1, '\t'), "f.json"), from_json);
    ASSERT_EQ(to_json(from_json), to_json(e));
  }
}

TEST(Writer, NumbersAreShort) {
  Experiment e =
      parsed("name: x\ntrain: {optimizer: {learning_rate: 1e-5, betas: [2e-3, 0.1, 1]}}");
  e.expect.emplace_back().metric = "m";
  e.expect[0].at_least = 1e20;
  const std::string text = to_yaml(e);
  EXPECT_THAT(text, HasSubstr("learning_rate: 1e-5\n"));
  EXPECT_THAT(text, HasSubstr("betas: [0.002, 0.1, 1]\n"));
  EXPECT_THAT(text, HasSubstr("at_least: 1e20\n"));
}

TEST(Differences, OnlyWhatDiffers) {
  Experiment e = parsed(
      "name: x\ntrain: {batch_size: 64}\nclean: {type: shrink, factor: 0.25}\n"
      "held_out: {type: random_patch}\nobjective: [{weight: 2}]\n");
  Experiment defaults;
  std::vector<std::string> lines;
  for (const auto& d : differences(e, defaults))
    lines.push_back(d.key + ": " + d.default_value + " -> " + d.value);
  EXPECT_THAT(
      lines, ElementsAre("name: \"\" -> x", "train.batch_size: 128 -> 64", "clean.type:  -> shrink",
                         "clean.factor:  -> 0.25", "objective.0.weight: 1 -> 2",
                         "held_out.type:  -> random_patch", "held_out.size:  -> 16",
                         "held_out.noise:  -> uniform", "clean: [] -> ", "held_out: null -> "));
  EXPECT_TRUE(differences(defaults, defaults).empty());
}

TEST(Reference, NamesEverythingOnce) {
  Experiment e;
  const std::string text = reference(e);
  for (const char* line :
       {"| `name` | text | *required* |  | Name of the experiment's folder. |",
        "## train\n\nThe training.\n",
        "| `optimizer.learning_rate` | number | `0.001` | [0, 10] | Peak of the schedule. |",
        "## poison\n\nThe attack. (may be left out)\n",
        "| `trigger` | [trigger](#components-trigger) | `random_patch` |  | What is put into an "
        "image. |",
        "| `clean` | [cleaner](#components-cleaner), or a list of them | `[]` |  | The defence. |",
        "| `objective` | list of [objective term](#components-objective-term) | `mmcl` |",
        "| `more` | map of names to [trigger](#components-trigger) | `{}` |",
        "| `expect[].metric` | text | *required* |", "## Components: objective term\n",
        "### `intra_modal`\n\nView against view.\n",
        "| `noise` | uniform, binary | `uniform` |  | What it is filled with. |"})
    EXPECT_THAT(text, HasSubstr(line));
  EXPECT_EQ(text.find("## Components: trigger"), text.rfind("## Components: trigger"));
  EXPECT_FALSE(e.poison);
  Experiment fresh;
  EXPECT_EQ(reference(fresh), text);
}

}  // namespace
}  // namespace theriac::config
