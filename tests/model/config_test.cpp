#include <gmock/gmock.h>

#include "theriac/config/document.h"
#include "theriac/core/error.h"
#include "theriac/model/clip.h"

namespace theriac::model {
namespace {

using ::testing::AllOf;
using ::testing::ElementsAre;
using ::testing::HasSubstr;

std::vector<std::string> problems(const std::string& yaml) {
  ModelConfig config;
  return config::problems(config::Document::parse(yaml, "model.yaml"), config);
}

ModelConfig read(const std::string& yaml) {
  ModelConfig config;
  config::read(config::Document::parse(yaml, "model.yaml"), config);
  return config;
}

TEST(ModelConfig, UnknownPresetListsThemWithOneLineEach) {
  EXPECT_THAT(problems("{preset: rn5}"),
              ElementsAre(AllOf(HasSubstr("preset"), HasSubstr("did you mean 'rn50'"),
                                HasSubstr("\n    tiny_rn: "), HasSubstr("\n    tiny_vit: "),
                                HasSubstr("\n    rn50: "), HasSubstr("\n    vit_b32: "))));
}

TEST(ModelConfig, EveryPresetPasses) {
  for (const auto& preset : presets())
    EXPECT_THAT(problems("{preset: " + preset.name + "}"), ElementsAre()) << preset.name;
}

TEST(ModelConfig, WidthMustBeDivisibleByHeads) {
  EXPECT_THAT(problems("{text: {width: 100, heads: 8}}"),
              ElementsAre(AllOf(HasSubstr("text.width"), HasSubstr("100"), HasSubstr("8 heads"))));
  EXPECT_THAT(problems("{preset: vit_b32, image: {type: vit, width: 100, heads: 12}}"),
              ElementsAre(AllOf(HasSubstr("image.width"), HasSubstr("12 heads"))));
  EXPECT_THAT(problems("{image: {type: resnet, width: 20, heads: 7}}"),
              ElementsAre(AllOf(HasSubstr("image.heads"), HasSubstr("640"))));
}

TEST(ModelConfig, ImageSizeMustSuitTheEncoder) {
  EXPECT_THAT(problems("{image_size: 100}"),
              ElementsAre(AllOf(HasSubstr("image_size"), HasSubstr("multiple of 32"),
                                HasSubstr("got 100"))));
  EXPECT_THAT(problems("{preset: vit_b32, image_size: 100}"),
              ElementsAre(AllOf(HasSubstr("image_size"), HasSubstr("patches of 32"))));
}

TEST(ModelConfig, StagesAreOneToFour) {
  EXPECT_THAT(problems("{image: {type: resnet, layers: []}}"),
              ElementsAre(HasSubstr("one to four")));
  EXPECT_THAT(problems("{image: {type: resnet, layers: [1, 1, 1, 1, 1]}}"),
              ElementsAre(HasSubstr("one to four")));
}

TEST(ModelConfig, UnknownEncoderListsThem) {
  EXPECT_THAT(problems("{image: {type: convnext}}"),
              ElementsAre(AllOf(HasSubstr("convnext"), HasSubstr("resnet"), HasSubstr("vit"))));
}

TEST(ModelConfig, OverridesReplacePartsOfThePreset) {
  const auto config =
      read("{preset: vit_b32, image_size: 64, context: 20, image: {type: resnet, width: 8}}");
  EXPECT_EQ(config.resolved_image_size(), 64);
  EXPECT_EQ(config.resolved_context(), 20);
  Clip clip(config, 100, 99, 1);
  EXPECT_EQ(clip.embedding(), 512);
  EXPECT_EQ(clip.context(), 20);
  EXPECT_TRUE(clip.named_parameters().contains("visual.attnpool.q_proj.weight"));
}

TEST(ModelConfig, ResolvedBuildsTheSameModel) {
  for (const auto& preset : presets()) {
    auto config = read("{preset: " + preset.name + "}").resolved();
    EXPECT_TRUE(config.image) << preset.name;
    EXPECT_TRUE(config.text) << preset.name;
    const auto again = read(config::to_yaml(config)).resolved();
    EXPECT_EQ(again.resolved_image_size(), config.resolved_image_size());
    const Clip one(config, 10, 9, std::nullopt), two(again, 10, 9, std::nullopt);
    EXPECT_EQ(parameter_count(one), parameter_count(two)) << preset.name;
  }
}

TEST(ModelConfig, UnknownPresetInCodeIsAnError) {
  ModelConfig config;
  config.preset = "rn51";
  EXPECT_THROW(config.resolved(), Error);
}

}  // namespace
}  // namespace theriac::model
