#include "theriac/data/prompts.h"

#include <gtest/gtest.h>

#include <algorithm>

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

TEST(Prompts, ImagenetIsClips80WithTheirArticles) {
  const auto texts = fill_all({"one {}", "imagenet", "a {}"}, "apple");
  ASSERT_EQ(texts.size(), 82u);
  EXPECT_EQ(texts[0], "one apple");
  EXPECT_EQ(texts[1], "a bad photo of a apple.");
  EXPECT_EQ(texts[81], "an apple");
  EXPECT_EQ(std::ranges::count(texts, "a photo of a apple."), 1);
}

TEST(Prompts, AnUnknownSetIsNamed) {
  EXPECT_EQ(template_problem("imagenet"), "");
  EXPECT_NE(template_problem("imagenet2").find("known: imagenet"), std::string::npos);
}

}  // namespace
}  // namespace theriac::data
