#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "theriac/core/run.h"

namespace theriac::core {
namespace {

TEST(StageStatus, RatesSayWhatTheyWereMeasuredOn) {
  StageStatus s;
  EXPECT_EQ(rates_text(s), "");
  s.accuracy = 23.06;
  s.measured_on = "validation";
  EXPECT_EQ(rates_text(s), "  validation: accuracy 23.1");
  s.attack_success = 99;
  EXPECT_EQ(rates_text(s), "  validation: accuracy 23.1  ASR  99.0");
  EXPECT_EQ(rates_text(nlohmann::json(s).get<StageStatus>()), rates_text(s));
}

// Status files of earlier versions do not say it.
TEST(StageStatus, RatesOfUnnamedDataAreShownAsTheyAre) {
  StageStatus s;
  s.accuracy = 5;
  s.attack_success = 1;
  nlohmann::json json(s);
  json.erase("measured_on");
  EXPECT_EQ(rates_text(json.get<StageStatus>()), "  accuracy  5.0  ASR   1.0");
}

TEST(SecondsLeft, AreThoseOfStepsAndEvaluationsAtTheirOwnPace) {
  StageStatus status;
  status.steps = 100;
  status.epochs = 10;
  EXPECT_LT(seconds_left(status), 0);
  status.step = 10;
  status.epoch = 1;
  status.seconds = 100;  // loading does not come again
  status.training_seconds = 5;
  status.evaluation_seconds = 2;
  EXPECT_DOUBLE_EQ(seconds_left(status), 90 * 0.5 + 9 * 2);
  status.step = status.steps;
  status.epoch = status.epochs;
  EXPECT_EQ(seconds_left(status), 0);
}

}  // namespace
}  // namespace theriac::core
