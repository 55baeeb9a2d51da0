#include "report/stats.h"

#include <gmock/gmock.h>

#include <cmath>
#include <stdexcept>
#include <tuple>

#include "theriac/core/base64.h"

namespace theriac::report {
namespace {

TEST(Stats, QuantilesOfStudentsT) {  // as printed in any table
  EXPECT_NEAR(t_quantile(1), 12.7062, 5e-5);
  EXPECT_NEAR(t_quantile(2), 4.30265, 5e-6);
  EXPECT_NEAR(t_quantile(4), 2.77645, 5e-6);
  EXPECT_NEAR(t_quantile(30), 2.04227, 5e-6);
  EXPECT_NEAR(t_quantile(100000), 1.95999, 1e-5);
  EXPECT_THROW(t_quantile(0), std::invalid_argument);
}

TEST(Stats, MeanOverSeeds) {
  const auto e = mean_over_seeds({1, 2, 3});
  EXPECT_DOUBLE_EQ(e.value, 2);
  EXPECT_NEAR(e.high - e.value, 4.30265 / std::sqrt(3), 1e-5);
  EXPECT_NEAR(e.low + e.high, 4, 1e-12);
  EXPECT_THROW(mean_over_seeds({1}), std::invalid_argument);
  const auto rate = rate_over_seeds({1, 50, 99});  // +- 122
  EXPECT_EQ(std::make_tuple(rate.value, rate.low, rate.high), std::make_tuple(50, 0, 100));
}

TEST(Stats, CleaningsOfOneModelAreNoIndependentRepetitions) {
  EXPECT_EQ(independent({{"1", 10}, {"2", 50}, {"1", 20}}), (std::vector<double>{15, 50}));
  EXPECT_EQ(independent({{"1", 10}, {"1", 20}}), (std::vector<double>{10, 20}));
  const auto sum = together({{100, 3, 1}, {100, 5, 0}});
  EXPECT_EQ(std::make_tuple(sum.images, sum.only_first, sum.only_second),
            std::make_tuple(200, 8, 1));
}

TEST(Stats, PairedCountsAreOfBits) {
  const auto bits = [](std::initializer_list<unsigned char> bytes) {
    return core::to_base64(std::string(bytes.begin(), bytes.end()));
  };
  // Bits 0 and 9 only in the first, bit 1 only in the second; beyond 10 images nothing counts.
  const auto p = paired(bits({0b0101, 0b11110}), bits({0b0110, 0b00000}), 10);
  EXPECT_EQ(p.images, 10);
  EXPECT_EQ(p.only_first, 2);
  EXPECT_EQ(p.only_second, 1);
  EXPECT_EQ(paired(bits({1}), bits({1, 0}), 10).images, 0);  // too short
  EXPECT_EQ(paired("", bits({1, 0}), 10).images, 0);
  EXPECT_EQ(paired("%", "%", 1).images, 0);
}

TEST(Stats, BinomialNumbersHaveTheirMomentsAndTheirTails) {
  core::Stream random = core::stream(3, "binomial");
  for (const auto& [n, p] : {std::pair<std::int64_t, double>{1, 0.3}, {20, 0.05}, {5000, 0.7}}) {
    const int draws = 20000;
    double sum = 0, squares = 0;
    int most = 0;
    for (int i = 0; i < draws; ++i) {
      const auto k = binomial(n, p, random);
      ASSERT_GE(k, 0);
      ASSERT_LE(k, n);
      sum += static_cast<double>(k);
      squares += static_cast<double>(k * k);
      most += k == 0;
    }
    const double size = static_cast<double>(n), mean = sum / draws, variance = size * p * (1 - p);
    EXPECT_NEAR(mean, size * p, 4 * std::sqrt(variance / draws)) << n;
    EXPECT_NEAR(squares / draws - mean * mean, variance, 0.05 * variance + 1e-3) << n;
    EXPECT_NEAR(most / double{draws}, std::pow(1 - p, size), 0.015) << n;
  }
  EXPECT_EQ(binomial(7, 0, random), 0);
  EXPECT_EQ(binomial(7, 1, random), 7);
}

TEST(Stats, BootstrapOfOneSeedIsThatOfTheImages) {
  // 300 of 1,000 images differ, 200 in favour of the first: 10 points. The variance of a mean of
  // n differences in {-1, 0, 1} is (0.3 - 0.1^2) / n.
  const auto e = paired_bootstrap({{1000, 200, 100}});
  EXPECT_DOUBLE_EQ(e.value, 10);
  const double half = 1.96 * 100 * std::sqrt((0.3 - 0.01) / 1000);
  EXPECT_NEAR(e.low, 10 - half, 0.25);
  EXPECT_NEAR(e.high, 10 + half, 0.25);
}

TEST(Stats, BootstrapDrawsSeedsToo) {
  // Images hardly matter here; seeds differ by 4 and 8 points, of which the outermost draws have
  // one alone: 2 points from the mean, times sqrt(2) 12.706 / 1.96.
  const std::vector<Paired> seeds = {{1000000, 40000, 0}, {1000000, 90000, 10000}};
  const auto e = paired_bootstrap(seeds);
  EXPECT_DOUBLE_EQ(e.value, 6);
  EXPECT_NEAR(e.low, 6 - 18.336, 0.2);
  EXPECT_NEAR(e.high, 6 + 18.336, 0.2);
  const auto same = paired_bootstrap({seeds[1], seeds[0]});  // whatever the order
  EXPECT_EQ(e.low, same.low);
  EXPECT_EQ(e.high, same.high);
  const auto cut = paired_bootstrap({{1000, 0, 0}, {1000, 900, 0}});
  EXPECT_EQ(std::make_tuple(cut.value, cut.low, cut.high), std::make_tuple(45, -100, 100));
  EXPECT_THROW(paired_bootstrap({}), std::invalid_argument);
}

TEST(Stats, BootstrapKeepsItsLevelWithFewSeeds) {
  // No true difference, seeds spread by 3 points: how often does the interval leave 0 out?
  const ImageDraw none = [](std::size_t, core::Stream&) { return 0.0; };
  constexpr int kRepetitions = 300;
  for (const std::size_t n : {2, 3, 5, 10}) {
    core::Stream random = core::stream(5, "seeds", n);
    int excluded = 0;
    for (int i = 0; i < kRepetitions; ++i) {
      std::vector<double> seeds(n);
      for (double& value : seeds) value = 3 * random.normal();
      const auto e = expanded_bootstrap(
          seeds, none, core::stream(6, "draws", static_cast<std::uint64_t>(i)), 300);
      excluded += e.low > 0 || e.high < 0;
    }
    EXPECT_LE(excluded, 0.09 * kRepetitions) << n;
    EXPECT_GE(excluded, 0.01 * kRepetitions) << n;
  }
}

}  // namespace
}  // namespace theriac::report
