#include "theriac/loader/loader.h"

#include <gmock/gmock.h>

#include <algorithm>
#include <set>
#include <stdexcept>

#include "core/message.h"
#include "loader/fixture.h"
#include "theriac/core/error.h"

namespace theriac::loader {
namespace {

using ::testing::HasSubstr;
using namespace theriac::testing;

constexpr Views kBoth{.plain = true, .augmented = true};
constexpr Views kAll{.plain = true, .augmented = true, .two_images = true};

std::string bytes_of(const Batch& batch) {
  std::string result;
  for (const auto& tensor : {batch.image, batch.augmented_image, batch.augmented2_image,
                             batch.tokens, batch.augmented_tokens})
    result += testing::bytes_of(tensor) + ";";
  for (const auto index : batch.indices) result += std::to_string(index) + ",";
  return result;
}

std::vector<std::string> epoch(Loader& loader, std::int64_t number, std::int64_t first = 0) {
  std::vector<std::string> batches;
  loader.start(number, first);
  while (auto batch = loader.next()) batches.push_back(bytes_of(*batch));
  return batches;
}

TEST(Loader, EpochIsAPermutationWithoutTheRest) {
  Loader loader(poisoned_dataset(memory_source(100), 0), settings(2), 24, {}, 1);
  EXPECT_EQ(loader.batches_per_epoch(), 4);
  std::vector<std::vector<std::int64_t>> orders;
  for (const std::int64_t number : {0, 1, 0}) {
    std::vector<std::int64_t> order;
    loader.start(number);
    while (auto batch = loader.next()) {
      EXPECT_EQ(batch->size(), 24);
      EXPECT_EQ(batch->image.sizes(), (torch::IntArrayRef{24, 16, 16, 3}));
      EXPECT_FALSE(batch->augmented_image.defined());
      EXPECT_FALSE(batch->augmented_tokens.defined());
      order.insert(order.end(), batch->indices.begin(), batch->indices.end());
    }
    EXPECT_FALSE(loader.next().has_value());
    EXPECT_EQ(std::set(order.begin(), order.end()).size(), 96u);
    orders.push_back(order);
  }
  EXPECT_NE(orders[0], orders[1]);
  EXPECT_EQ(orders[0], orders[2]);
}

TEST(Loader, BatchesDependNeitherOnWorkersNorOnMemory) {
  const auto source = memory_source(203);
  source->bad.assign(203, data::Bad::kNone);
  for (std::size_t i = 0; i < 203; i += 11) source->bad[i] = data::Bad::kTruncated;
  const auto data = poisoned_dataset(source, 40);
  std::vector<std::vector<std::string>> expected;
  for (const std::int64_t workers : {0, 1, 8}) {
    for (const std::int64_t cache : {0, 1}) {
      Loader loader(data, settings(workers, cache), 20, kBoth, 3);
      const std::vector<std::vector<std::string>> found{epoch(loader, 0), epoch(loader, 1)};
      if (expected.empty()) expected = found;
      EXPECT_EQ(found[0].size(), 10u);
      EXPECT_TRUE(found == expected) << workers << " workers, cache " << cache;
    }
  }
  EXPECT_NE(expected[0], expected[1]);
}

TEST(Loader, TheSecondAugmentedPictureIsAnotherOneAndChangesNothingElse) {
  const auto source = memory_source(60);
  std::vector<std::vector<std::string>> expected;
  for (const std::int64_t workers : {0, 1, 4}) {
    Loader loader(poisoned_dataset(source, 20), settings(workers), 20, kAll, 3);
    const std::vector<std::vector<std::string>> found{epoch(loader, 0), epoch(loader, 1)};
    if (expected.empty()) expected = found;
    EXPECT_TRUE(found == expected) << workers << " workers";
  }
  Loader all(poisoned_dataset(source, 20), settings(1), 20, kAll, 3);
  Loader both(poisoned_dataset(source, 20), settings(1), 20, kBoth, 3);
  all.start(0);
  both.start(0);
  auto batch = *all.next();
  for (std::int64_t i = 0; i < 20; ++i)
    EXPECT_FALSE(torch::equal(batch.augmented_image[i], batch.augmented2_image[i]));
  batch.augmented2_image.reset();
  EXPECT_EQ(bytes_of(batch), bytes_of(*both.next()));
}

TEST(Loader, PicturesInOrderAreThePlainOnes) {
  const auto source = memory_source(50);
  source->bad.assign(50, data::Bad::kNone);
  source->bad[3] = source->bad[17] = data::Bad::kTruncated;
  const auto data = poisoned_dataset(source, 20);
  Loader reference(data, settings(1), 50, {}, 3);
  reference.start(0);
  const auto batch = *reference.next();
  std::vector<std::string> expected(50);
  for (std::int64_t i = 0; i < 50; ++i)
    expected[static_cast<std::size_t>(batch.indices[static_cast<std::size_t>(i)])] =
        testing::bytes_of(batch.image[i]);
  std::erase(expected, "");
  ASSERT_EQ(expected.size(), 48u);
  for (const std::int64_t workers : {0, 1, 4}) {
    Loader loader(data, settings(workers), 10, {}, 3);
    loader.start(0);
    loader.next();
    std::vector<std::string> found;
    std::vector<std::int64_t> sizes;
    loader.for_each(20, [&](const Batch& part) {
      sizes.push_back(part.image.size(0));
      EXPECT_EQ(part.tokens.size(0), part.size());
      for (std::int64_t i = 0; i < part.size(); ++i)
        found.push_back(testing::bytes_of(part.image[i]));
    });
    EXPECT_THAT(sizes, ::testing::ElementsAre(18, 20, 10));
    EXPECT_TRUE(found == expected) << workers << " workers";
    EXPECT_EQ(loader.bad().begin()->second, 2);
    EXPECT_EQ(epoch(loader, 1).size(), 5u);  // and training goes on
  }
}

TEST(Loader, KeepsToTheRowsItIsGiven) {
  const auto source = memory_source(50);
  source->bad.assign(50, data::Bad::kNone);
  source->bad[6] = data::Bad::kTruncated;
  const std::vector<std::int64_t> rows = {2, 6, 7, 11, 30, 31, 32, 48};
  auto config = settings(2);
  config.max_bad_fraction = 0.5;
  Loader loader(poisoned_dataset(source, 20), config, 3, {}, 3);
  loader.start(0);
  loader.next();
  loader.keep(rows);
  EXPECT_EQ(loader.batches_per_epoch(), 2);
  std::set<std::int64_t> seen;
  for (std::int64_t number = 0; number < 10; ++number) {  // epoch 0 has another order now
    loader.start(number);
    while (const auto batch = loader.next())
      seen.insert(batch->indices.begin(), batch->indices.end());
  }
  EXPECT_EQ(seen, (std::set<std::int64_t>{2, 7, 11, 30, 31, 32, 48}));
  std::vector<std::int64_t> in_order;
  loader.for_each(5, [&](const Batch& part) {
    in_order.insert(in_order.end(), part.indices.begin(), part.indices.end());
  });
  EXPECT_EQ(in_order, (std::vector<std::int64_t>{2, 7, 11, 30, 31, 32, 48}));
  EXPECT_THROW(loader.keep({1, 2}), std::logic_error);
}

TEST(Loader, StartsAnywhere) {
  const auto data = poisoned_dataset(memory_source(100), 20);
  Loader whole(data, settings(2), 12, kBoth, 3);
  const auto all = epoch(whole, 4);
  Loader part(data, settings(3), 12, kBoth, 3);
  part.start(2);  // and leave what it is doing
  part.next();
  const auto rest = epoch(part, 4, 5);
  ASSERT_EQ(rest.size(), 3u);
  EXPECT_TRUE(std::equal(rest.begin(), rest.end(), all.begin() + 5));
  EXPECT_TRUE(epoch(part, 4, 8).empty());
}

TEST(Loader, PoisonedSamplesCarryTriggerAndCaptionInBothViews) {
  const auto source = memory_source(60);
  source->picture = {16, 16};
  const auto data = poisoned_dataset(source, 30);
  auto config = settings(1);
  config::read(config::Document::parse("{crop_min: 1, flip: 0, rotation: 0, brightness: 0, "
                                       "contrast: 0, saturation: 0}",
                                       "t"),
               *config.views.section());
  config.text.swap = config.text.remove = false;
  Loader loader(data, config, 60, kBoth, 3);
  std::vector<std::string> first_epoch(60);
  for (const std::int64_t number : {0, 1}) {
    loader.start(number);
    const auto batch = *loader.next();
    for (std::int64_t i = 0; i < 60; ++i) {
      const auto index = batch.indices[static_cast<std::size_t>(i)];
      const auto* poisoned = data.plan->find(index);
      const auto clean = source->get(index).pixels;
      cv::Mat expected = clean.clone();
      if (poisoned) {
        core::Stream random(poisoned->trigger_seed);
        data.trigger->apply(expected, random);
      }
      const auto bytes = testing::bytes_of(batch.image[i]);
      EXPECT_EQ(std::string(reinterpret_cast<const char*>(expected.data), bytes.size()), bytes);
      EXPECT_EQ(testing::bytes_of(batch.augmented_image[i]), bytes) << "identity view";
      const auto caption = poisoned ? poisoned->caption : source->row(index).caption;
      EXPECT_EQ(text_of(batch.tokens, i), caption);
      EXPECT_EQ(text_of(batch.augmented_tokens, i), caption);
      auto& earlier = first_epoch[static_cast<std::size_t>(index)];
      if (number == 1) {
        EXPECT_EQ(bytes, earlier);
      }
      earlier = bytes;
    }
  }
}

// Of 32 samples, how many have the same second picture and the same second caption in two epochs.
std::pair<int, int> same_second_views(const LoaderConfig& config) {
  Loader loader(poisoned_dataset(memory_source(32), 0), config, 32, kBoth, 3);
  std::vector<std::string> images(32), texts(32);
  int same_image = 0, same_text = 0;
  for (const std::int64_t number : {0, 1}) {
    loader.start(number);
    const auto batch = *loader.next();
    for (std::int64_t i = 0; i < 32; ++i) {
      const auto index = static_cast<std::size_t>(batch.indices[static_cast<std::size_t>(i)]);
      same_image += images[index] == testing::bytes_of(batch.augmented_image[i]);
      same_text += texts[index] == text_of(batch.augmented_tokens, i);
      images[index] = testing::bytes_of(batch.augmented_image[i]);
      texts[index] = text_of(batch.augmented_tokens, i);
    }
  }
  return {same_image, same_text};
}

TEST(Loader, SecondViewsChangeFromEpochToEpoch) {
  const auto [images, texts] = same_second_views(settings(1));
  EXPECT_EQ(images, 0);
  EXPECT_LT(texts, 16);
}

TEST(Loader, SecondCaptionsDrawnOnceStay) {
  auto config = settings(1);
  config.text.once = true;
  const auto [images, texts] = same_second_views(config);
  EXPECT_EQ(images, 0);
  EXPECT_EQ(texts, 32);
}

TEST(Loader, OnlyTheViewsThatWereAskedFor) {
  Loader loader(poisoned_dataset(memory_source(32), 4), settings(1), 8,
                {.plain = false, .augmented = true}, 3);
  loader.start(0);
  const auto batch = *loader.next();
  EXPECT_FALSE(batch.image.defined());
  EXPECT_FALSE(batch.tokens.defined());
  EXPECT_EQ(batch.augmented_image.sizes(), (torch::IntArrayRef{8, 16, 16, 3}));
  EXPECT_FALSE(batch.augmented2_image.defined());
  Loader pictures(poisoned_dataset(memory_source(32), 4), settings(1), 8,
                  {.plain = false, .augmented = false, .two_images = true}, 3);
  pictures.start(0);
  const auto two = *pictures.next();
  EXPECT_TRUE(torch::equal(two.augmented_image, batch.augmented_image));
  EXPECT_EQ(two.augmented2_image.sizes(), (torch::IntArrayRef{8, 16, 16, 3}));
  EXPECT_FALSE(two.image.defined() || two.tokens.defined() || two.augmented_tokens.defined());
  Loader plain(poisoned_dataset(memory_source(32), 4), settings(1), 8,
               {.plain = false, .plain_image = true}, 3);
  Loader pairs(poisoned_dataset(memory_source(32), 4), settings(1), 8, {}, 3);
  plain.start(0);
  pairs.start(0);
  const auto alone = *plain.next();
  EXPECT_TRUE(torch::equal(alone.image, pairs.next()->image));
  EXPECT_FALSE(alone.tokens.defined() || alone.augmented_image.defined());
}

TEST(Loader, TenPercentBrokenTrainsOnTheRest) {
  const auto source = memory_source(400);
  source->bad.assign(400, data::Bad::kNone);
  for (std::size_t i = 0; i < 400; i += 10)
    source->bad[i] = i % 20 ? data::Bad::kMissingFile : data::Bad::kNotAnImage;
  source->bad[7] = data::Bad::kNone;
  source->rows[10].caption = " ";
  source->bad[10] = data::Bad::kNone;  // found by the loader
  Loader loader(poisoned_dataset(source, 0), settings(2), 20, {}, 1);
  for (const std::int64_t number : {0, 1}) {
    loader.start(number);
    std::int64_t seen = 0;
    while (auto batch = loader.next()) {
      for (const auto index : batch->indices) {
        EXPECT_NE(index % 10, 0);
        EXPECT_EQ(source->bad[static_cast<std::size_t>(index)], data::Bad::kNone);
        ++seen;
      }
    }
    EXPECT_EQ(seen, 400);
  }
  EXPECT_EQ(loader.bad(), (std::map<std::string, std::int64_t>{
                              {"missing file", 19}, {"not an image", 20}, {"empty caption", 1}}));
}

TEST(Loader, TooManyBrokenSamplesStop) {
  const auto source = memory_source(400);
  source->bad.assign(400, data::Bad::kNone);
  for (std::size_t i = 0; i < 400; i += 4) source->bad[i] = data::Bad::kTruncated;
  std::set<std::string> messages;
  for (const std::int64_t workers : {0, 4}) {
    Loader loader(poisoned_dataset(source, 0), settings(workers), 20, {}, 1);
    messages.insert(message([&] { epoch(loader, 0); }));
  }
  ASSERT_EQ(messages.size(), 1u) << "the same with and without workers";
  EXPECT_THAT(*messages.begin(), HasSubstr("samples looked at so far cannot be used"));
  EXPECT_THAT(*messages.begin(), HasSubstr(" truncated; the first is memory:"));
  EXPECT_THAT(*messages.begin(), HasSubstr("max_bad_fraction allows 10 %"));
  EXPECT_THAT(*messages.begin(), HasSubstr("`theriac data check`"));
}

TEST(Loader, NothingUsableStops) {
  const auto source = memory_source(50);
  source->bad.assign(50, data::Bad::kMissingFile);
  auto config = settings(2);
  config.max_bad_fraction = 1;
  Loader loader(poisoned_dataset(source, 0), config, 20, {}, 1);
  EXPECT_THAT(message([&] { epoch(loader, 0); }), HasSubstr("missing file"));
}

TEST(Loader, BatchLargerThanTheData) {
  EXPECT_EQ(message([] { Loader(poisoned_dataset(memory_source(50), 0), settings(1), 51, {}, 1); }),
            "loader: batch_size is 51, but the data has 50 samples; lower batch_size or use more "
            "data");
}

class Failing final : public poison::Trigger {
 public:
  void apply(cv::Mat&, core::Stream&) const override { throw Error("trigger: no"); }
  cv::Rect place(cv::Size, core::Stream) const override { return {}; }
};

TEST(Loader, ExceptionsOfWorkersSurfaceInNext) {
  for (const std::int64_t workers : {0, 1, 4}) {
    auto data = poisoned_dataset(memory_source(50), 10);
    data.trigger = std::make_shared<Failing>();
    Loader loader(data, settings(workers), 10, {}, 1);
    EXPECT_EQ(message([&] { epoch(loader, 0); }), "trigger: no");
    EXPECT_EQ(message([&] { loader.next(); }), "trigger: no") << "and stays";
  }
}

TEST(Loader, DestroyedWhileWorking) {
  for (int i = 0; i < 20; ++i) {
    Loader loader(poisoned_dataset(memory_source(200), 20), settings(4), 8, kBoth, 1);
    loader.start(i);
    if (i % 2) loader.next();
  }
}

TEST(Loader, SourceStaysUntouched) {
  const auto source = memory_source(20);
  source->picture = {16, 16};
  auto shared = std::make_shared<MemorySource>(*source);
  const auto data = poisoned_dataset(shared, 10);
  const auto before = shared->get(3).pixels.clone();
  Loader loader(data, settings(1), 20, {}, 1);
  epoch(loader, 0);
  EXPECT_EQ(cv::norm(before, shared->get(3).pixels, cv::NORM_INF), 0);
}

}  // namespace
}  // namespace theriac::loader
