#include "theriac/core/random.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <cstring>
#include <numeric>
#include <set>

namespace theriac::core {
namespace {

using Block = std::array<std::uint32_t, 4>;

// Random123 1.14, tests/kat_vectors, "philox4x32 10".
TEST(Philox, PublishedVectors) {
  EXPECT_EQ(philox4x32_10({0, 0, 0, 0}, {0, 0}),
            (Block{0x6627e8d5, 0xe169c58d, 0xbc57ac4c, 0x9b00dbd8}));
  EXPECT_EQ(philox4x32_10({~0u, ~0u, ~0u, ~0u}, {~0u, ~0u}),
            (Block{0x408f276d, 0x41c83b0e, 0xa20bc7c6, 0x6d5451fd}));
  EXPECT_EQ(
      philox4x32_10({0x243f6a88, 0x85a308d3, 0x13198a2e, 0x03707344}, {0xa4093822, 0x299f31d0}),
      (Block{0xd16cfe09, 0x94fdcceb, 0x5001e420, 0x24126ea1}));
}

TEST(Stream, WordsAreTheBlocksInOrder) {
  Stream random(0);
  EXPECT_EQ(random.bits32(), 0x6627e8d5u);
  EXPECT_EQ(random.bits64(), 0xbc57ac4ce169c58dULL);
  std::uint8_t bytes[3];
  Stream again(0);
  again.fill_bytes(bytes, 3);
  EXPECT_EQ(bytes[0], 0xd5);
  EXPECT_EQ(bytes[2], 0x27);
}

TEST(Stream, EveryArgumentMatters) {
  std::set<std::uint64_t> seen;
  for (std::uint64_t seed : {0, 1})
    for (const char* purpose : {"", "a", "b", "ab", "poison"})
      for (std::uint64_t epoch : {0, 1, 2})
        for (std::uint64_t sample : {0, 1, 2})
          for (std::uint64_t view : {0, 1}) {
            Stream random = stream(seed, purpose, epoch, sample, view);
            seen.insert(random.bits64());
          }
  EXPECT_EQ(seen.size(), 2u * 5 * 3 * 3 * 2);
}

// Changing these numbers changes every result that was ever made.
TEST(Stream, FrozenValues) {
  Stream random = stream(1, "poison", 2, 3, 4);
  EXPECT_EQ(random.bits64(), 0x3b8c9b6bc82555b3ULL);
  EXPECT_EQ(derive_seed(1, "poison"), 0x257d27f77f179b98ULL);
  std::uint64_t bits;
  const double normal = stream(1, "normal").normal();
  std::memcpy(&bits, &normal, sizeof bits);
  EXPECT_EQ(bits, 0xbfe6fd32d33660efULL);
}

TEST(Stream, DerivedSeedsFitSignedIntegers) {
  for (std::uint64_t seed = 0; seed < 1000; ++seed)
    EXPECT_LE(derive_seed(seed, "x"), static_cast<std::uint64_t>(INT64_MAX));
}

TEST(Stream, UniformHasItsMomentsAndStaysInside) {
  Stream random(7);
  double sum = 0, squares = 0;
  const int n = 200000;
  for (int i = 0; i < n; ++i) {
    const double x = random.uniform(-2, 3);
    ASSERT_GE(x, -2);
    ASSERT_LT(x, 3);
    sum += x;
    squares += x * x;
  }
  EXPECT_NEAR(sum / n, 0.5, 5 * std::sqrt(25.0 / 12 / n));
  EXPECT_NEAR(squares / n - 0.25, 25.0 / 12, 0.03);
}

TEST(Stream, NormalFollowsItsDistribution) {
  Stream random(8);
  const int n = 200000;
  std::vector<double> x(n);
  for (double& v : x) v = random.normal();
  std::sort(x.begin(), x.end());
  double worst = 0;  // Kolmogorov-Smirnov; 1.95 / sqrt(n) is p = 0.001
  for (int i = 0; i < n; ++i)
    worst = std::max(worst,
                     std::fabs(0.5 * std::erfc(-x[static_cast<std::size_t>(i)] / std::sqrt(2.0)) -
                               (i + 0.5) / n));
  EXPECT_LT(worst, 1.95 / std::sqrt(n));
}

TEST(Stream, BelowIsUniformAndBounded) {
  Stream random(9);
  std::vector<int> counts(7);
  for (int i = 0; i < 70000; ++i) ++counts[random.below(7)];
  double chi2 = 0;
  for (const int count : counts) chi2 += (count - 10000.0) * (count - 10000.0) / 10000;
  EXPECT_LT(chi2, 22.5);  // p = 0.001 with 6 degrees of freedom
  EXPECT_EQ(random.below(1), 0u);
  for (int i = 0; i < 100; ++i) EXPECT_LT(random.below(~0ull / 2 + 2), ~0ull / 2 + 2);
}

TEST(Stream, ShuffleIsAPermutation) {
  std::vector<int> items(100), sorted(100);
  std::iota(items.begin(), items.end(), 0);
  sorted = items;
  Stream(3).shuffle(items);
  EXPECT_NE(items, sorted);
  EXPECT_TRUE(std::is_permutation(items.begin(), items.end(), sorted.begin()));
}

TEST(Stream, ChanceHasItsEnds) {
  Stream random(1);
  for (int i = 0; i < 1000; ++i) {
    EXPECT_FALSE(random.chance(0));
    EXPECT_TRUE(random.chance(1));
  }
}

}  // namespace
}  // namespace theriac::core
