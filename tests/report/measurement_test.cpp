#include "report/measurement.h"

#include <gtest/gtest.h>

namespace theriac::report {
namespace {

TEST(Measurement, SharesItsTexts) {
  core::Record record;
  record.metric = "attack_success";
  record.checkpoint = std::string(64, 'a');
  record.outcomes = "AAAA";
  record.value = 12.5;
  record.epoch = 3;
  Names names;
  const Measurement a(record, names), b(record, names);
  EXPECT_EQ(&a.checkpoint.str(), &b.checkpoint.str());
  EXPECT_EQ(a.checkpoint, record.checkpoint);
  EXPECT_EQ(a.metric, "attack_success");
  EXPECT_TRUE(a.target.empty());
  EXPECT_EQ(a.outcomes, "AAAA");
  EXPECT_EQ(a.value, 12.5);
  EXPECT_EQ(a.epoch, 3);
  EXPECT_LT(2 * sizeof(Measurement), sizeof(core::Record) + record.checkpoint.size());
}

TEST(Measurement, TextsStayWhereTheyAre) {
  Names names;
  const Name first = names.add("first");
  for (int i = 0; i < 10000; ++i) names.add(std::to_string(i));
  EXPECT_EQ(first, "first");
  EXPECT_EQ(&first.str(), &names.add("first").str());
}

}  // namespace
}  // namespace theriac::report
