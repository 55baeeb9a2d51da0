// Weights of other programs: files made by scripts/golden/make_foreign.py with torch 2.11.0.
#include "theriac/checkpoint/foreign.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <torch/types.h>

#include <fstream>

#include "core/temporary.h"
#include "theriac/core/error.h"
#include "theriac/core/files.h"
#include "theriac/core/random.h"
#include "theriac/model/clip.h"

namespace theriac::checkpoint {
namespace {

using ::testing::HasSubstr;
using theriac::testing::TemporaryFolder;

std::filesystem::path golden(const std::string& name) {
  return std::filesystem::path(THERIAC_SOURCE_DIR) / "tests/golden" / name;
}

std::string refusal(const std::filesystem::path& path) {
  try {
    load_foreign(path);
  } catch (const Error& error) {
    return error.what();
  }
  return "no error";
}

std::filesystem::path put(const TemporaryFolder& folder, const std::string& bytes) {
  std::ofstream(folder / "file.pt", std::ios::binary) << bytes;
  return folder / "file.pt";
}

TEST(Foreign, TorchSaveKeepsValuesTypesAndLayouts) {
  auto tensors = load_foreign(golden("foreign_checkpoint.pt")).tensors;
  const auto grid = torch::arange(12.0).reshape({3, 4});
  EXPECT_EQ(tensors.size(), 8u);  // no optimizer, `module.` is gone
  EXPECT_TRUE(torch::equal(tensors["plain"], grid));
  EXPECT_TRUE(torch::equal(tensors["turned"], grid.t()));
  EXPECT_TRUE(tensors["turned"].is_contiguous());
  EXPECT_TRUE(torch::equal(tensors["part"], grid.narrow(0, 1, 2).narrow(1, 2, 2)));
  EXPECT_TRUE(torch::equal(tensors["half"], (grid / 8).to(torch::kHalf)));
  EXPECT_TRUE(torch::equal(tensors["bfloat"], (grid / 8).to(torch::kBFloat16)));
  EXPECT_EQ(tensors["count"].item<std::int64_t>(), 11);
  EXPECT_TRUE(torch::equal(tensors["mask"], torch::tensor({true, false})));
  EXPECT_TRUE(torch::equal(tensors["parameter"], torch::full({2}, -1.5)));
}

TEST(Foreign, TorchScriptGivesItsModulesWeights) {
  auto tensors = load_foreign(golden("foreign_script.pt")).tensors;
  EXPECT_EQ(tensors.size(), 3u);  // vocab_size is left out
  EXPECT_TRUE(torch::equal(tensors["visual.weight"], torch::arange(6.0).reshape({2, 3})));
  EXPECT_EQ(tensors["visual.count"].item<std::int64_t>(), 7);
  EXPECT_EQ(tensors["logit_scale"].item<float>(), 2.5f);
}

TEST(Foreign, APickleWithCodeIsRefusedAndNotRun) {
  const auto message = refusal(golden("foreign_command.pt"));
  EXPECT_THAT(message, HasSubstr("system"));
  EXPECT_THAT(message, HasSubstr("Nothing in a checkpoint is executed"));
  EXPECT_FALSE(std::filesystem::exists("/tmp/theriac_executed_a_pickle"));
}

TEST(Foreign, OtherFilesAreNamed) {
  const TemporaryFolder folder;
  EXPECT_THAT(refusal(folder / "none.pt"), HasSubstr("cannot read"));
  EXPECT_THAT(refusal(put(folder, "")), HasSubstr("truncated"));
  EXPECT_THAT(refusal(put(folder, "\x80\x02}q.")), HasSubstr("a bare pickle"));
  EXPECT_THAT(refusal(put(folder, "PK\x03\x04 and so on, for more than twenty-two bytes")),
              HasSubstr("no end of an archive"));
}

TEST(Foreign, TruncatedAtAnyPlaceIsAnError) {
  const TemporaryFolder folder;
  const auto whole = core::read_file(golden("foreign_checkpoint.pt"));
  for (std::size_t size = 0; size < whole.size(); size += 61)
    EXPECT_NE(refusal(put(folder, whole.substr(0, size))), "no error") << size;
}

// A flipped bit is found by the CRC, or makes the file unreadable, or hits what is not read.
TEST(Foreign, FlippedBitsNeverChangeAWeight) {
  const TemporaryFolder folder;
  const auto good = load_foreign(golden("foreign_checkpoint.pt")).tensors;
  const auto whole = core::read_file(golden("foreign_checkpoint.pt"));
  core::Stream random(9, 1);
  int refused = 0;
  for (int i = 0; i < 300; ++i) {
    auto bytes = whole;
    bytes[random.below(bytes.size())] ^= static_cast<char>(1 << random.below(8));
    try {
      for (const auto& [name, tensor] : load_foreign(put(folder, bytes)).tensors) {
        ASSERT_TRUE(good.contains(name)) << name;
        EXPECT_TRUE(torch::equal(tensor, good.at(name))) << name;
      }
    } catch (const Error&) {
      ++refused;
    }
  }
  EXPECT_GT(refused, 100);
}

TEST(Foreign, PresetsAreRecognisedByTheirShapes) {
  model::ModelConfig config;
  config.preset = "vit_s16";
  config.image_size = 96;
  const model::Clip clip(config, 60, 59, std::nullopt);
  TensorFile file{state_dict(clip), {}};
  const auto found = recognise(file, "x.pt");
  EXPECT_EQ(found.preset, "vit_s16");
  EXPECT_EQ(found.image_size, 96);
  EXPECT_EQ(found.vocabulary, 60);
  EXPECT_EQ(found.context, 77);

  file.tensors["visual.ln_post.weight"] = torch::zeros({5});
  try {
    recognise(file, "x.pt");
    FAIL();
  } catch (const Error& error) {
    EXPECT_THAT(error.what(), HasSubstr("the nearest is vit_s16"));
    EXPECT_THAT(error.what(), HasSubstr("visual.ln_post.weight"));
  }
  file.tensors.erase("positional_embedding");
  EXPECT_THROW(recognise(file, "x.pt"), Error);
}

}  // namespace
}  // namespace theriac::checkpoint
