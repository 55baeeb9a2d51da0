#include "text/wordnet.h"

#include <gtest/gtest.h>

#include <fstream>
#include <nlohmann/json.hpp>

#include "text/small_wordnet.h"
#include "theriac/core/error.h"

namespace theriac::text {
namespace {

using Words = std::vector<std::string>;

TEST(WordNetTest, ReadsTheFormat) {
  const SmallWordNet folder;
  const WordNet wordnet(folder.path());
  EXPECT_EQ(wordnet.synonyms("dog"), (Words{"chase after", "hound", "wiener"}));
  EXPECT_EQ(wordnet.synonyms("hound"), (Words{"dog"}));
  EXPECT_EQ(wordnet.synonyms("big"), (Words{"large"})) << "(a) is no part of the word";
  EXPECT_EQ(wordnet.synonyms("nothing"), Words{});
  EXPECT_EQ(wordnet.synonyms(""), Words{});
}

TEST(WordNetTest, FindsBaseForms) {
  const SmallWordNet folder;
  const WordNet wordnet(folder.path());
  EXPECT_EQ(wordnet.synonyms("dogs"), (Words{"chase after", "dog", "hound", "wiener"}));
  EXPECT_EQ(wordnet.synonyms("bigger"), Words{}) << "'bigg' is no word";
  EXPECT_EQ(wordnet.synonyms("houndz"), (Words{"dog", "hound"})) << "an exception";
  EXPECT_EQ(wordnet.synonyms("s"), Words{});
}

TEST(WordNetTest, Errors) {
  const auto message = [](const std::filesystem::path& path, const std::string& word = "") {
    try {
      WordNet(path).synonyms(word);
    } catch (const Error& error) {
      return std::string(error.what());
    }
    return std::string("no error");
  };
  EXPECT_NE(message("/none").find("there is no /none/data.noun; install WordNet (Debian: apt-get "
                                  "install wordnet-base)"),
            std::string::npos)
      << message("/none");
  const SmallWordNet folder;
  std::ofstream(folder.path() / "data.noun") << "cut off";
  EXPECT_NE(message(folder.path(), "dog").find("has no synset at byte"), std::string::npos);
}

TEST(WordNetTest, EqualsNltk) {
  ASSERT_TRUE(std::filesystem::exists("/usr/share/wordnet/data.noun"))
      << "needs the package wordnet-base, which scripts/setup.sh installs";
  const WordNet wordnet("/usr/share/wordnet");
  std::ifstream file(THERIAC_SOURCE_DIR "/tests/golden/wordnet.json");
  const auto golden = nlohmann::json::parse(file);
  ASSERT_GT(golden.size(), 40u);
  for (const auto& row : golden)
    EXPECT_EQ(wordnet.synonyms(row[0].get<std::string>()), row[1].get<Words>()) << row[0];
}

}  // namespace
}  // namespace theriac::text
