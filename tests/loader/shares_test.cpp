// A batch made in parts by several ranks.
#include <gtest/gtest.h>

#include <algorithm>
#include <stdexcept>

#include "core/message.h"
#include "loader/fixture.h"
#include "theriac/loader/loader.h"

namespace theriac::loader {
namespace {

using namespace theriac::testing;

// Pictures of an epoch by sample, and how often each sample came, over all ranks.
struct Seen {
  std::vector<int> times;
  std::vector<std::string> pictures;
};
Seen seen_by(const Dataset& data, std::int64_t ranks, std::int64_t workers, std::int64_t batch) {
  const auto size = static_cast<std::size_t>(data.source->size());
  Seen seen{std::vector<int>(size), std::vector<std::string>(size)};
  for (std::int64_t rank = 0; rank < ranks; ++rank) {
    Loader loader(data, settings(workers), batch, {.plain = true, .augmented = true}, 9,
                  {.rank = rank, .ranks = ranks});
    loader.start(2);
    while (const auto part = loader.next()) {
      EXPECT_EQ(part->size(), batch / ranks);
      for (std::int64_t i = 0; i < part->size(); ++i) {
        const auto index = static_cast<std::size_t>(part->indices[static_cast<std::size_t>(i)]);
        ++seen.times[index];
        seen.pictures[index] = testing::bytes_of(part->image[i]) +
                               testing::bytes_of(part->augmented_image[i]) +
                               text_of(part->tokens, i) + text_of(part->augmented_tokens, i);
      }
    }
  }
  return seen;
}

TEST(LoaderShares, RanksAndWorkersSeeEachSampleOnce) {
  const std::pair<std::int64_t, std::int64_t> shares[] = {{1, 1}, {2, 0}, {2, 3}, {3, 2}, {8, 4}};
  for (const std::int64_t size : {24, 48, 53}) {
    const auto data = poisoned_dataset(memory_source(size), 6);
    const Seen alone = seen_by(data, 1, 0, 24);
    EXPECT_EQ(std::ranges::count(alone.times, 1), size / 24 * 24);
    EXPECT_EQ(std::ranges::count(alone.times, 0), size % 24);
    for (const auto& [ranks, workers] : shares) {
      const Seen seen = seen_by(data, ranks, workers, 24);
      EXPECT_TRUE(seen.times == alone.times && seen.pictures == alone.pictures)
          << size << " samples, " << ranks << " ranks, " << workers << " workers";
    }
  }
}

TEST(LoaderShares, TheRanksPartsMakeTheBatchInItsOrder) {
  const auto source = memory_source(50);
  source->bad.assign(50, data::Bad::kNone);
  for (std::size_t i = 0; i < 50; i += 13) source->bad[i] = data::Bad::kTruncated;
  const auto data = poisoned_dataset(source, 5);
  Loader whole(data, settings(2), 12, {}, 4);
  Loader first(data, settings(0), 12, {}, 4, {.rank = 0, .ranks = 2});
  Loader second(data, settings(3), 12, {}, 4, {.rank = 1, .ranks = 2});
  for (Loader* loader : {&whole, &first, &second}) loader->start(1, 1);
  int batches = 0;
  while (const auto batch = whole.next()) {
    const auto left = first.next(), right = second.next();
    ASSERT_TRUE(left && right);
    auto joined = left->indices;
    joined.insert(joined.end(), right->indices.begin(), right->indices.end());
    EXPECT_EQ(joined, batch->indices);
    EXPECT_TRUE(torch::equal(torch::cat({left->image, right->image}), batch->image));
    ++batches;
  }
  EXPECT_EQ(batches, 3);
  EXPECT_FALSE(first.next() || second.next());
}

TEST(LoaderShares, SharesThatDoNotFit) {
  const auto open = [](std::int64_t batch, Share share) {
    return Loader(poisoned_dataset(memory_source(50), 0), settings(0), batch, {}, 1, share);
  };
  EXPECT_EQ(message([&] { open(20, {.rank = 0, .ranks = 3}); }),
            "loader: batch_size is 20, which 3 ranks cannot share equally; choose a multiple of 3");
  EXPECT_THROW(open(20, {.rank = 2, .ranks = 2}), std::invalid_argument);
  EXPECT_THROW(open(20, {.rank = -1, .ranks = 2}), std::invalid_argument);
  EXPECT_THROW(open(20, {.rank = 0, .ranks = 0}), std::invalid_argument);
}

}  // namespace
}  // namespace theriac::loader
