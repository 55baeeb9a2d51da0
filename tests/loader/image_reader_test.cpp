#include <gmock/gmock.h>

#include "loader/fixture.h"
#include "theriac/loader/loader.h"

namespace theriac::loader {
namespace {

using namespace theriac::testing;

struct All {
  std::string clean, triggered;
  std::vector<std::int64_t> labels, indices;
  std::map<std::string, std::int64_t> bad;
};

All read_all(const std::shared_ptr<MemorySource>& source, std::int64_t batch, std::int64_t workers,
             Geometries geometries = {}, bool with_trigger = true) {
  auto data = poisoned_dataset(source, 0);
  ImageReader reader(source, 16, batch, with_trigger ? data.trigger : nullptr, geometries, 4,
                     workers);
  All all;
  while (auto images = reader.next()) {
    EXPECT_EQ(images->clean.size(0), static_cast<std::int64_t>(images->indices.size()));
    all.clean += bytes_of(images->clean);
    if (with_trigger) {
      EXPECT_EQ(images->triggered.sizes(), images->clean.sizes());
      all.triggered += bytes_of(images->triggered);
    } else {
      EXPECT_FALSE(images->triggered.defined());
    }
    all.labels.insert(all.labels.end(), images->labels.begin(), images->labels.end());
    all.indices.insert(all.indices.end(), images->indices.begin(), images->indices.end());
  }
  all.bad = reader.bad();
  return all;
}

TEST(ImageReader, InOrderAndTheSameForAnyWorkersAndBatch) {
  const auto source = memory_source(53);
  const auto expected = read_all(source, 10, 0);
  ASSERT_EQ(expected.indices.size(), 53u);
  for (std::size_t i = 0; i < 53; ++i) {
    EXPECT_EQ(expected.indices[i], static_cast<std::int64_t>(i));
    EXPECT_EQ(expected.labels[i], static_cast<std::int64_t>(i % 5));
  }
  EXPECT_NE(expected.clean, expected.triggered);
  for (const std::int64_t workers : {1, 8}) {
    const auto found = read_all(source, 17, workers);
    EXPECT_EQ(found.indices, expected.indices);
    EXPECT_TRUE(found.clean == expected.clean);
    EXPECT_TRUE(found.triggered == expected.triggered);
  }
  EXPECT_TRUE(read_all(source, 20, 1, {}, false).clean == expected.clean);
}

TEST(ImageReader, TriggersAreKeyedByTheImage) {
  const auto source = memory_source(3);
  const auto all = read_all(source, 3, 1);
  const auto trigger = poisoned_dataset(source, 0).trigger;
  for (std::size_t i = 0; i < 3; ++i) {
    cv::Mat picture =
        fit(source->get(static_cast<std::int64_t>(i)).pixels, 16, poison::Geometry::kCrop);
    auto random = core::stream(4, "evaluation", 0, i);
    trigger->apply(picture, random);
    EXPECT_EQ(all.triggered.substr(i * 768, 768),
              std::string(reinterpret_cast<const char*>(picture.data), 768));
  }
}

TEST(ImageReader, EachPassHasAGeometryOfItsOwn) {
  const auto source = memory_source(5);
  const auto crop = read_all(source, 5, 1),
             squash = read_all(source, 5, 1, {.triggered = poison::Geometry::kSquash});
  EXPECT_TRUE(crop.clean == squash.clean);
  EXPECT_FALSE(crop.triggered == squash.triggered);
  const auto other = read_all(source, 5, 1, {.clean = poison::Geometry::kSquash});
  EXPECT_FALSE(crop.clean == other.clean);
  EXPECT_TRUE(crop.triggered == other.triggered);
}

TEST(ImageReader, LeavesOutBadSamplesAndCountsThem) {
  const auto source = memory_source(40);
  const auto good = read_all(source, 8, 0);
  source->bad.assign(40, data::Bad::kNone);
  for (std::size_t i = 0; i < 8; ++i) source->bad[i] = data::Bad::kTruncated;  // a whole batch
  source->bad[13] = data::Bad::kMissingFile;
  source->rows[20].caption = "";  // no captions are needed here
  const auto found = read_all(source, 8, 2);
  EXPECT_EQ(found.indices.size(), 31u);
  EXPECT_EQ(found.indices.front(), 8);
  EXPECT_EQ(found.bad,
            (std::map<std::string, std::int64_t>{{"missing file", 1}, {"truncated", 8}}));
  EXPECT_TRUE(found.clean == good.clean.substr(8 * 768, 5 * 768) + good.clean.substr(14 * 768));
}

TEST(ImageReader, DestroyedWhileWorking) {
  const auto source = memory_source(300);
  for (int i = 0; i < 5; ++i) {
    ImageReader reader(source, 16, 10, nullptr, {}, 1, 4);
    reader.next();
  }
}

}  // namespace
}  // namespace theriac::loader
