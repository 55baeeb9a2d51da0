// What observers write: metrics.jsonl, TensorBoard's framing.
#include "theriac/train/observers.h"

#include <gmock/gmock.h>

#include <cstring>

#include "core/temporary.h"
#include "theriac/core/files.h"
#include "theriac/core/run.h"
#include "train/event_file.h"
#include "train/fixture.h"

namespace theriac::train {
namespace {

namespace fs = std::filesystem;

StepInfo step(std::int64_t number) {
  return {.epoch = (number - 1) / 5,
          .step = number,
          .total_steps = 10,
          .batch = (number - 1) % 5 + 1,
          .batches = 5,
          .learning_rate = 0.001,
          .loss = 1.0 / static_cast<double>(number),
          .logit_scale = 14.3,
          .gradient_norm = 2,
          .parts = {{"mmcl", 0.5}},
          .samples = 8 * number,
          .seconds = 0.1 * static_cast<double>(number),
          .wait_seconds = 0};
}

std::vector<std::int64_t> logged(const fs::path& folder) {
  std::vector<std::int64_t> steps;
  for (const auto& line : core::read_metrics(folder)) steps.push_back(line.step);
  return steps;
}

TEST(MetricsFile, CutsWhatAResumedRunTakesAgain) {
  const testing::TemporaryFolder folder;
  const auto file = folder.path() / "metrics.jsonl";
  {
    const auto observer = metrics_file(file, 2, 0);
    for (int i = 1; i <= 7; ++i) observer->on_step(step(i));
  }
  EXPECT_THAT(logged(folder.path()), ::testing::ElementsAre(2, 4, 5, 6));
  {
    const auto observer = metrics_file(file, 2, 5);
    for (int i = 6; i <= 10; ++i) observer->on_step(step(i));
  }
  EXPECT_THAT(logged(folder.path()), ::testing::ElementsAre(2, 4, 5, 6, 8, 10));
  metrics_file(file, 2, 0);
  EXPECT_TRUE(logged(folder.path()).empty());
}

TEST(MetricsFile, LinesHoldWhatTheStepSaid) {
  const testing::TemporaryFolder folder;
  metrics_file(folder.path() / "metrics.jsonl", 1, 0)->on_step(step(4));
  const auto line = core::read_metrics(folder.path()).at(0);
  EXPECT_EQ(line.epoch, 0);
  EXPECT_EQ(line.loss, 0.25);
  EXPECT_EQ(line.parts.at("mmcl"), 0.5);
  EXPECT_DOUBLE_EQ(line.pairs_per_second, 80);
}

TEST(EventFile, Crc32cIsCastagnoli) {
  // crc32c("123456789") = 0xe3069283 (RFC 3720), rotated by 15 plus 0xa282ead8.
  const std::uint32_t crc = 0xe3069283;
  EXPECT_EQ(masked_crc32c("123456789"), ((crc >> 15) | (crc << 17)) + 0xa282ead8u);
}

TEST(EventFile, FramesAreWhole) {
  const testing::TemporaryFolder folder;
  {
    const auto observer = tensorboard(folder.path(), 5, 3);
    for (int i = 4; i <= 10; ++i) observer->on_step(step(i));
    observer->on_finish();
  }
  const auto file = *fs::directory_iterator(folder.path());
  EXPECT_THAT(file.path().filename().string(), ::testing::StartsWith("events.out.tfevents."));
  const std::string bytes = core::read_file(file.path());
  std::vector<std::string> events;
  for (std::size_t at = 0; at < bytes.size();) {
    ASSERT_LE(at + 12, bytes.size());
    std::uint64_t length = 0;
    std::uint32_t check = 0;
    std::memcpy(&length, bytes.data() + at, 8);
    std::memcpy(&check, bytes.data() + at + 8, 4);
    EXPECT_EQ(check, masked_crc32c(bytes.substr(at, 8)));
    ASSERT_LE(at + 16 + length, bytes.size());
    events.push_back(bytes.substr(at + 12, length));
    std::memcpy(&check, bytes.data() + at + 12 + length, 4);
    EXPECT_EQ(check, masked_crc32c(events.back()));
    at += 16 + length;
  }
  ASSERT_EQ(events.size(), 4u);  // version, session start, steps 5 and 10
  EXPECT_THAT(events[0], ::testing::HasSubstr("brain.Event:2"));
  // step 5, summary, first value: tag and 0.2f
  std::string loss("\x0a\x11\x0a\x0atrain/loss\x15", 15);
  const float value = 0.2f;
  loss.append(reinterpret_cast<const char*>(&value), 4);
  loss[1] = 17;
  EXPECT_THAT(events[2], ::testing::HasSubstr(loss));
  EXPECT_THAT(events[2].substr(9, 2), std::string("\x10\x05"));
}

}  // namespace
}  // namespace theriac::train
