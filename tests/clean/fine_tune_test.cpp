// CleanCLIP is a configuration of fine_tune, and fine_tune is the trainer.
#include <gtest/gtest.h>

#include "theriac/clean/cleaner.h"
#include "train/fixture.h"

namespace theriac::testing {
namespace {

constexpr const char* kCleanClip =
    "{epochs: 2, batch_size: 8, objective: [{type: mmcl}, {type: intra_modal}]}";

TEST(FineTune, TrainsAsItsConfigurationSays) {
  config::Choice<clean::CleanerConfig> choice(&clean::table, "fine_tune");
  config::read(config::Document::parse(kCleanClip, "test"), *choice.section());
  ASSERT_NE(choice->training(), nullptr);
  EXPECT_EQ(choice->training()->epochs, 2);

  clean::Context context;
  std::vector<train::StepInfo> steps;
  int saved = 0;
  context.model = tiny_model("resnet");
  context.data = tiny_data(*context.model, 16);
  context.loader = no_workers();
  context.seed = 7;
  context.observers.push_back(std::make_unique<Losses>(steps));
  context.save = [&](const train::Trainer&) { ++saved; };
  choice->build()->run(context);
  EXPECT_EQ(steps.size(), 4u);
  EXPECT_EQ(saved, 2);

  const auto direct = train_tiny(tiny_model("resnet"), train_config(kCleanClip), 16);
  EXPECT_TRUE(identical(copy_of(*context.model), direct.weights));
}

}  // namespace
}  // namespace theriac::testing
