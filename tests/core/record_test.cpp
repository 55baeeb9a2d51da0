#include "theriac/core/record.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <nlohmann/json.hpp>

#include "core/temporary.h"
#include "theriac/core/error.h"
#include "theriac/core/files.h"

namespace theriac::core {
namespace {

Record sample() {
  Record record;
  record.metric = "attack_success";
  record.value = 99.5;
  record.low = 98.25;
  record.high = 99.875;
  record.n = 1920;
  record.target = "banana";
  record.trigger_seed = -5;
  record.outcomes = "AQ==";
  return record;
}

std::string refusal(const nlohmann::json& json) {
  try {
    json.get<Record>();
  } catch (const Error& error) {
    return error.what();
  }
  return "";
}

TEST(Record, RoundTrip) {
  const nlohmann::json json = sample();
  EXPECT_EQ(json.size(), 18u);
  const nlohmann::json again = json.get<Record>();
  EXPECT_EQ(json, again);
  EXPECT_EQ(json.get<Record>().trigger_seed, -5);
}

TEST(Record, NotANumberIsNull) {
  Record record = sample();
  record.value = std::nan("");
  const nlohmann::json json = nlohmann::json::parse(nlohmann::json(record).dump());
  EXPECT_TRUE(std::isnan(json.get<Record>().value));
}

TEST(Record, Strict) {
  nlohmann::json json = sample();
  json["n"] = 1.5;
  EXPECT_EQ(refusal(json), "record: n: expected an integer, got 1.5");
  json["n"] = 18446744073709551615ull;
  EXPECT_EQ(refusal(json), "record: n: expected an integer, got 18446744073709551615");
  json = sample();
  json["metric"] = 3;
  EXPECT_EQ(refusal(json), "record: metric: expected a string, got 3");
  json = sample();
  json["value"] = "3";
  EXPECT_EQ(refusal(json), "record: value: expected a number or null, got \"3\"");
  json = sample();
  json.erase("epoch");
  EXPECT_THAT(refusal(json), ::testing::StartsWith("record: no key 'epoch'"));
  json = sample();
  json["metrik"] = "x";
  EXPECT_THAT(refusal(json), ::testing::StartsWith("record: unknown key 'metrik'"));
  EXPECT_THAT(refusal(nlohmann::json::array()), ::testing::HasSubstr("expected an object"));
}

TEST(Record, FileWithATornLastLine) {
  const theriac::testing::TemporaryFolder folder;
  const fs::path path = folder / "records.jsonl";
  const std::string line = nlohmann::json(sample()).dump() + "\n";
  write_file(path, line + line + line.substr(0, 40));
  const auto file = read_records(path.string());
  EXPECT_EQ(file.records.size(), 2u);
  EXPECT_TRUE(file.damage.empty());
  EXPECT_EQ(file.damage_text(), "");
  const auto whole = read_records(path.string(), LastLine::kIsWhole);
  EXPECT_EQ(whole.records.size(), 2u);
  EXPECT_EQ(whole.damage_text(), path.string() + ":3: cut off");
}

TEST(Record, DamagedLinesAreNamedAndTheOthersKept) {
  const theriac::testing::TemporaryFolder folder;
  const fs::path path = folder / "records.jsonl";
  const std::string line = nlohmann::json(sample()).dump() + "\n";
  // Blocks that a crash left as zeros, half a line, a line of another version.
  write_file(path, line + std::string(30, '\0') + "\n" + line + line.substr(0, 40) + line +
                       "{\"metric\": 1}\n" + line);
  const auto file = read_records(path.string());
  EXPECT_EQ(file.records.size(), 3u);
  ASSERT_EQ(file.damage.size(), 3u);
  EXPECT_EQ(file.damage[0].line, 2u);
  EXPECT_EQ(file.damage[0].before, 1u);
  EXPECT_EQ(file.damage[1].line, 4u);
  EXPECT_EQ(file.damage[1].before, 2u);
  EXPECT_EQ(file.damage[1].text + "\n", line.substr(0, 40) + line);
  EXPECT_EQ(file.damage[2].reason, "record: metric: expected a string, got 1");
  EXPECT_EQ(file.damage_text(), path.string() + ":2: not JSON (and 2 more lines)");
}

// Values of the closed formula, as in R's binom.wilson and statsmodels' proportion_confint.
TEST(Wilson, KnownValues) {
  const auto near = [](Interval interval, double low, double high) {
    EXPECT_NEAR(interval.low, low, 5e-7);
    EXPECT_NEAR(interval.high, high, 5e-7);
  };
  near(wilson(0, 10), 0, 0.2775328);
  near(wilson(10, 10), 0.7224672, 1);
  near(wilson(5, 10), 0.2365931, 0.7634069);
  EXPECT_NEAR(wilson(81, 263).low, 0.2553, 5e-5);  // Newcombe 1998, table I
  EXPECT_NEAR(wilson(81, 263).high, 0.3662, 5e-5);
  near(wilson(0, 0), 0, 1);
}

}  // namespace
}  // namespace theriac::core
