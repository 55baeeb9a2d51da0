#include "theriac/checkpoint/safetensors.h"

#include <gmock/gmock.h>
#include <torch/types.h>

#include <filesystem>
#include <random>

#include "core/temporary.h"
#include "theriac/core/error.h"
#include "theriac/core/files.h"

namespace theriac::checkpoint {
namespace {

using ::testing::HasSubstr;

std::string file_of(const std::string& header, std::size_t data_bytes) {
  std::string bytes;
  for (int i = 0; i < 8; ++i) bytes += static_cast<char>(header.size() >> (8 * i) & 0xff);
  return bytes + header + std::string(data_bytes, '\0');
}

std::string problem(const std::string& bytes) {
  try {
    parse_tensors(bytes, "x.safetensors");
  } catch (const Error& error) {
    return error.what();
  }
  return "no problem";
}

TensorFile sample() {
  TensorFile file;
  torch::manual_seed(1);
  for (const auto dtype : {torch::kDouble, torch::kFloat, torch::kHalf, torch::kBFloat16})
    file.tensors[std::string("float.") + toString(dtype)] =
        torch::randn({2, 3}, torch::kDouble).to(dtype);
  file.tensors["i64"] = torch::arange(5);
  file.tensors["i32"] = torch::arange(5, torch::kInt);
  file.tensors["u8"] = torch::arange(7, torch::kByte);
  file.tensors["bool"] = torch::arange(7) > 3;
  file.tensors["scalar"] = torch::tensor(2.5f);
  file.tensors["empty"] = torch::empty({0, 4});
  file.metadata = {{"note", "Übung \"quoted\"\n"}};
  return file;
}

class Safetensors : public ::testing::Test {
 protected:
  testing::TemporaryFolder folder_;
  std::filesystem::path path_ = folder_.path() / "a.safetensors";
};

TEST_F(Safetensors, RoundTripOfEveryDtype) {
  const auto file = sample();
  save_tensors(path_, file);
  const auto read = load_tensors(path_);
  EXPECT_EQ(read.metadata, file.metadata);
  ASSERT_EQ(read.tensors.size(), file.tensors.size());
  for (const auto& [name, tensor] : file.tensors) {
    EXPECT_EQ(read.tensors.at(name).scalar_type(), tensor.scalar_type()) << name;
    EXPECT_TRUE(torch::equal(read.tensors.at(name), tensor)) << name;
  }
}

TEST_F(Safetensors, BytesAreDeterministicAndInCOrder) {
  TensorFile file;
  const auto plain = torch::randn({2, 3, 4, 4});
  file.tensors["w"] = plain.contiguous(torch::MemoryFormat::ChannelsLast);
  save_tensors(path_, file);
  const auto first = core::read_file(path_);
  file.tensors["w"] = plain;
  save_tensors(path_, file);
  EXPECT_EQ(core::read_file(path_), first);
  EXPECT_TRUE(torch::equal(load_tensors(path_).tensors.at("w"), plain));
}

TEST(SafetensorsHeader, SaysWhatIsWrong) {
  const auto one = [](const std::string& entry) { return "{\"w\":" + entry + "}"; };
  const std::string good = R"({"dtype":"F32","shape":[2],"data_offsets":[0,8]})";
  EXPECT_EQ(problem(file_of(one(good), 8)), "no problem");
  const auto expect = [](const std::string& bytes, const char* why) {
    EXPECT_THAT(problem(bytes), HasSubstr(why));
    EXPECT_THAT(problem(bytes), HasSubstr("x.safetensors"));
  };
  expect("", "truncated");
  expect(file_of(one(good), 8).substr(0, 30), "truncated");
  expect(file_of(one(good), 7), "truncated");
  expect(std::string(8, '\xff'), "header of 18446744073709551615 bytes");
  expect(file_of(one(good), 9), "1 bytes after the last tensor");
  expect(file_of("[]", 0), "not a JSON object");
  expect(file_of("{nonsense", 0), "not a JSON object");
  expect(file_of(one(R"({"dtype":"F8_E4M3","shape":[8],"data_offsets":[0,8]})"), 8), "F8_E4M3");
  expect(file_of(one(R"({"dtype":"F32","shape":[3],"data_offsets":[0,8]})"), 8), "need 12 bytes");
  expect(file_of(one(R"({"dtype":"F32","shape":[-2],"data_offsets":[0,8]})"), 8), "not a count");
  expect(file_of(one(R"({"dtype":"F32","shape":[2.0],"data_offsets":[0,8]})"), 8), "not a count");
  expect(file_of(one(R"({"dtype":"F32","shape":[4294967296,4294967296],"data_offsets":[0,8]})"), 8),
         "too large");
  expect(file_of(one(R"({"dtype":"F32","shape":[0,9223372036854775807],"data_offsets":[0,0]})"), 0),
         "too large");
  expect(file_of(one(R"({"dtype":"F32","shape":[2],"data_offsets":[8,0]})"), 8), "8 to 0");
  expect(file_of(one(R"({"dtype":"F32","shape":[2],"data_offsets":[0]})"), 8), "pair");
  expect(file_of(one(R"({"dtype":"F32","shape":[2]})"), 8), "expected dtype");
  expect(
      file_of(one(R"({"dtype":"BOOL","shape":[8],"data_offsets":[0,8]})"), 0) + std::string(8, 2),
      "neither 0 nor 1");
  expect(file_of(R"({"__metadata__":{"a":1}})", 0), "not a string");
  const std::string overlap = R"({"a":{"dtype":"U8","shape":[6],"data_offsets":[0,6]},)"
                              R"("b":{"dtype":"U8","shape":[4],"data_offsets":[4,8]}})";
  expect(file_of(overlap, 8), "overlaps");
  const std::string hole = R"({"a":{"dtype":"U8","shape":[2],"data_offsets":[0,2]},)"
                           R"("b":{"dtype":"U8","shape":[4],"data_offsets":[4,8]}})";
  expect(file_of(hole, 8), "hole");
}

TEST_F(Safetensors, DamagedBytesGiveAnErrorOrAFile) {
  save_tensors(path_, sample());
  const auto good = core::read_file(path_);
  std::mt19937 random(1);
  int refused = 0;
  for (int i = 0; i < 300; ++i) {
    auto bytes = good;
    if (i % 3 == 0) {
      bytes.resize(random() % bytes.size());
    } else {
      const auto flips = 1 + random() % 4;
      const auto limit = i % 3 == 1 ? 8 + 700 : bytes.size();  // mostly in the header
      for (unsigned j = 0; j < flips; ++j)
        bytes[random() % limit] ^= static_cast<char>(1u << random() % 8);
    }
    try {
      parse_tensors(bytes, "fuzzed");
    } catch (const Error&) {
      ++refused;
    }
  }
  EXPECT_GT(refused, 150);
}

TEST_F(Safetensors, MissingFileNamesIt) {
  try {
    load_tensors(path_);
    FAIL();
  } catch (const Error& error) {
    EXPECT_THAT(error.what(), HasSubstr("a.safetensors"));
  }
}

}  // namespace
}  // namespace theriac::checkpoint
