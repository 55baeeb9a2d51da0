#include "theriac/data/prompts.h"

#include <gmock/gmock.h>
#include <stdlib.h>

#include <fstream>

#include "core/message.h"
#include "core/temporary.h"

namespace theriac::data {
namespace {

TEST(Prompts, ArticleGoesByTheSound) {
  for (const char* noun :
       {"apple", "elephant", "umbrella", "hourglass", "onion", "Owl", "uninvited guest"})
    EXPECT_EQ(article(noun), "an") << noun;
  for (const char* noun :
       {"banana", "unicorn", "uniform", "one-way sign", "European robin", "ukulele", ""})
    EXPECT_EQ(article(noun), "a") << noun;
}

TEST(Prompts, FillFitsTheArticleBeforeTheHole) {
  EXPECT_EQ(fill("a photo of a {}", "apple"), "a photo of an apple");
  EXPECT_EQ(fill("a photo of an {}", "banana"), "a photo of a banana");
  EXPECT_EQ(fill("A {} here", "owl"), "An owl here");
  EXPECT_EQ(fill("a photo of a big {}", "owl"), "a photo of a big owl");
  EXPECT_EQ(fill("pizza {}", "owl"), "pizza owl");
  EXPECT_EQ(fill("the {} and a {}", "owl"), "the owl and an owl");
  EXPECT_EQ(fill("no hole", "owl"), "no hole");
}

TEST(Prompts, LiteralArticlesStayAsTheyAre) {
  EXPECT_EQ(fill_literally("a photo of a {}.", "owl"), "a photo of a owl.");
  EXPECT_EQ(fill_literally("{} and {}", "owl"), "owl and owl");
}

TEST(Prompts, ImagenetStandsForEightyTemplates) {
  const auto all = templates({"a {}", "imagenet"});
  ASSERT_EQ(all.size(), 81u);
  EXPECT_EQ(all[0], "a {}");
  for (const auto& text : all) EXPECT_NE(text.find("{}"), std::string::npos) << text;
  EXPECT_EQ(template_problem("imagenet"), "");
  EXPECT_EQ(template_problem("a {}"), "");
  EXPECT_THAT(template_problem("imagenet2"), ::testing::HasSubstr("which are: imagenet"));
}

TEST(Prompts, MissingOrAlteredFileOfASetIsNamed) {
  const theriac::testing::TemporaryFolder folder;
  const char* before = getenv("XDG_CACHE_HOME");
  const std::string old = before ? before : "";
  setenv("XDG_CACHE_HOME", folder.path().c_str(), 1);
  const auto message = [] { return theriac::testing::message([] { templates({"imagenet"}); }); };
  EXPECT_THAT(message(), ::testing::HasSubstr("which is not there; run scripts/fetch_assets.sh"));
  std::filesystem::create_directories(folder / "theriac/assets");
  std::ofstream(folder / "theriac/assets/imagenet_prompts.txt") << "a {}\n";
  EXPECT_THAT(message(), ::testing::HasSubstr("does not hold the 80 templates"));
  if (before)
    setenv("XDG_CACHE_HOME", old.c_str(), 1);
  else
    unsetenv("XDG_CACHE_HOME");
}

}  // namespace
}  // namespace theriac::data
