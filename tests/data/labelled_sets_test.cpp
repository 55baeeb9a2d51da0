#include <fmt/format.h>
#include <gmock/gmock.h>

#include "data/fixture.h"

namespace theriac::data {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;

class Cifar100Test : public ::testing::Test {
 protected:
  Cifar100Test() {
    std::string fine, coarse, records;
    for (int i = 0; i < 100; ++i) fine += fmt::format("fine_{}\n", i);
    for (int i = 0; i < 20; ++i) coarse += fmt::format("coarse_{}\n", i);
    folder_.write("fine_label_names.txt", fine);
    folder_.write("coarse_label_names.txt", coarse + "\n");
    for (int n = 0; n < 3; ++n) {
      records += {static_cast<char>(19 - n), static_cast<char>(99 - n)};
      for (int plane = 0; plane < 3; ++plane)
        for (int y = 0; y < 32; ++y)
          for (int x = 0; x < 32; ++x)
            records += static_cast<char>(80 * plane + 2 * y + x / 16 + n);
    }
    folder_.write("test.bin", records);
    records_ = records;
  }
  std::string yaml(const std::string& more = "") const {
    return "{type: cifar100, path: " + folder_ / "" + more + "}";
  }
  Folder folder_;
  std::string records_;
};

TEST_F(Cifar100Test, PlanesBecomePixelsAndBytesClasses) {
  const auto source = build(yaml());
  ASSERT_EQ(source->size(), 3);
  EXPECT_EQ(source->classes().size(), 100u);
  EXPECT_EQ(source->row(1).label, 98);
  EXPECT_EQ(source->row(1).caption, "a photo of a fine 98");
  EXPECT_EQ(source->row(1).key, "test/00001");
  const auto rgb = pixels(source->get(1)).rgb;
  ASSERT_EQ(rgb.size(), cv::Size(32, 32));
  EXPECT_EQ(rgb.at<cv::Vec3b>(5, 20), cv::Vec3b(12, 92, 172));
  const auto coarse = build(yaml(", labels: coarse, caption: '{}'"));
  EXPECT_EQ(coarse->row(2).label, 17);
  EXPECT_EQ(coarse->row(2).caption, "coarse 17");
}

TEST_F(Cifar100Test, ErrorsSayWhatIsExpected) {
  EXPECT_THAT(error_of(yaml(", split: train")), HasSubstr("train.bin"));
  folder_.write("test.bin", records_.substr(0, records_.size() - 1));
  EXPECT_THAT(error_of(yaml()), AllOf(HasSubstr("9221 bytes"), HasSubstr("3074")));
  folder_.write("test.bin", "");
  EXPECT_THAT(error_of(yaml()), HasSubstr("0 bytes"));
  records_[3074 + 1] = 100;
  folder_.write("test.bin", records_);
  EXPECT_THAT(error_of(yaml()), AllOf(HasSubstr("picture 1"), HasSubstr("0 to 99")));
  folder_.write("fine_label_names.txt", "a\nb\n");
  EXPECT_THAT(error_of(yaml()), HasSubstr("2 class names"));
}

class Caltech101Test : public ::testing::Test {
 protected:
  Caltech101Test() {
    const auto jpeg = encode_jpeg(picture(8, 6), 90);
    for (int i = 0; i < 99; ++i)
      folder_.write(fmt::format("101_ObjectCategories/thing_{:02}/image_0001.jpg", i), jpeg);
    for (const char* name : {"BACKGROUND_Google", "Faces_easy", "accordion"})
      folder_.write(fmt::format("101_ObjectCategories/{}/image_0001.jpg", name), jpeg);
    folder_.write("101_ObjectCategories/BACKGROUND_Google/tmp", "x");
  }
  std::string yaml(const std::string& more = "", const std::string& below = "") const {
    return "{type: caltech101, path: " + folder_ / below + more + "}";
  }
  Folder folder_;
};

TEST_F(Caltech101Test, TheBackgroundIsAClassOrLeftOut) {
  const auto all = build(yaml());
  ASSERT_EQ(all->size(), 102);
  ASSERT_EQ(all->classes().size(), 102u);
  EXPECT_EQ(all->classes()[0], "background");
  EXPECT_EQ(all->classes()[1], "faces easy");
  EXPECT_EQ(all->row(2).caption, "a photo of an accordion");
  EXPECT_EQ(all->row(2).key, "accordion/image_0001.jpg");
  EXPECT_EQ(pixels(all->get(101)).bad, Bad::kNone);
  const auto objects = build(yaml(", background: drop", "101_ObjectCategories"));
  ASSERT_EQ(objects->size(), 101);
  EXPECT_EQ(objects->classes()[0], "faces easy");
  EXPECT_EQ(objects->row(0).label, 0);
}

TEST_F(Caltech101Test, ErrorsSayWhatIsExpected) {
  std::filesystem::remove_all(folder_ / "101_ObjectCategories/accordion");
  EXPECT_THAT(error_of(yaml()), AllOf(HasSubstr("101 folders"), HasSubstr("expected 102"),
                                      HasSubstr("image_folder")));
  folder_.write("101_ObjectCategories/accordion/notes", "x");
  EXPECT_THAT(error_of(yaml()), HasSubstr("no pictures in"));
  std::filesystem::remove_all(folder_ / "101_ObjectCategories/BACKGROUND_Google");
  EXPECT_THAT(error_of(yaml()), HasSubstr("background: drop"));
  EXPECT_THAT(error_of(yaml("", "none")), HasSubstr("cannot read"));
}

}  // namespace
}  // namespace theriac::data
