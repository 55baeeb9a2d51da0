#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "config/example.h"
#include "theriac/config/document.h"
#include "theriac/core/error.h"
#include "theriac/core/text.h"

namespace theriac::config {
namespace {

using example::Experiment;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

std::vector<std::string> wrong(const std::string& text, std::vector<std::string> sets = {}) {
  Document document = Document::parse(text, "f");
  for (const auto& set : sets) document.set(set);
  Experiment experiment;
  return problems(document, experiment);
}

std::string error_of(const std::string& text) {
  try {
    Document::parse(text, "f");
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), Exit::kUser);
    return error.what();
  }
  return "";
}

Experiment good(const std::string& text) {
  Experiment experiment;
  read(Document::parse("name: x\n" + text, "f"), experiment);
  return experiment;
}

TEST(Reader, Defaults) {
  const Experiment e = good("");
  EXPECT_EQ(e.name, "x");
  EXPECT_EQ(e.train.batch_size, 128);
  EXPECT_FALSE(e.poison);
  EXPECT_EQ(e.objective.at(0).type, "mmcl");
}

TEST(Reader, EveryKindOfField) {
  const Experiment e = good(R"(
seed: -3
tags: [a, 'b c']
gpus: [0, 1]
train: {shuffle: false, stop_after: 2, optimizer: {learning_rate: 2e-3, betas: [0, 1], clip: 1}}
poison: {target: banana, count: 5, trigger: {type: blended, image: a/../b.png}}
clean: [{epochs: 2}, {type: shrink, factor: 0.25}]
objective: [{type: mmcl, weight: 2}, {type: intra_modal}]
more: {zeta: {type: random_patch, noise: binary}, alpha: {type: random_patch}}
expect: [{metric: asr, at_least: 80}]
held_out: {type: random_patch}
)");
  EXPECT_EQ(e.seed, -3);
  EXPECT_THAT(e.tags, ElementsAre("a", "b c"));
  EXPECT_THAT(e.gpus, ElementsAre(0, 1));
  EXPECT_FALSE(e.train.shuffle);
  EXPECT_EQ(e.train.stop_after, 2);
  EXPECT_EQ(e.train.optimizer.learning_rate, 2e-3);
  EXPECT_EQ(e.train.optimizer.clip, 1.0);
  EXPECT_EQ(dynamic_cast<const example::Blended&>(*e.poison->trigger).image,
            (std::filesystem::current_path() / "b.png").string());
  EXPECT_EQ(e.clean.at(0).type, "fine_tune");
  EXPECT_EQ(dynamic_cast<const example::FineTune&>(*e.clean[0]).epochs, 2);
  EXPECT_EQ(e.clean.at(1).type, "shrink");
  EXPECT_EQ(dynamic_cast<const example::Mmcl&>(*e.objective.at(0)).weight, 2);
  EXPECT_EQ(e.more.at(0).first, "zeta");
  EXPECT_EQ(dynamic_cast<const example::Patch&>(*e.more[0].second).noise,
            example::Patch::Noise::kBinary);
  EXPECT_EQ(e.expect.at(0).at_least, 80);
  EXPECT_TRUE(e.held_out);
}

TEST(Reader, OneComponentInTheListsPlace) {
  EXPECT_EQ(good("clean: {epochs: 3}").clean.size(), 1u);
  EXPECT_EQ(good("clean: null").clean.size(), 0u);
}

TEST(Reader, NullRemovesSectionsAndComponentsOnly) {
  Experiment experiment;
  experiment.name = "x";
  experiment.poison.emplace().target = "y";
  experiment.held_out = Choice<example::Trigger>(example::triggers, "random_patch");
  read(Document::parse("poison: null\nheld_out:\ntrain: {stop_after: null}", "f"), experiment);
  EXPECT_FALSE(experiment.poison);
  EXPECT_FALSE(experiment.held_out);
  EXPECT_THAT(wrong("name: x\nseed: null"),
              ElementsAre("f:2:1: seed: expected an integer, got nothing (null)"));
}

TEST(Reader, ReadingLeavesCopiesOfTheDefaultsAlone) {
  const Experiment defaults;
  Experiment experiment = defaults;
  read(Document::parse("name: x\nobjective: [{weight: 5}]\n", "f"), experiment);
  EXPECT_EQ(dynamic_cast<const example::Mmcl&>(*experiment.objective[0]).weight, 5);
  EXPECT_EQ(dynamic_cast<const example::Mmcl&>(*defaults.objective[0]).weight, 1);
}

TEST(Reader, StrictScalars) {
  for (const char* text : {"1.5", "1e3", "010", "0x10", "+5", "5.", "yes", "\"5\"", "''", "1_000",
                           "--5", "[1]", "{a: 1}", "99999999999999999999", "0o7", "5 6"})
    EXPECT_EQ(wrong(std::string("name: x\nseed: ") + text).size(), 1u) << text;
  for (const char* text : {"yes", "on", "True", "TRUE", "1", "'true'", "no"})
    EXPECT_EQ(wrong(std::string("name: x\ntrain: {shuffle: ") + text + "}").size(), 1u) << text;
  for (const char* text : {".nan", "nan", "inf", "-inf", ".inf", "1e400", "1e", "01.5", "'0.5'",
                           "0x1p3", "1,5", "-", "2e-3x"})
    EXPECT_GE(
        wrong(std::string("name: x\ntrain: {optimizer: {learning_rate: ") + text + "}}").size(), 1u)
        << text;
  for (const char* text : {"0", "2e-3", "0.002", "1E-3", "5"})
    EXPECT_THAT(wrong(std::string("name: x\ntrain: {optimizer: {learning_rate: ") + text + "}}"),
                IsEmpty())
        << text;
  EXPECT_EQ(good("seed: -9223372036854775808").seed, INT64_MIN);
  EXPECT_THAT(wrong("name: x\nseed: 9223372036854775808"),
              ElementsAre("f:2:1: seed: expected an integer of at most 63 bits, got "
                          "'9223372036854775808'"));
  EXPECT_EQ(good("tags: [5, true, 'null']").tags, (std::vector<std::string>{"5", "true", "null"}));
}

TEST(Reader, ProblemsInFileOrderThenSet) {
  EXPECT_THAT(
      wrong("seed: 1.5\ntrain:\n  batch_siz: 3\n  optimizer: {clip: -1}\nname: x\n",
            {"train.batch_size=0", "seed=true"}),
      ElementsAre("f:3:3: train.batch_siz: unknown key; did you mean 'batch_size'?",
                  "f:4:15: train.optimizer.clip: expected a value >= 0, got '-1'",
                  "--set seed=true: seed: expected an integer, got 'true'",
                  "--set train.batch_size=0: train.batch_size: expected a value in [1, 1000000], "
                  "got '0'"));
}

TEST(Reader, ChecksRunOnlyWhereAllElseIsRight) {
  EXPECT_THAT(wrong("name: x\npoison:\n  target: y\n  count: 13\n"),
              ElementsAre("f:4:3: poison.count: 13 brings bad luck"));
  EXPECT_THAT(wrong("name: x\npoison: {target: y, count: 13, x: 1}\n").size(), 1u);
  EXPECT_THAT(wrong("name: x\npoison: {target: y, count: 3, trigger: null}\n"),
              ElementsAre("f:2:31: poison.trigger: poison needs a trigger; set count to 0"));
}

TEST(Reader, Components) {
  EXPECT_THAT(wrong("name: x\nheld_out: random_patch"),
              ElementsAre("f:2:1: held_out: expected a map such as {type: random_patch}, got "
                          "'random_patch'"));
  EXPECT_THAT(wrong("name: x\nheld_out: {size: 3}"),
              ElementsAre(HasSubstr("f:2:1: held_out: no 'type'; the choices of trigger are:\n"
                                    "    random_patch  A square of noise.\n")));
  EXPECT_THAT(wrong("name: x\nheld_out: {type: random_path}"),
              ElementsAre(HasSubstr("f:2:12: held_out.type: unknown trigger 'random_path'; did you "
                                    "mean 'random_patch'? the choices of trigger are:\n")));
  EXPECT_THAT(
      wrong("name: x\nheld_out: {type: blended, size: 3}"),
      ElementsAre("f:2:1: held_out.image: required: The image that is blended in.",
                  "f:2:27: held_out.size: unknown key; the keys here are: type alpha image"));
  EXPECT_THAT(wrong("name: x\nobjective: [mmcl, null]"),
              ElementsAre("f:2:13: objective.0: expected a map such as {type: mmcl}, got 'mmcl'",
                          "f:2:19: objective.1: expected a map such as {type: mmcl}, got nothing "
                          "(null)"));
  EXPECT_THAT(wrong("name: x\nmore: {A-b: {type: random_patch}}"),
              ElementsAre("f:2:8: more.A-b: a name has only a-z, 0-9 and _"));
}

TEST(Reader, EmptyAndOddRoots) {
  EXPECT_THAT(wrong(""), ElementsAre("name: required: Name of the experiment's folder."));
  EXPECT_THAT(wrong("- a"), ElementsAre("f:1:1: the file: expected a map, got a list"));
  EXPECT_THAT(wrong("{}"), ElementsAre("f:1:1: name: required: Name of the experiment's folder."));
}

TEST(Parse, RefusesWhatYamlCanDoTooMuchOf) {
  EXPECT_THAT(error_of("a: &x 1\nb: 2\n"), HasSubstr("  f:1:4: anchors (&name) are not supported"));
  EXPECT_THAT(error_of("a: &x [1]\nb: *x\n"), HasSubstr("aliases (*name) are not supported"));
  EXPECT_THAT(error_of("a: !!int 1\n"), HasSubstr("tags ('tag:yaml.org,2002:int')"));
  EXPECT_THAT(error_of("a: !x {b: 1}\n"), HasSubstr("tags ('!x')"));
  EXPECT_THAT(error_of("a:\n  <<: {b: 1}\n"),
              HasSubstr("f:2:3: a.<<: merge keys are not supported; use 'base:'"));
  EXPECT_THAT(error_of("? [a]\n: 1\n"), HasSubstr("a key must be a word"));
  EXPECT_THAT(error_of(": 1\n"), HasSubstr("a key is missing"));
  EXPECT_THAT(error_of("a: 1\n---\nb: 1\n"), HasSubstr("more than one YAML document"));
  EXPECT_THAT(error_of(std::string(40, '[') + std::string(40, ']')),
              HasSubstr("nested deeper than 32 levels"));
  EXPECT_THAT(error_of(std::string(1 << 19, '[')), HasSubstr("nested deeper than 32 levels"));
  EXPECT_THAT(error_of(std::string((1 << 20) + 1, 'a')), HasSubstr("larger than 1 MiB"));
  EXPECT_THAT(error_of("a: 1\nb: \x04\nc: 3\n"), HasSubstr("f:2:4: a control character (0x04)"));
  EXPECT_THAT(error_of("a: \xff\n"), HasSubstr("not valid UTF-8"));
}

TEST(Parse, SyntaxErrorsAreOneLineWithAPlace) {
  EXPECT_EQ(error_of("a: 1\nb: [1, 2\nc: 3\n"),
            "1 problem in the configuration:\n"
            "  f:3:2: not valid YAML: end of sequence flow not found");
  EXPECT_THAT(error_of("a: b: c\n"), HasSubstr("f:1:5: not valid YAML: "));
  EXPECT_THAT(error_of("a: \"\\q\"\n"), HasSubstr("f:1:7: not valid YAML: unknown escape"));
}

TEST(Parse, AnOpenQuoteDoesNotSwallowTheRest) {
  EXPECT_EQ(error_of("name: 'x\nseed: 5\n"),
            "1 problem in the configuration:\n  f:1:7: not valid YAML: this quote is never closed");
  EXPECT_THAT(error_of("a: \"x\\\"\n"), HasSubstr("f:1:4: not valid YAML: "));
  EXPECT_EQ(error_of("\xEF\xBB\xBF# \xc3\xa4\na: 'it''s'\nb: \"q\\\"\"\nc: ''\n"), "");
}

TEST(Parse, DuplicateKeysAreAllNamed) {
  EXPECT_EQ(error_of("a: 1\nb: {c: 1, c: 2}\na: 2\na: 3\n"),
            "3 problems in the configuration:\n"
            "  f:2:11: b.c: duplicate key (first at f:2:5)\n"
            "  f:3:1: a: duplicate key (first at f:1:1)\n"
            "  f:4:1: a: duplicate key (first at f:1:1)");
}

TEST(Parse, JsonIsTheSameLanguage) {
  const Experiment e = good("");
  Experiment from_json;
  read(Document::parse("{\n\t\"name\": \"x\",\n\t\"train\": {\"batch_size\": 64}\n}\n", "f.json"),
       from_json);
  EXPECT_EQ(from_json.train.batch_size, 64);
  EXPECT_THAT(error_of("{\"a\": 1, \"a\": 2}"), HasSubstr("f:1:10: a: duplicate key"));
}

TEST(CheckKey, FollowsWhatIsChosen) {
  Experiment e = good("clean: {epochs: 3}\npoison: {target: y}\nmore: {m: {type: random_patch}}\n");
  for (const char* key :
       {"seed", "train", "train.optimizer.learning_rate", "train.optimizer.betas.1",
        "poison.target", "poison.trigger.type", "poison.trigger.size", "clean", "clean.epochs",
        "clean.0.epochs", "clean.optimizer.clip", "clean.objective.0.weight", "clean.type",
        "objective.0.weight", "more.m.size", "held_out.type", "objective", "train.stop_after"})
    EXPECT_EQ(check_key(key, e), "") << key;
  EXPECT_EQ(check_key("clean.optimiser.clip", e),
            "clean.optimiser: unknown key; did you mean 'optimizer'?");
  EXPECT_EQ(check_key("train.x", e),
            "train.x: unknown key; the keys here are: batch_size shuffle precision stop_after "
            "optimizer");
  EXPECT_EQ(check_key("seed.x", e), "seed: a single value; there is no 'x' below it");
  EXPECT_EQ(check_key("objective.1.weight", e),
            "objective.1: the list has 1 item(s); the first is 0");
  EXPECT_EQ(check_key("objective.weight", e),
            "objective: a list; its items are named by number: objective.0");
  EXPECT_THAT(check_key("held_out.size", e),
              HasSubstr("held_out: nothing is chosen there; set held_out.type first"));
  EXPECT_EQ(check_key("more.n.size", e), "more.n: no such name; there are: m");
  EXPECT_EQ(check_key("", e).rfind(": unknown key", 0), 0u);
  Experiment without = good("");
  EXPECT_EQ(check_key("poison.count", without), "");
  EXPECT_FALSE(without.poison);
}

}  // namespace
}  // namespace theriac::config
