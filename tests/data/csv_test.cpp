#include <fcntl.h>
#include <gmock/gmock.h>
#include <sys/stat.h>

#include "data/fixture.h"

namespace theriac::data {
namespace {

using ::testing::AllOf;
using ::testing::ElementsAre;
using ::testing::HasSubstr;

class Csv : public ::testing::Test {
 protected:
  std::shared_ptr<const Source> open(std::string_view text, const std::string& more = "") {
    return build(yaml(text, more));
  }
  std::string error(std::string_view text, const std::string& more = "") {
    return error_of(yaml(text, more));
  }
  std::string yaml(std::string_view text, const std::string& more) {
    return "{type: csv, path: " + folder_.write("train.csv", text) + more + "}";
  }
  Folder folder_;
};

TEST_F(Csv, QuotesLineEndsAndByteOrderMark) {
  const auto source = open(
      "\xef\xbb\xbfimage,caption,x\r\n"
      "a.png,\"one, two\",1\r\n"
      "\r\n"
      "b.png,\"he said \"\"hi\"\"\r\nand left\",2\r\n"
      "\"c d.png\",plain \"inner\" quotes,3\n"
      "e.png,last without line end,4");
  ASSERT_EQ(source->size(), 4);
  EXPECT_EQ(source->row(0).caption, "one, two");
  EXPECT_EQ(source->row(1).caption, "he said \"hi\"\r\nand left");
  EXPECT_EQ(source->row(2).key, "c d.png");
  EXPECT_EQ(source->row(2).caption, "plain \"inner\" quotes");
  EXPECT_EQ(source->row(3).caption, "last without line end");
  EXPECT_EQ(source->where(0), "train.csv:2");
  EXPECT_EQ(source->where(1), "train.csv:4");
  EXPECT_EQ(source->where(2), "train.csv:6");
  EXPECT_TRUE(source->classes().empty());
  EXPECT_EQ(source->row(0).label, -1);
}

TEST_F(Csv, TabsAreFoundByThemselves) {
  EXPECT_EQ(open("image\tcaption\na\tone, two\n")->row(0).caption, "one, two");
  EXPECT_EQ(open("image,caption\na,one\ttwo\n", ", delimiter: comma")->row(0).caption, "one\ttwo");
  EXPECT_EQ(open("image\tcaption\na\t\"b\n", ", quoted: false")->row(0).caption, "\"b");
}

TEST_F(Csv, ColumnsOfAnyNameAndALimit) {
  const auto source = open("n,text,file\n1,x,a.png\n2,y,b.png\n3,z,c.png\n",
                           ", image_key: file, caption_key: text, limit: 2");
  ASSERT_EQ(source->size(), 2);
  EXPECT_EQ(source->row(1).key, "b.png");
  EXPECT_EQ(source->row(1).caption, "y");
}

TEST_F(Csv, LabelsByNameNumberAndList) {
  const std::string text = "image,caption,label\na,x,dog\nb,x,cat\nc,x,\nd,x,dog\n";
  const auto named = open(text, ", label_key: label");
  EXPECT_THAT(named->classes(), ElementsAre("cat", "dog"));
  EXPECT_EQ(named->row(0).label, 1);
  EXPECT_EQ(named->row(2).label, -1);
  const auto listed = open(text, ", label_key: label, classes: [dog, cat, cow]");
  EXPECT_EQ(listed->row(0).label, 0);
  EXPECT_EQ(listed->classes().size(), 3u);
  const std::string numbers = "image,caption,label\na,x,2\nb,x,0\n";
  EXPECT_THAT(open(numbers, ", label_key: label")->classes(), ElementsAre("0", "1", "2"));
  const std::string file = folder_.write("classes.txt", "ant\nbee\ncow\n");
  const auto mapped = open(numbers, ", label_key: label, classes_file: " + file);
  EXPECT_EQ(mapped->classes()[static_cast<std::size_t>(mapped->row(0).label)], "cow");
}

TEST_F(Csv, CaptionsFromLabels) {
  const auto source = open("image,label\na,apple\n", ", caption_key: '', label_key: label");
  EXPECT_EQ(source->row(0).caption, "a photo of an apple");
}

TEST_F(Csv, PicturesAreRelativeToTheFileOrTheRoot) {
  const auto png = encode_png(picture(8, 6));
  folder_.write("pictures/a.png", png);
  const auto source = open("image,caption\npictures/a.png,x\n");
  const Sample sample = source->get(0);
  EXPECT_EQ(sample.bad, Bad::kNone) << sample.detail;
  EXPECT_EQ(sample.encoded, png);
  EXPECT_EQ(pixels(sample).rgb.size(), cv::Size(8, 6));
  const auto rooted = open("image,caption\na.png,x\n", ", root: " + folder_ / "pictures");
  EXPECT_EQ(rooted->get(0).bad, Bad::kNone);
}

TEST_F(Csv, BadRowsSayWhyAndDoNotThrow) {
  folder_.write("good.png", encode_png(picture(8, 8)));
  ::mkdir((folder_ / "folder").c_str(), 0700);
  ::mkfifo((folder_ / "pipe").c_str(), 0600);
  const auto source = open(
      "image,caption,label\n"
      "good.png,x,cat\n"
      "gone.png,x,cat\n"
      "good.png,,cat\n"
      "good.png,\"  \",cat\n"
      "good.png,caf\xe9,cat\n"
      "good.png,x\n"
      "good.png,x,cat,more\n"
      "good.png,x,cay\n"
      "folder,x,cat\n"
      "pipe,x,cat\n"
      ",x,cat\n"
      "https://a.b/c.jpg,x,cat\n",
      ", label_key: label, classes: [cat, dog]");
  ASSERT_EQ(source->size(), 12);
  const Bad expected[] = {Bad::kNone,         Bad::kMissingFile, Bad::kEmptyCaption,
                          Bad::kEmptyCaption, Bad::kBadUtf8,     Bad::kBadRow,
                          Bad::kBadRow,       Bad::kBadRow,      Bad::kUnreadable,
                          Bad::kUnreadable,   Bad::kMissingFile, Bad::kMissingFile};
  for (std::int64_t i = 0; i < source->size(); ++i)
    EXPECT_EQ(source->get(i).bad, expected[i]) << i << ": " << source->get(i).detail;
  EXPECT_THAT(source->get(1).detail, HasSubstr("gone.png"));
  EXPECT_THAT(source->get(5).detail, HasSubstr("2 fields, the header has 3"));
  EXPECT_THAT(source->get(7).detail, HasSubstr("did you mean \"cat\""));
  EXPECT_EQ(source->row(7).label, -1);
  EXPECT_EQ(source->row(4).caption, "caf\xef\xbf\xbd");
}

TEST_F(Csv, PicturesOutsideTheFolderAreRefusedWhenAsked) {
  const auto png = encode_png(picture(8, 8));
  folder_.write("set/a.png", png);
  folder_.write("set/deep/b.png", png);
  folder_.write("setting/c.png", png);
  std::filesystem::create_symlink(folder_ / "setting", folder_ / "set/link");
  std::filesystem::create_symlink(folder_ / "set", folder_ / "alias");
  std::filesystem::create_symlink("loop.png", folder_ / "set/loop.png");
  const std::string text =
      "image,caption\n"
      "a.png,inside\n"
      "deep/../a.png,inside\n" +
      (folder_ / "set/deep/b.png") + ",inside\n" +
      "gone.png,inside\n"
      "../setting/c.png,outside\n"
      "link/c.png,outside\n" +
      (folder_ / "setting/c.png") +
      ",outside\n"
      "../nowhere.png,outside\n"
      "loop.png,unreadable\n";
  for (const char* root : {"set", "alias"}) {
    const std::string more = ", root: " + folder_ / root;
    const auto strict = open(text, more + ", allow_outside: false");
    for (std::int64_t i = 0; i < 3; ++i)
      EXPECT_EQ(strict->get(i).bad, Bad::kNone) << i << ": " << strict->get(i).detail;
    EXPECT_EQ(strict->get(3).bad, Bad::kMissingFile);
    for (std::int64_t i = 4; i < 9; ++i) {
      EXPECT_EQ(strict->get(i).bad, Bad::kOutside) << i;
      EXPECT_TRUE(strict->get(i).encoded.empty());
    }
    EXPECT_THAT(strict->get(4).detail,
                AllOf(HasSubstr(folder_ / "setting/c.png"), HasSubstr("is not in")));
    EXPECT_THAT(strict->get(8).detail, HasSubstr("loop.png"));
    const auto lax = open(text, more);
    for (std::int64_t i = 4; i < 7; ++i) EXPECT_EQ(lax->get(i).bad, Bad::kNone) << i;
    EXPECT_EQ(lax->get(7).bad, Bad::kMissingFile);
    EXPECT_EQ(data_id(*lax), data_id(*strict));
  }
}

TEST_F(Csv, AClassListMayRepeatANameWhereLabelsAreNumbers) {
  const std::string more = ", label_key: label, classes_file: " +
                           folder_.write("classes.txt", "missile\nbanana\nmissile\nsunglass\n");
  folder_.write("a.png", encode_png(picture(8, 8)));
  const auto source = open("image,caption,label\na.png,x,2\na.png,x,3\na.png,x,missile\n", more);
  EXPECT_EQ(source->row(0).label, 2);
  EXPECT_EQ(source->row(1).label, 3);
  EXPECT_EQ(source->classes().size(), 4u);
  EXPECT_EQ(source->get(1).bad, Bad::kNone);
  EXPECT_EQ(source->get(2).bad, Bad::kBadRow);
  EXPECT_THAT(source->get(2).detail,
              AllOf(HasSubstr("2 classes are named \"missile\""), HasSubstr("as a number")));
}

TEST_F(Csv, TheStampFollowsTheFileAndHowItIsRead) {
  const std::string text = "image,caption,other\na,b,c\n";
  EXPECT_EQ(open(text)->stamp(), "");  // just written
  const auto stamp_of = [&](const std::string& words, const std::string& more, int seconds) {
    const std::string settings = yaml(words, more);
    const struct timespec times[] = {{seconds, 0}, {seconds, 0}};
    ::utimensat(AT_FDCWD, (folder_ / "train.csv").c_str(), times, 0);
    return build(settings)->stamp();
  };
  const std::string stamp = stamp_of(text, "", 1000);
  EXPECT_THAT(stamp, HasSubstr(folder_ / "train.csv"));
  EXPECT_EQ(stamp_of(text, ", root: /elsewhere", 1000), stamp);
  EXPECT_NE(stamp_of(text, "", 1001), stamp);
  EXPECT_NE(stamp_of(text + "d,e,f\n", "", 1000), stamp);
  EXPECT_NE(stamp_of(text, ", caption_key: other", 1000), stamp);
  EXPECT_NE(stamp_of(text, ", quoted: false", 1000), stamp);
}

TEST_F(Csv, ErrorsSayWhatIsThere) {
  EXPECT_THAT(error("path,caption\na,b\n", ", image_key: pth"),
              AllOf(HasSubstr("train.csv:1"), HasSubstr("no column \"pth\" (image_key)"),
                    HasSubstr("path, caption"), HasSubstr("did you mean \"path\"")));
  EXPECT_THAT(error("image,image,caption\na,b,c\n"), HasSubstr("two columns"));
  EXPECT_THAT(error(""), HasSubstr("is empty"));
  EXPECT_THAT(error("image,caption\n"), HasSubstr("no rows"));
  EXPECT_THAT(error("\xff\xfei\0m\0"), HasSubstr("UTF-16"));
  EXPECT_THAT(error("image,caption\na,\"b\nc,d\n"),
              AllOf(HasSubstr("train.csv:2"), HasSubstr("never closed")));
  EXPECT_THAT(error_of("{type: csv, path: /nowhere/x.csv}"), HasSubstr("/nowhere/x.csv"));
  EXPECT_THAT(error_of("{type: csv, path: /tmp}"), HasSubstr("not a regular file"));
  EXPECT_THAT(error_of("{type: csv}"), HasSubstr("path"));
  EXPECT_THAT(error("image,caption\na,b\n", ", classes: [a]"), HasSubstr("label_key"));
  EXPECT_THAT(error("image,caption\na,b\n", ", caption_key: ''"), HasSubstr("caption_key"));
}

// 12 bytes a row besides the mapped file, whatever the captions hold.
TEST_F(Csv, ManyRows) {
  std::string text = "image,caption\n";
  for (int i = 0; i < 200000; ++i) text += std::to_string(i) + ".jpg,\"a, caption\"\n";
  const auto source = open(text);
  ASSERT_EQ(source->size(), 200000);
  EXPECT_EQ(source->row(199999).key, "199999.jpg");
  EXPECT_EQ(source->where(199999), "train.csv:200001");
}

}  // namespace
}  // namespace theriac::data
