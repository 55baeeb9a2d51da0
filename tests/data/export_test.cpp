#include "theriac/data/export.h"

#include <fmt/format.h>
#include <gmock/gmock.h>

#include "data/fixture.h"
#include "data/sample_writer.h"
#include "theriac/core/files.h"
#include "theriac/core/interrupt.h"

namespace theriac::data {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;

namespace fs = std::filesystem;

class Export : public ::testing::Test {
 protected:
  ExportResult write(const Source& source, const std::string& name, ExportFormat format,
                     std::int64_t shard_size = 10'000, int threads = 2) {
    return export_source(source, folder_ / name, {format, shard_size, threads}, nullptr);
  }
  std::vector<std::string> listing(const std::string& name) const {
    std::vector<std::string> files;
    for (const auto& entry : fs::recursive_directory_iterator(folder_ / name))
      if (entry.is_regular_file())
        files.push_back(fs::relative(entry.path(), folder_ / name).string());
    std::sort(files.begin(), files.end());
    return files;
  }
  Folder folder_;
};

TEST_F(Export, DrawnScenesComeBackPixelForPixel) {
  const auto scenes = build("{type: emoji, scenes: 25, size: 32, classes: 8, seed: 3}");
  for (const auto format : {ExportFormat::kCsv, ExportFormat::kWebDataset}) {
    const std::string name = format == ExportFormat::kCsv ? "csv" : "wds";
    const ExportResult result = write(*scenes, name, format, 10);
    EXPECT_EQ(result.written, 25);
    EXPECT_TRUE(result.left_out.empty());
    const auto back = build(result.source);
    ASSERT_EQ(back->size(), 25);
    EXPECT_EQ(back->classes(), scenes->classes());
    for (std::int64_t i = 0; i < 25; ++i) {
      EXPECT_EQ(back->row(i).caption, scenes->row(i).caption);
      EXPECT_EQ(back->row(i).label, scenes->row(i).label);
      EXPECT_EQ(sha256(pixels(back->get(i)).rgb), sha256(scenes->get(i).pixels));
    }
  }
  EXPECT_THAT(listing("wds"),
              ElementsAre("00000.tar", "00001.tar", "00002.tar", "classes.txt", "sizes.json"));
  EXPECT_THAT(core::read_file(folder_ / "wds/sizes.json"), HasSubstr("\"00002.tar\": 5"));
  EXPECT_EQ(listing("csv").size(), 27u);
  EXPECT_EQ(listing("csv")[12], "images/00001/000000011.png");
}

TEST_F(Export, EncodedPicturesKeepTheirBytesThroughBothFormats) {
  const auto jpeg = encode_jpeg(picture(20, 10), 80);
  const auto png = encode_png(picture(9, 9));
  folder_.write("a.png", jpeg);  // the suffix lies
  folder_.write("b.png", png);
  folder_.write("text.jpg", "hello");
  const std::string table =
      folder_.write("in.csv",
                    "image,caption\na.png,\"one, "
                    "\"\"two\"\"\nthree\"\ngone.png,x\ntext.jpg,x\nb.png,caf\xc3\xa9\n");
  const auto source = build("{type: csv, path: " + table + "}");
  const auto tars = write(*source, "tars", ExportFormat::kWebDataset);
  EXPECT_EQ(tars.written, 2);
  ASSERT_EQ(tars.left_out.size(), 2u);
  EXPECT_EQ(tars.left_out[0].reason, "missing file");
  EXPECT_EQ(tars.left_out[1].reason, "not an image");
  EXPECT_EQ(tars.left_out[1].where, "in.csv:5");
  const auto again = write(*build(tars.source), "csv", ExportFormat::kCsv);
  const auto back = build(again.source);
  ASSERT_EQ(back->size(), 2);
  EXPECT_EQ(back->row(0).key, "images/00000/000000000.jpg");
  EXPECT_EQ(back->row(0).caption, "one, \"two\"\nthree");
  EXPECT_EQ(back->get(0).encoded, jpeg);
  EXPECT_EQ(back->row(1).caption, "caf\xc3\xa9");
  EXPECT_EQ(back->get(1).encoded, png);
  EXPECT_TRUE(back->classes().empty());
}

// As two of ImageNet's names do.
TEST_F(Export, ClassesOfOneNameAreReadBack) {
  folder_.write("a.png", encode_png(picture(9, 9)));
  const std::string table =
      folder_.write("in.csv", "image,caption,label\na.png,x,2\na.png,y,0\na.png,z,1\n");
  const auto source = build("{type: csv, path: " + table +
                            ", label_key: label, classes: [missile, banana, missile]}");
  for (const auto format : {ExportFormat::kWebDataset, ExportFormat::kCsv}) {
    const auto back =
        build(write(*source, format == ExportFormat::kCsv ? "csv" : "tars", format).source);
    EXPECT_EQ(back->classes(), source->classes());
    ASSERT_EQ(back->size(), 3);
    for (std::int64_t i = 0; i < 3; ++i) EXPECT_EQ(back->row(i).label, source->row(i).label);
  }
}

TEST_F(Export, TheSameFilesWhateverTheThreads) {
  const auto scenes = build("{type: emoji, scenes: 300, size: 16, classes: 8}");
  write(*scenes, "one", ExportFormat::kWebDataset, 128, 1);
  write(*scenes, "many", ExportFormat::kWebDataset, 128, 5);
  ASSERT_EQ(listing("one"), listing("many"));
  for (const auto& name : listing("one"))
    EXPECT_EQ(core::read_file(folder_ / ("one/" + name)),
              core::read_file(folder_ / ("many/" + name)));
}

// The system's tar agrees with the written headers.
TEST_F(Export, AnotherProgramReadsTheTars) {
  write(*build("{type: emoji, scenes: 3, size: 16, classes: 8}"), "set", ExportFormat::kWebDataset);
  const std::string command = fmt::format("cd {} && tar -xf set/00000.tar 2>tar.log", folder_ / "");
  ASSERT_EQ(std::system(command.c_str()), 0);
  EXPECT_EQ(core::read_file(folder_ / "tar.log"), "");
  EXPECT_TRUE(fs::exists(folder_ / "000000002.png"));
  EXPECT_THAT(core::read_file(folder_ / "000000002.json"),
              HasSubstr("\"source\":\"train/000002\""));
}

TEST_F(Export, NothingIsLeftWhenItDoesNotWork) {
  const auto scenes = build("{type: emoji, scenes: 3, size: 16, classes: 8}");
  folder_.write("there/x", "x");
  EXPECT_THROW(write(*scenes, "there", ExportFormat::kCsv), Error);
  EXPECT_THAT(listing("there"), ElementsAre("x"));
  const auto broken =
      build("{type: csv, path: " + folder_.write("in.csv", "image,caption\ngone.png,x\n") + "}");
  try {
    write(*broken, "none", ExportFormat::kCsv);
    FAIL();
  } catch (const Error& error) {
    EXPECT_THAT(error.what(), HasSubstr("in.csv:2: missing file"));
  }
  core::request_stop();
  EXPECT_THROW(write(*scenes, "stopped", ExportFormat::kCsv), Interrupted);
  core::clear_stop_request();
  EXPECT_THAT(listing(""), ElementsAre("in.csv", "there/x"));
}

TEST_F(Export, FilesAreNewOrAnErrorOfItsOwnCode) {
  fs::create_symlink("/dev/null", folder_ / "full");
  EXPECT_THROW(OutFile(folder_ / "full"), Error);  // never through what is there
  try {
    OutFile file(folder_ / "none/x");
    FAIL();
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), Exit::kCannotWrite);
    EXPECT_THAT(error.what(), HasSubstr("none/x: No such file"));
  }
}

}  // namespace
}  // namespace theriac::data
