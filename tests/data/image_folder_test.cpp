#include <gmock/gmock.h>

#include "data/fixture.h"

namespace theriac::data {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;

TEST(ImageFolder, ClassesByNameAndPicturesOfAnyCase) {
  const Folder folder;
  const auto png = encode_png(picture(8, 6));
  folder.write("red_apple/b.PNG", png);
  folder.write("red_apple/a.jpeg", encode_jpeg(picture(8, 6), 90));
  folder.write("red_apple/notes.txt", "x");
  folder.write("ape/z.png", png);
  folder.write(".git/x.png", png);
  folder.write("readme.png", png);
  const auto source = build("{type: image_folder, path: " + folder / "" + "}");
  EXPECT_THAT(source->classes(), ElementsAre("ape", "red apple"));
  ASSERT_EQ(source->size(), 3);
  EXPECT_EQ(source->row(0).key, "ape/z.png");
  EXPECT_EQ(source->row(0).caption, "a photo of an ape");
  EXPECT_EQ(source->row(0).bytes, png.size());
  EXPECT_EQ(source->row(1).key, "red_apple/a.jpeg");
  EXPECT_EQ(source->row(1).caption, "a photo of a red apple");
  EXPECT_EQ(source->row(2).label, 1);
  for (std::int64_t i = 0; i < 3; ++i) EXPECT_EQ(pixels(source->get(i)).bad, Bad::kNone);
}

TEST(ImageFolder, NumbersAreSortedAsNumbers) {
  const Folder folder;
  for (const char* name : {"10", "2", "0"}) folder.write(std::string(name) + "/a.png", "x");
  EXPECT_THAT(build("{type: image_folder, path: " + folder / "" + "}")->classes(),
              ElementsAre("0", "2", "10"));
}

TEST(ImageFolder, NamesFromAFile) {
  const Folder folder;
  folder.write("pictures/n01/a.png", "x");
  folder.write("pictures/n02/a.png", "x");
  const std::string names = folder.write("names.txt", "n02 tabby cat\nn01, goldfish\n");
  const std::string yaml = "{type: image_folder, path: " + folder / "pictures" +
                           ", classes_file: " + names + ", caption: 'a {}.'}";
  const auto source = build(yaml);
  EXPECT_THAT(source->classes(), ElementsAre("goldfish", "tabby cat"));
  EXPECT_EQ(source->row(1).caption, "a tabby cat.");
  folder.write("pictures/n03/a.png", "x");
  EXPECT_THAT(error_of(yaml), HasSubstr("\"n03\" is not named"));
}

TEST(ImageFolder, ErrorsSayWhatIsMissing) {
  const Folder folder;
  EXPECT_THAT(error_of("{type: image_folder, path: " + folder / "none" + "}"),
              HasSubstr("cannot read"));
  EXPECT_THAT(error_of("{type: image_folder, path: " + folder / "" + "}"),
              HasSubstr("no sub-folders"));
  folder.write("cat/a.gif", "x");
  EXPECT_THAT(error_of("{type: image_folder, path: " + folder / "" + "}"), HasSubstr("no .jpg"));
}

}  // namespace
}  // namespace theriac::data
