#include <gmock/gmock.h>

#include <map>
#include <set>
#include <thread>

#include "data/fixture.h"
#include "theriac/core/text.h"
#include "theriac/data/emoji_font.h"

namespace theriac::data {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;

std::shared_ptr<const Source> scenes(const std::string& more, const std::string& section = "train",
                                     int image_size = 64) {
  SourceContext context;
  context.section = section;
  context.image_size = image_size;
  return build("{type: emoji" + more + "}", context);
}

// Bytes that must be the same on every machine. They change when the drawing changes on purpose
// (then raise kRevision) or with another version of the font (here Debian 12's 2.042).
TEST(Emoji, GoldenCaptionsAndPixels) {
  struct Golden {
    const char *split, *caption, *sha256;
  };
  const Golden golden[] = {
      {"train", "a photo of a crown",
       "6b64fa77e9f639b06fb9bebda2be5aa544af89fd8f0605c20391669935288274"},
      {"cleaning", "a picture of a small cow",
       "b6213653f3814a0e8a67e9399943fa6cc03d958a13165b7e8643caf5a133ad57"},
      {"validation", "a guitar in front of a checkered gray and orange background",
       "5294a82ef2b168fe31182f098807e7a28d7d5cd320e6c04c8b7844446b0b9e8d"},
      {"test", "a photo of a guitar",
       "a8eba52a5cd5cf4aea1c70840d52262c2fb5cd253f958fe45b257a8dd9672dbf"},
      {"held_out", "a picture of a guitar",
       "b0fe38eaccc439885ec90bf2469e5affc234728ed5f77f0c06008fbb9557cb80"},
  };
  for (const Golden& one : golden) {
    const Sample sample = scenes(std::string(", split: ") + one.split)->get(7);
    EXPECT_EQ(sample.row.caption, one.caption) << one.split;
    EXPECT_EQ(sha256(sample.pixels), one.sha256) << one.split;
  }
  EXPECT_EQ(data_id(*scenes(", scenes: 100")), "97c0998a155d350f");
}

TEST(Emoji, RowsAndPicturesAgree) {
  const auto source = scenes(", scenes: 200");
  EXPECT_EQ(source->size(), 200);
  EXPECT_EQ(source->classes().size(), 64u);
  EXPECT_EQ(source->row(17).key, "train/000017");
  EXPECT_EQ(source->where(17), "scene 17");
  for (std::int64_t i = 0; i < 200; ++i) {
    const Row row = source->row(i);
    const Sample sample = source->get(i);
    EXPECT_EQ(sample.row.caption, row.caption);
    EXPECT_EQ(sample.row.label, row.label);
    EXPECT_THAT(row.caption, HasSubstr(source->classes()[static_cast<std::size_t>(row.label)]));
    ASSERT_EQ(sample.pixels.size(), cv::Size(64, 64));
    EXPECT_TRUE(sample.pixels.isContinuous());
  }
}

TEST(Emoji, SplitFollowsTheSection) {
  const auto key = [](const std::string& more, const std::string& section) {
    return scenes(more, section)->row(0).key;
  };
  EXPECT_EQ(key("", "cleaning"), "cleaning/000000");
  EXPECT_EQ(key("", "held_out"), "held_out/000000");
  EXPECT_EQ(key("", "something_else"), "train/000000");
  EXPECT_EQ(key(", split: test", "train"), "test/000000");
}

TEST(Emoji, SplitsAndSeedsShareNoPictures) {
  std::set<std::string> seen;
  for (const char* more : {"", ", split: cleaning", ", split: validation", ", split: test",
                           ", split: held_out", ", seed: 2"}) {
    const auto source = scenes(more);
    for (std::int64_t i = 0; i < 50; ++i) seen.insert(sha256(source->get(i).pixels));
  }
  EXPECT_EQ(seen.size(), 300u);
}

TEST(Emoji, LabelledSplitsShowEachClassEquallyOften) {
  for (const char* split : {"validation", "test", "held_out"}) {
    const auto source = scenes(", scenes: 192", split);
    std::map<std::int64_t, int> counts;
    for (std::int64_t i = 0; i < 192; ++i) {
      ++counts[source->row(i).label];
      EXPECT_THAT(source->row(i).caption,
                  ::testing::Not(::testing::ContainsRegex("above|next to|left of")));
    }
    EXPECT_EQ(counts.size(), 64u);
    for (const auto& [label, count] : counts) EXPECT_EQ(count, 3) << label;
  }
}

TEST(Emoji, HeldOutHasTexturesOfItsOwn) {
  const auto mentions = [](const Source& source, const char* word) {
    for (std::int64_t i = 0; i < 400; ++i)
      if (source.row(i).caption.find(word) != std::string::npos) return true;
    return false;
  };
  for (const char* section : {"train", "cleaning", "validation", "test"}) {
    const auto source = scenes(", scenes: 400", section);
    EXPECT_TRUE(mentions(*source, "checkered"));
    EXPECT_FALSE(mentions(*source, "ringed") || mentions(*source, "tiled"));
  }
  const auto held_out = scenes(", scenes: 400", "held_out");
  EXPECT_TRUE(mentions(*held_out, "ringed") && mentions(*held_out, "tiled"));
  EXPECT_FALSE(mentions(*held_out, "checkered") || mentions(*held_out, "dotted"));
}

TEST(Emoji, CaptionsAreFewWordsInManySentences) {
  const auto source = scenes(", scenes: 4000");
  std::set<std::string> words, captions;
  int two = 0;
  for (std::int64_t i = 0; i < 4000; ++i) {
    const std::string caption = source->row(i).caption;
    captions.insert(caption);
    for (const std::string& word : core::split(caption, ' ')) words.insert(word);
    two += caption.find(" above ") != std::string::npos ||
           caption.find(" to the left of ") != std::string::npos ||
           caption.find(" next to ") != std::string::npos;
    EXPECT_EQ(caption.find(" a a"), std::string::npos);
  }
  EXPECT_LT(words.size(), 150u);
  EXPECT_GT(captions.size(), 1800u);
  EXPECT_NEAR(two / 4000.0, 0.22 * 0.6, 0.03);  // relation, "next to", "picture": 3 of 5
}

// The same scene in more pixels: after averaging it is nearly the small one.
TEST(Emoji, EverySizeShowsTheSameScene) {
  for (const int side : {16, 48, 224}) {
    const auto small = scenes(", noise: 0", "train", 32),
               large = scenes(", noise: 0", "train", side);
    EXPECT_EQ(large->get(0).pixels.size(), cv::Size(side, side));
    for (std::int64_t i = 0; i < 20; ++i) {
      EXPECT_EQ(small->row(i).caption, large->row(i).caption);
      const cv::Scalar a = cv::mean(small->get(i).pixels), b = cv::mean(large->get(i).pixels);
      for (int k = 0; k < 3; ++k) EXPECT_NEAR(a[k], b[k], 6) << side << " " << i;
    }
  }
}

TEST(Emoji, NoiseHasItsDeviation) {
  const auto plain = scenes(", noise: 0"), noisy = scenes(", noise: 20");
  double sum = 0;
  for (std::int64_t i = 0; i < 100; ++i) {
    cv::Mat a, b;
    plain->get(i).pixels.convertTo(a, CV_32F);
    noisy->get(i).pixels.convertTo(b, CV_32F);
    sum += cv::norm(a, b, cv::NORM_L2SQR) / (64 * 64 * 3);
  }
  // Uniform deviation: mean square 20^2 / 3, less what is clipped at 0 and 255.
  EXPECT_NEAR(sum / 100, 400.0 / 3, 30);
}

TEST(Emoji, ThreadsDrawTheSameBytes) {
  const auto source = scenes(", scenes: 64");
  std::vector<std::string> alone;
  for (std::int64_t i = 0; i < 64; ++i) alone.push_back(sha256(source->get(i).pixels));
  std::vector<std::jthread> threads;
  for (int t = 0; t < 8; ++t)
    threads.emplace_back([&, t] {
      for (std::int64_t i = 0; i < 64; ++i) {
        const std::int64_t j = (i * 5 + t * 11) % 64;
        EXPECT_EQ(sha256(source->get(j).pixels), alone[static_cast<std::size_t>(j)]);
      }
    });
}

TEST(Emoji, AllClassesHaveAPictureOfTheirOwn) {
  const auto source = scenes(", classes: 128, noise: 0", "test");
  const auto& names = source->classes();
  EXPECT_EQ(std::set(names.begin(), names.end()).size(), 128u);
  EXPECT_EQ(names[0], "banana");
}

TEST(Emoji, ErrorsSayWhatToInstall) {
  try {
    find_emoji_font("", {"/nowhere/a.ttf", "/nowhere/b.ttf"});
    ADD_FAILURE() << "found a font in /nowhere";
  } catch (const Error& error) {
    EXPECT_THAT(error.what(), AllOf(HasSubstr("/nowhere/b.ttf"),
                                    HasSubstr("Debian package fonts-noto-color-emoji")));
  }
  const Folder folder;
  EXPECT_THAT(error_of("{type: emoji, font: " + folder / "none.ttf" + "}"), HasSubstr("none.ttf"));
  EXPECT_THAT(error_of("{type: emoji, font: " + folder.write("x.ttf", "not a font") + "}"),
              HasSubstr("is not a font"));
  EXPECT_THAT(error_of("{type: emoji, classes: 129}"), HasSubstr("129"));
  EXPECT_THAT(error_of("{type: emoji, size: 8}"), HasSubstr("at least 16"));
  EXPECT_THAT(error_of("{type: emoji, scenes: 0}"), HasSubstr("scenes"));
}

}  // namespace
}  // namespace theriac::data
