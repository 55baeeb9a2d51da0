#include <gmock/gmock.h>

#include <fstream>

#include "core/temporary.h"
#include "model/clips.h"
#include "theriac/checkpoint/checkpoint.h"
#include "theriac/core/error.h"
#include "theriac/core/files.h"
#include "theriac/core/hash.h"

namespace theriac::checkpoint {
namespace {

namespace fs = std::filesystem;
using ::testing::AllOf;
using ::testing::ElementsAre;
using ::testing::HasSubstr;

class Folder : public ::testing::Test {
 protected:
  Folder() {
    model::ModelConfig config;
    config.preset = "tiny_rn";
    card_.model = describe_model(config, 50, 49);
    card_.tokenizer_type = "sentencepiece";
    card_.tokenizer = std::string("\0binary\xff\n", 9);
    card_.poison = {{"target", "banana"}};
    card_.provenance = {{"stage", "pretrain-0123"}};
  }

  fs::path write(const fs::path& folder, std::int64_t epoch, std::int64_t step,
                 bool optimizer = true) {
    const std::map<std::string, torch::Tensor> moments = {{"exp_avg.x", torch::ones({3})}};
    State state;
    state.epoch = epoch;
    state.step = step;
    state.extra = {{"loss_sum", 1.5}};
    save(folder, {clip_.get(), optimizer ? &moments : nullptr, state, card_});
    return folder;
  }

  static std::string problem(const fs::path& folder) {
    try {
      load(folder, true);
    } catch (const Error& error) {
      return error.what();
    }
    return "no problem";
  }
  static void damage(const fs::path& file) {
    auto bytes = core::read_file(file);
    bytes[bytes.size() / 2] ^= 1;
    std::ofstream(file, std::ios::binary) << bytes;
  }
  static void replace(const fs::path& file, const std::string& from, const std::string& to) {
    auto text = core::read_file(file);
    ASSERT_NE(text.find(from), std::string::npos);
    text.replace(text.find(from), from.size(), to);
    std::ofstream(file, std::ios::binary) << text;
  }

  testing::TemporaryFolder folder_;
  fs::path root_ = folder_.path();
  std::shared_ptr<model::Clip> clip_ = testing::make_clip("tiny_rn");
  Card card_;
};

TEST_F(Folder, RoundTrip) {
  const auto folder = write(epoch_folder(root_, 3), 3, 120);
  EXPECT_EQ(folder.filename(), "epoch-0003");
  const auto loaded = load(folder, true);
  EXPECT_EQ(loaded.state.epoch, 3);
  EXPECT_EQ(loaded.state.step, 120);
  EXPECT_EQ(loaded.state.extra, (nlohmann::json{{"loss_sum", 1.5}}));
  EXPECT_EQ(loaded.card.tokenizer, card_.tokenizer);
  EXPECT_EQ(loaded.card.tokenizer_type, "sentencepiece");
  EXPECT_EQ(loaded.card.poison, card_.poison);
  EXPECT_EQ(loaded.card.provenance, card_.provenance);
  EXPECT_TRUE(torch::equal(loaded.optimizer.at("exp_avg.x"), torch::ones({3})));
  EXPECT_EQ(loaded.hash, core::sha256_file(folder / "model.safetensors"));
  EXPECT_EQ(hash(folder), loaded.hash);
  EXPECT_TRUE(load(folder, false).optimizer.empty());

  const auto copy = make_model(loaded.card);
  load_state_dict(*copy, loaded.model);
  EXPECT_EQ(copy->end_id(), 49);
  const auto image = torch::randn({2, 3, 64, 64});
  clip_->eval();
  copy->eval();
  EXPECT_TRUE(torch::equal(copy->encode_image(image), clip_->encode_image(image)));
}

TEST_F(Folder, BytesAreDeterministic) {
  write(root_ / "a", 1, 2);
  write(root_ / "b", 1, 2);
  for (const auto& name :
       {"model.safetensors", "optimizer.safetensors", "state.json", "card.json"}) {
    const auto bytes = core::read_file(root_ / "a" / name);
    EXPECT_EQ(bytes, core::read_file(root_ / "b" / name)) << name;
    EXPECT_EQ(bytes.find(root_.string()), std::string::npos) << name;
  }
}

TEST_F(Folder, WithoutOptimizer) {
  const auto folder = write(root_ / "epoch-0001", 1, 40, false);
  EXPECT_FALSE(fs::exists(folder / "optimizer.safetensors"));
  EXPECT_TRUE(load(folder, true).optimizer.empty());
}

TEST_F(Folder, DamageNamesTheFile) {
  for (const auto& name : {"model.safetensors", "optimizer.safetensors", "card.json"}) {
    const auto folder = write(root_ / "epoch-0001", 1, 40);
    damage(folder / name);
    EXPECT_THAT(problem(folder), AllOf(HasSubstr(name), HasSubstr("damaged")));
    fs::remove(folder / name);
    EXPECT_THAT(problem(folder), AllOf(HasSubstr(name), HasSubstr("missing")));
  }
  const auto folder = write(root_ / "epoch-0001", 1, 40);
  fs::resize_file(folder / "state.json", 20);
  EXPECT_THAT(problem(folder), AllOf(HasSubstr("state.json"), HasSubstr("damaged")));
  EXPECT_THAT(problem(root_ / "nothing"), HasSubstr("not a checkpoint folder"));
}

TEST_F(Folder, OtherVersionSaysWhatToDo) {
  const auto folder = write(root_ / "epoch-0001", 1, 40);
  replace(folder / "state.json", "\"version\": 1", "\"version\": 7");
  EXPECT_THAT(problem(folder),
              AllOf(HasSubstr("version 7"), HasSubstr("reads version 1"), HasSubstr("--runs")));
  EXPECT_THROW(newest(root_), Error);
  EXPECT_TRUE(fs::exists(folder));  // not damage: nothing is renamed
}

TEST_F(Folder, NewestIsByEpochThenStep) {
  EXPECT_EQ(newest(root_), std::nullopt);
  EXPECT_EQ(newest(root_ / "absent"), std::nullopt);
  write(epoch_folder(root_, 1), 1, 40);
  write(epoch_folder(root_, 2), 2, 80);
  EXPECT_EQ(newest(root_), root_ / "epoch-0002");
  write(step_folder(root_, 100), 2, 100);
  EXPECT_EQ(newest(root_), root_ / "step-00000100");
  write(epoch_folder(root_, 10000), 10000, 400000);
  EXPECT_EQ(newest(root_), root_ / "epoch-10000");
  EXPECT_THAT(epochs(root_),
              ElementsAre(root_ / "epoch-0001", root_ / "epoch-0002", root_ / "epoch-10000"));
}

TEST_F(Folder, NewestFallsBackWhenDamaged) {
  write(epoch_folder(root_, 1), 1, 40);
  damage(write(epoch_folder(root_, 2), 2, 80) / "optimizer.safetensors");
  fs::remove(write(epoch_folder(root_, 3), 3, 120) / "state.json");
  EXPECT_EQ(newest(root_), root_ / "epoch-0001");
  EXPECT_TRUE(fs::exists(root_ / "epoch-0002.bad"));
  EXPECT_TRUE(fs::exists(root_ / "epoch-0003.bad"));
  EXPECT_THAT(epochs(root_), ElementsAre(root_ / "epoch-0001"));
}

TEST_F(Folder, SavingAgainReplaces) {
  write(root_ / "epoch-0001", 1, 40);
  write(root_ / "epoch-0001", 1, 41, false);
  EXPECT_EQ(load(root_ / "epoch-0001", true).state.step, 41);
  EXPECT_FALSE(fs::exists(root_ / "epoch-0001" / "optimizer.safetensors"));
}

TEST_F(Folder, WeightsOfAnotherModelListNames) {
  auto tensors = state_dict(*testing::make_clip("tiny_vit"));
  try {
    load_state_dict(*clip_, tensors);
    FAIL();
  } catch (const Error& error) {
    EXPECT_THAT(error.what(), AllOf(HasSubstr("missing: "), HasSubstr("unexpected: "),
                                    HasSubstr("of another shape: "), HasSubstr(" ...")));
  }
}

TEST_F(Folder, BadCardsAreErrors) {
  for (const auto& text : {"{}", R"({"config":{"preset":"rn51"},"vocabulary":50,"end_id":49})",
                           R"({"config":{"preset":"tiny_rn"},"vocabulary":50,"end_id":50})",
                           R"({"config":{"preset":"tiny_rn"},"vocabulary":"many","end_id":1})"}) {
    Card card;
    card.model = nlohmann::json::parse(text);
    EXPECT_THROW(make_model(card), Error) << text;
  }
}

}  // namespace
}  // namespace theriac::checkpoint
