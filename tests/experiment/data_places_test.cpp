#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>

#include "core/temporary.h"
#include "theriac/config/document.h"
#include "theriac/core/error.h"
#include "theriac/experiment/sweep.h"
#include "theriac/experiment/workspace.h"

namespace theriac::experiment {
namespace {

using ::testing::AllOf;
using ::testing::EndsWith;
using ::testing::HasSubstr;
using ::testing::StartsWith;

std::string refusal(const std::string& train, const std::string& cleaning = "null") {
  const auto config = read_config(config::Document::parse(
      "data: {train: " + train + ", cleaning: " + cleaning + "}\npretrain: {epochs: 1}", "test"));
  DataCache cache;
  Workspace workspace(config, cache);
  try {
    workspace.source(cleaning == "null" ? "train" : "cleaning");
  } catch (const Error& error) {
    return error.what();
  }
  return "no error";
}

// Every source says which setting names the place, what the place is, and what to do.
TEST(DataPlaces, OneThatIsNotThereIsSaidWithItsSetting) {
  int tried = 0;
  for (const auto& [name, doc] : data::table().names()) {
    if (name == "subset") continue;  // of other data
    const std::string key = name == "emoji" ? "font" : "path";
    EXPECT_THAT(refusal("{type: " + name + ", " + key + ": /nowhere/set}"),
                AllOf(StartsWith("data.train." + key + ": "), HasSubstr("/nowhere/set"),
                      HasSubstr("; give the place where it is")))
        << name;
    ++tried;
  }
  EXPECT_GE(tried, 8);
}

TEST(DataPlaces, PatternsAndFurtherFilesToo) {
  const theriac::testing::TemporaryFolder folder;
  std::ofstream(folder / "pairs.csv") << "image,caption,label\na.png,x,dog\n";
  const std::string csv = "{type: csv, path: " + (folder / "pairs.csv").string();
  EXPECT_THAT(refusal("{type: webdataset, path: '/nowhere/{000..002}.tar'}"),
              AllOf(StartsWith("data.train.path: "), HasSubstr("/nowhere/000.tar does not exist")));
  EXPECT_THAT(refusal("{type: webdataset, path: '/nowhere/*.tar'}"),
              StartsWith("data.train.path: "));
  EXPECT_THAT(refusal(csv + ", label_key: label, classes_file: /nowhere/classes.txt}"),
              StartsWith("data.train.classes_file: "));
  // A fault inside a file that is there: no advice about its place.
  EXPECT_THAT(refusal(csv + ", image_key: picture}"),
              AllOf(StartsWith("data.train"), HasSubstr("no column \"picture\""),
                    ::testing::Not(HasSubstr("give the place"))));
  // What a subset is taken from is named, once.
  EXPECT_THAT(refusal("{type: csv, path: /nowhere/a.csv}", "{type: subset, of: train, count: 1}"),
              AllOf(StartsWith("data.train.path: csv"), EndsWith("stands in)")));
}

}  // namespace
}  // namespace theriac::experiment
