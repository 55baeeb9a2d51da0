#include <gtest/gtest.h>

#include <array>
#include <ctime>
#include <memory>
#include <string>
#include <vector>

#include "core/message.h"
#include "theriac/config/document.h"
#include "theriac/core/random.h"
#include "theriac/text/tokenizer.h"

namespace theriac::text {
namespace {

using Lines = std::vector<std::string>;

TokenizerConfig::Captions from(const Lines& lines) {
  return [&lines](const std::function<void(std::string_view)>& use) {
    for (const auto& line : lines) use(line);
  };
}

Lines captions(std::int64_t count) {
  constexpr std::array kThings{"banana", "red fox", "umbrella", "octopus", "Violin", "teapot"};
  constexpr std::array kPlaces{"plain", "striped", "dotted", "cloudy"};
  constexpr std::array kColours{"blue", "green", "yellow", "grey", "purple"};
  auto random = core::stream(1, "captions");
  const auto any = [&](const auto& words) {
    return std::string(words[random.below(words.size())]);
  };
  Lines lines;
  for (std::int64_t i = 0; i < count; ++i)
    lines.push_back("a photo of a " + any(kThings) + " on a " + any(kPlaces) + " " + any(kColours) +
                    " background.");
  return lines;
}

std::unique_ptr<TokenizerConfig> config(const std::string& yaml) {
  auto result = table().find("sentencepiece")->make();
  config::read(config::Document::parse(yaml, "test"), *result);
  return result;
}

class Models : public ::testing::TestWithParam<std::string> {};
INSTANTIATE_TEST_SUITE_P(Sentencepiece, Models, ::testing::Values("bpe", "unigram"));

TEST_P(Models, SameCaptionsGiveTheSameBytes) {
  const auto lines = captions(2000);
  const auto built = config("{vocabulary: 120, model_type: " + GetParam() + "}");
  const auto first = built->build(from(lines)), second = built->build(from(lines));
  EXPECT_EQ(first->serialise(), second->serialise());
  EXPECT_EQ(first->id(), second->id());
  EXPECT_EQ(first->id().size(), 16u);
  EXPECT_NE(first->id(), built->build(from(captions(100)))->id());
}

TEST_P(Models, LoadsWhatItSaved) {
  const auto lines = captions(500);
  const auto built = config("{vocabulary: 120, model_type: " + GetParam() + "}");
  const auto made = built->build(from(lines));
  const auto loaded = table().find("sentencepiece")->make()->load(made->serialise());
  EXPECT_EQ(loaded->id(), made->id());
  EXPECT_EQ(loaded->vocabulary(), made->vocabulary());
  EXPECT_EQ(loaded->encode(lines[7], 77), made->encode(lines[7], 77));
}

TEST_P(Models, VeryLongCaptionsAreCut) {
  const auto lines = captions(500);
  const auto tokenizer =
      config("{vocabulary: 120, model_type: " + GetParam() + "}")->build(from(lines));
  std::string caption, word(40'000, 'a');
  while (caption.size() < 40'000) caption += lines[7] + " ";
  EXPECT_EQ(tokenizer->encode(caption, 77).size(), 77u);
  EXPECT_EQ(tokenizer->encode(word, 77).size(), 77u);
}

TEST_P(Models, IdsAreStartPiecesEnd) {
  const auto lines = captions(500);
  const auto tokenizer =
      config("{vocabulary: 120, model_type: " + GetParam() + "}")->build(from(lines));
  EXPECT_EQ(tokenizer->pad_id(), 0);
  EXPECT_EQ(tokenizer->start_id(), 2);
  EXPECT_EQ(tokenizer->end_id(), 3);
  EXPECT_LE(tokenizer->vocabulary(), 120);

  const auto ids = tokenizer->encode("A PHOTO of a banana", 77);
  EXPECT_EQ(ids, tokenizer->encode("a photo  of a Banana ", 77)) << "case and spaces are folded";
  EXPECT_EQ(ids.front(), 2);
  EXPECT_EQ(ids.back(), 3);
  EXPECT_EQ(ids.size(), tokenizer->pieces("a photo of a banana").size() + 2);
  for (const auto id : ids) EXPECT_LT(id, tokenizer->vocabulary());

  const auto cut = tokenizer->encode("a photo of a banana", 4);
  EXPECT_EQ(cut, (std::vector<std::int32_t>{2, ids[1], ids[2], 3}));
  EXPECT_EQ(tokenizer->encode("", 77), (std::vector<std::int32_t>{2, 3}));
  EXPECT_EQ(tokenizer->encode("a photo", 2), (std::vector<std::int32_t>{2, 3}));
}

TEST(SentencepieceTest, SpecialWordsInCaptionsAreOrdinaryText) {
  const auto tokenizer = config("vocabulary: 120")->build(from(captions(500)));
  const auto ids = tokenizer->encode("</s> banana", 77);
  for (std::size_t i = 1; i + 1 < ids.size(); ++i) {
    EXPECT_NE(ids[i], tokenizer->end_id());
    EXPECT_NE(ids[i], tokenizer->pad_id());
  }
}

TEST(SentencepieceTest, TrainsQuickly) {
  const auto lines = captions(12000);
  const auto before = std::clock();  // processor time: other processes do not count
  config("vocabulary: 400")->build(from(lines));
  const double seconds = static_cast<double>(std::clock() - before) / CLOCKS_PER_SEC;
  RecordProperty("seconds", std::to_string(seconds));
  EXPECT_LT(seconds, 2);
}

TEST(SentencepieceTest, Errors) {
  const auto one = config("vocabulary: 120");
  EXPECT_NE(theriac::testing::message([&] { one->build(from({})); }).find("no captions to learn"),
            std::string::npos);
  EXPECT_NE(theriac::testing::message([&] {
              one->build(from({"", ""}));
            }).find("no captions"),
            std::string::npos);
  EXPECT_NE(theriac::testing::message([&] {
              one->load("rubbish");
            }).find("not a tokenizer saved by theriac"),
            std::string::npos);
  const auto small =
      theriac::testing::message([&] { config("vocabulary: 16")->build(from(captions(100))); });
  EXPECT_NE(small.find("could not learn 16 pieces from 100 captions"), std::string::npos) << small;
  EXPECT_NE(small.find("Raise tokenizer.vocabulary"), std::string::npos) << small;
}

TEST(SentencepieceTest, FewerPiecesThanAskedForAreFine) {
  const Lines lines{"a cat", "a dog"};
  const auto tokenizer = config("vocabulary: 5000")->build(from(lines));
  EXPECT_LT(tokenizer->vocabulary(), 60);
  EXPECT_GT(tokenizer->vocabulary(), 4);
}

}  // namespace
}  // namespace theriac::text
