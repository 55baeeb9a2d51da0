#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "config/example.h"
#include "core/message.h"
#include "core/temporary.h"
#include "theriac/config/document.h"
#include "theriac/core/files.h"

namespace theriac::config {
namespace {

using example::Experiment;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using theriac::testing::message;
using theriac::testing::TemporaryFolder;

TEST(Merge, MapsMergeListsReplaceTypesReplace) {
  Document d =
      Document::parse("a: {x: 1, y: 2}\nl: [1, 2]\nt: {type: p, k: 1}\nu: {type: p, k: 1}", "f");
  d.merge(Document::parse("a: {y: 3, z: 4}\nl: [3]\nt: {type: q}\nu: {type: p, j: 2}\nn: 1", "g"));
  EXPECT_THAT(d.keys(), ElementsAre("a", "l", "t", "u", "n"));
  EXPECT_THAT(d.at("a").keys(), ElementsAre("x", "y", "z"));
  EXPECT_EQ(d.at("a.y").scalar(), "3");
  EXPECT_EQ(d.at("a.y").position(), "g:1:5");
  EXPECT_EQ(d.at("a.x").position(), "f:1:5");
  EXPECT_EQ(d.at("l").items().size(), 1u);
  EXPECT_THAT(d.at("t").keys(), ElementsAre("type"));
  EXPECT_THAT(d.at("u").keys(), ElementsAre("type", "k", "j"));
  EXPECT_TRUE(d.at("none.x").empty());
  EXPECT_EQ(d.at("l.0").scalar(), "3");
}

TEST(Merge, NullRemovesAndCanBeFilledAgain) {
  Document d = Document::parse("clean: {epochs: 1}", "f");
  d.merge(Document::parse("clean: null", "g"));
  EXPECT_TRUE(d.at("clean").empty());
  EXPECT_THAT(d.keys(), ElementsAre("clean"));
  d.set("clean.epochs=3");
  EXPECT_EQ(d.at("clean.epochs").scalar(), "3");
}

TEST(Merge, CopiesStayAsTheyWere) {
  const Document before = Document::parse("a: {x: 1}", "f");
  Document after = before;
  after.set("a.x=2");
  EXPECT_EQ(before.at("a.x").scalar(), "1");
  EXPECT_EQ(after.at("a.x").scalar(), "2");
}

TEST(Merge, SetAddressesListItems) {
  Document d = Document::parse("objective: [{type: mmcl}, {type: intra_modal, image: 2}]", "f");
  d.set("objective.1.image=3");
  d.set("objective.0={type: intra_modal}");
  EXPECT_EQ(d.at("objective.1.image").scalar(), "3");
  EXPECT_EQ(d.at("objective.1.image").position(), "--set objective.1.image=3");
  EXPECT_EQ(d.at("objective.0.type").scalar(), "intra_modal");
  EXPECT_EQ(message([&] { d.set("objective.2.image=1"); }),
            "--set objective.2.image=1: objective.2: the list has 2 item(s); the first is 0");
  EXPECT_THAT(message([&] { d.set("objective.image=1"); }),
              HasSubstr("objective is a list; name an item by its number"));
  EXPECT_EQ(d.at("objective").items().size(), 2u);
}

TEST(Merge, SetNeedsAKeyAndAValue) {
  Document d;
  for (const char* text : {"a", "=1", ".a=1", "a..b=1", ""})
    EXPECT_THAT(message([&] { d.set(text); }), HasSubstr("expected KEY=VALUE")) << text;
  EXPECT_THAT(message([&] { d.set("a=[1"); }),
              HasSubstr("\n  --set a=[1: a key must be a word, not a map or a list; or a bracket"));
  d.set("a.b=");
  EXPECT_TRUE(d.at("a.b").empty());
  EXPECT_TRUE(d.at("a").is_map());
  d.set("a.b=x=y");
  EXPECT_EQ(d.at("a.b").scalar(), "x=y");
}

TEST(Merge, TakeAndSingle) {
  Document d = Document::parse("sweep: {key: a.b, values: [1, 2]}\nname: x", "f");
  const Document sweep = d.take("sweep");
  EXPECT_THAT(d.keys(), ElementsAre("name"));
  EXPECT_TRUE(d.take("sweep").empty());
  const Document one = Document::single(sweep.at("key").scalar(), sweep.at("values").items()[1]);
  EXPECT_EQ(one.at("a.b").scalar(), "2");
  EXPECT_EQ(one.at("a.b").position(), "f:1:31");
  EXPECT_EQ(one.at("a.b").dotted(), "sweep.values.1");
}

TEST(Base, FilesBelowFiles) {
  const TemporaryFolder folder;
  core::write_file(folder / "base/low.yaml",
                   "seed: 1\nheld_out: {type: blended, image: low.png}\ntags: [low]\n");
  core::write_file(folder / "base/other.yaml", "seed: 2\nbase: low.yaml\ntrain: {batch_size: 7}\n");
  core::write_file(folder / "main.yaml",
                   "base: [base/other.yaml]\nname: x\ntrain: {shuffle: false}\n");
  const Document d = Document::load(folder / "main.yaml");
  EXPECT_THAT(d.keys(), ElementsAre("seed", "held_out", "tags", "train", "name"));
  EXPECT_EQ(d.at("tags").position(), (folder / "base/low.yaml").string() + ":3:1");
  Experiment e;
  read(d, e);
  EXPECT_EQ(e.seed, 2);
  EXPECT_EQ(e.train.batch_size, 7);
  EXPECT_FALSE(e.train.shuffle);
  EXPECT_EQ(dynamic_cast<const example::Blended&>(*e.held_out).image,
            (folder / "base/low.png").string());
}

TEST(Base, CirclesAndMissingFilesHaveAPlace) {
  const TemporaryFolder folder;
  core::write_file(folder / "a.yaml", "base: b.yaml\n");
  core::write_file(folder / "b.yaml", "\nbase: [./a.yaml, none.yaml, 3: 4]\n");
  const std::string b = (folder / "b.yaml").string();
  EXPECT_EQ(message([&] { Document::load(folder / "a.yaml"); }),
            "3 problems in the configuration:\n  " + b +
                ":2:29: base: expected a file or a list of files, got a map\n  " + b +
                ":2:8: base: a circle: " + (folder / "a.yaml").string() +
                " is already being read\n  " + b + ":2:18: base: cannot read " +
                (folder / "none.yaml").string() + ": No such file or directory");
}

}  // namespace
}  // namespace theriac::config
