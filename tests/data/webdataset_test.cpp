#include <fmt/format.h>
#include <gmock/gmock.h>

#include "data/fixture.h"
#include "data/shard_index.h"
#include "data/shard_list.h"
#include "data/tar_reader.h"
#include "theriac/core/files.h"

namespace theriac::data {
namespace {

using ::testing::AllOf;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::StartsWith;

class WebDatasetTest : public ::testing::Test {
 protected:
  // Packs files of `tree` in this order with the system's tar.
  std::string pack(const std::string& name, const std::string& members,
                   const std::string& options = "--format=ustar") const {
    const std::string path = folder_ / name;
    std::filesystem::create_directories(std::filesystem::path(path).parent_path());
    const std::string command =
        fmt::format("cd {} && tar {} -cf {} {}", folder_ / "tree", options, path, members);
    EXPECT_EQ(std::system(command.c_str()), 0) << command;
    return path;
  }
  void sample(const std::string& key, const std::string& caption) const {
    folder_.write("tree/" + key + ".jpg", jpeg_);
    folder_.write("tree/" + key + ".txt", caption);
    folder_.write("tree/" + key + ".json", "{\"alt\": \"json of " + caption + "\"}");
  }
  static std::string members(std::initializer_list<const char*> keys) {
    std::string text;
    for (const std::string key : keys) text += fmt::format("{0}.jpg {0}.txt {0}.json ", key);
    return text;
  }
  static std::string yaml(const std::string& path, const std::string& more = "") {
    return "{type: webdataset, path: \"" + path + "\"" + more + "}";
  }
  static std::vector<std::string> captions(const Source& source) {
    std::vector<std::string> result;
    for (std::int64_t i = 0; i < source.size(); ++i) result.push_back(source.row(i).caption);
    return result;
  }
  Folder folder_;
  const std::vector<std::uint8_t> jpeg_ = encode_jpeg(picture(40, 30), 90);
};

TEST_F(WebDatasetTest, SamplesAsImg2datasetWritesThem) {
  sample("000000007", "a red bus\n");
  sample("000000002", "two dogs");
  const auto source = build(yaml(pack("00000.tar", members({"000000007", "000000002"}))));
  ASSERT_EQ(source->size(), 2);
  EXPECT_EQ(source->row(0).key, "00000/000000007");
  EXPECT_EQ(source->where(1), "00000.tar: 000000002");
  EXPECT_THAT(captions(*source), ElementsAre("a red bus", "two dogs"));
  EXPECT_EQ(source->row(1).bytes, jpeg_.size());
  EXPECT_EQ(source->row(1).label, -1);
  EXPECT_EQ(source->get(0).encoded, jpeg_);
  EXPECT_EQ(pixels(source->get(1)).rgb.size(), cv::Size(40, 30));
}

TEST_F(WebDatasetTest, EveryKindOfTarAndLongNames) {
  const std::string deep =
      std::string(60, 'd') + "/" + std::string(70, 'e') + "/" + std::string(120, 'k');
  sample("plain", "one");
  sample(deep, "two");
  sample("sub.dir/x", "three");
  for (const char* format : {"gnu", "oldgnu", "pax"}) {
    const auto source = build(yaml(pack("a.tar", members({"plain", deep.c_str(), "sub.dir/x"}),
                                        std::string("--format=") + format)));
    ASSERT_EQ(source->size(), 3) << format;
    EXPECT_THAT(captions(*source), ElementsAre("one", "two", "three")) << format;
    EXPECT_EQ(source->row(1).key, "a/" + deep) << format;
    EXPECT_EQ(source->row(2).key, "a/sub.dir/x") << format;
    EXPECT_EQ(source->get(1).encoded, jpeg_) << format;
  }
  const std::string middle = std::string(90, 'd') + "/" + std::string(50, 'e');  // ustar's prefix
  sample(middle, "four");
  for (const char* format : {"ustar", "v7"}) {
    const bool prefix = format == std::string("ustar");
    const auto source = build(
        yaml(pack("b.tar", "./plain.jpg ./plain.txt " + (prefix ? members({middle.c_str()}) : ""),
                  std::string("--format=") + format)));
    EXPECT_EQ(source->row(0).key, "b/plain") << format;
    EXPECT_EQ(source->row(source->size() - 1).key, "b/" + (prefix ? middle : "plain")) << format;
  }
}

TEST_F(WebDatasetTest, ShardsByFolderPatternAndList) {
  for (int i = 8; i < 12; ++i) {
    sample("k", fmt::format("shard {}", i));
    pack(fmt::format("set/{:03}.tar", i), members({"k"}));
  }
  folder_.write("set/008_stats.json", "{}");
  const auto of = [&](const std::string& path, const std::string& more = "") {
    return captions(*build(yaml(folder_ / path, more)));
  };
  EXPECT_THAT(of("set"), ElementsAre("shard 8", "shard 9", "shard 10", "shard 11"));
  EXPECT_THAT(of("set/{009..010}.tar"), ElementsAre("shard 9", "shard 10"));
  EXPECT_THAT(of("set/{011,008}.tar"), ElementsAre("shard 11", "shard 8"));
  EXPECT_THAT(of("set/01?.tar"), ElementsAre("shard 10", "shard 11"));
  folder_.write("list.txt", "set/010.tar\nset/00*.tar\n");
  EXPECT_THAT(of("list.txt"), ElementsAre("shard 10", "shard 8", "shard 9"));
  EXPECT_THAT(of("set", ", limit: 3"), ElementsAre("shard 8", "shard 9", "shard 10"));
  EXPECT_EQ(data_id(*build(yaml(folder_ / "set"))), data_id(*build(yaml(folder_ / "set/*.tar"))));
}

TEST(ExpandBraces, RangesWordsAndNeither) {
  EXPECT_THAT(expand_braces("a{8..10}"), ElementsAre("a8", "a9", "a10"));
  EXPECT_THAT(expand_braces("a{08..10}"), ElementsAre("a08", "a09", "a10"));
  EXPECT_THAT(expand_braces("{a,b{1..2}}x"), ElementsAre("ax", "b1x", "b2x"));
  EXPECT_THAT(expand_braces("{3..3}{x,}"), ElementsAre("3x", "3"));
  EXPECT_THAT(expand_braces("{a}{b..c}{1"), ElementsAre("{a}{b..c}{1"));
  EXPECT_THROW(expand_braces("{3..1}"), Error);
}

TEST(SplitMember, FirstDotOfTheLastPart) {
  const auto parts = [](const char* path) {
    const auto [key, suffix] = split_member(path);
    return std::string(key) + "|" + std::string(suffix);
  };
  EXPECT_EQ(parts("a/b.seg.png"), "a/b|seg.png");
  EXPECT_EQ(parts("a.b/c.JPG"), "a.b/c|JPG");
  EXPECT_EQ(parts("./x.txt"), "x|txt");
  for (const char* none : {"readme", "a/.hidden", "__meta__.json", "a.d/readme", ""})
    EXPECT_EQ(parts(none), "|") << none;
}

TEST_F(WebDatasetTest, GroupsAndOddMembers) {
  sample("a", "first");
  sample("b", "second");
  folder_.write("tree/readme", "x");
  folder_.write("tree/__meta__.txt", "x");
  folder_.write("tree/notes.json", "{}");
  folder_.write("tree/c.WEBP", jpeg_);
  folder_.write("tree/c.TXT", "third");
  folder_.write("tree/d.png", "png");
  folder_.write("tree/d.txt", "fourth");
  folder_.write("tree/d.jpg", "jpg");
  const auto source = build(
      yaml(pack("x.tar",
                "readme a.txt a.jpg __meta__.txt a.jpg a.txt notes.json c.WEBP c.TXT d.png d.txt "
                "d.jpg b.jpg a.json b.txt",
                "--format=ustar --hard-dereference")));
  // a twice: its suffix comes again; b is torn in two by another key.
  ASSERT_EQ(source->size(), 6);
  EXPECT_THAT(captions(*source), ElementsAre("first", "first", "third", "fourth", "", "second"));
  EXPECT_EQ(source->get(3).encoded, std::vector<std::uint8_t>({'j', 'p', 'g'}));
  EXPECT_EQ(source->get(4).bad, Bad::kEmptyCaption);
  EXPECT_THAT(source->get(4).detail, HasSubstr("no .txt member"));
  EXPECT_EQ(source->get(5).bad, Bad::kMissingFile);
  EXPECT_THAT(source->get(5).detail, HasSubstr("no .jpg, .png"));
  const auto png = build(yaml(folder_ / "x.tar", ", image_keys: [png]"));
  EXPECT_EQ(png->get(png->size() - 2).encoded, std::vector<std::uint8_t>({'p', 'n', 'g'}));
}

TEST_F(WebDatasetTest, BadTextsSayWhy) {
  sample("a", " \n");
  sample("b", "caf\xe9");
  sample("c", "fine");
  folder_.write("tree/a.json", "{\"alt\": 3}");
  folder_.write("tree/b.json", "{");
  const std::string path = pack("x.tar", members({"a", "b", "c"}));
  const auto source = build(yaml(path));
  EXPECT_EQ(source->get(0).bad, Bad::kEmptyCaption);
  EXPECT_EQ(source->get(1).bad, Bad::kBadUtf8);
  EXPECT_EQ(source->row(1).caption, "caf\xef\xbf\xbd");
  const auto json = build(yaml(path, ", json_key: alt"));
  EXPECT_EQ(json->get(0).bad, Bad::kEmptyCaption);
  EXPECT_EQ(json->get(1).bad, Bad::kBadRow);
  EXPECT_EQ(json->row(2).caption, "json of fine");
}

TEST_F(WebDatasetTest, LabelsByNumberAndName) {
  for (const auto& [key, label] : {std::pair("a", "2\n"), {"b", "0"}, {"c", "dog"}, {"d", "7"}}) {
    folder_.write(std::string("tree/") + key + ".jpg", jpeg_);
    folder_.write(std::string("tree/") + key + ".cls", label);
  }
  const std::string more = ", label_key: cls, caption_key: ''";
  const auto numbers = build(yaml(pack("n.tar", "a.jpg a.cls b.jpg b.cls"), more));
  EXPECT_THAT(numbers->classes(), ElementsAre("0", "1", "2"));
  EXPECT_EQ(numbers->row(0).label, 2);
  const std::string all = pack("x.tar", "a.jpg a.cls b.jpg b.cls c.jpg c.cls d.jpg d.cls");
  EXPECT_THAT(error_of(yaml(all, more)), AllOf(HasSubstr("cls of c"), HasSubstr("`classes`")));
  const auto named = build(yaml(all, more + ", classes: [ape, dog, owl]"));
  EXPECT_EQ(named->row(0).caption, "a photo of an owl");
  EXPECT_EQ(named->row(2).label, 1);
  EXPECT_EQ(named->get(2).bad, Bad::kNone);
  EXPECT_EQ(named->get(3).bad, Bad::kBadRow);
  const auto repeated = build(yaml(all, more + ", classes: [dog, ape, dog]"));
  EXPECT_EQ(repeated->row(0).label, 2);
  EXPECT_EQ(repeated->row(2).label, -1);
  EXPECT_THAT(repeated->get(2).detail, HasSubstr("a name that one class has"));
}

TEST_F(WebDatasetTest, TheStampFollowsTheFilesAndHowTheyAreRead) {
  sample("a", "first");
  sample("b", "second");
  const std::string one = pack("set/1.tar", members({"a"})),
                    two = pack("set/2.tar", members({"b"}));
  const std::string set = folder_ / "set";
  EXPECT_EQ(build(yaml(set))->stamp(), "");  // just written
  const auto touch = [](const std::string& path, int hour) {
    std::filesystem::last_write_time(
        path, std::filesystem::file_time_type::clock::now() - std::chrono::hours(hour));
  };
  touch(one, 2);
  EXPECT_EQ(build(yaml(set))->stamp(), "");
  touch(two, 2);
  const std::string stamp = build(yaml(set))->stamp();
  EXPECT_THAT(stamp, AllOf(HasSubstr(one), HasSubstr(two)));
  EXPECT_EQ(build(yaml(set))->stamp(), stamp);
  EXPECT_NE(build(yaml(set, ", json_key: alt"))->stamp(), stamp);
  EXPECT_NE(build(yaml(set, ", image_keys: [png]"))->stamp(), stamp);
  touch(two, 3);
  EXPECT_NE(build(yaml(set))->stamp(), stamp);
}

// Wherever a tar is cut, its first sample is good exactly when its caption's last byte is there,
// and what comes after the cut is said once.
TEST_F(WebDatasetTest, CutAnywhere) {
  sample("a", "first");
  sample("b", "second");
  const std::string whole = core::read_file(pack("x.tar", members({"a", "b"})));
  const std::size_t caption_end = 512 + (jpeg_.size() + 511) / 512 * 512 + 512 + 5;
  for (std::size_t size = 512; size < caption_end + 3000; size += size % 512 == 0 ? 1 : 37) {
    const auto source = build(yaml(folder_.write("cut.tar", whole.substr(0, size))));
    const Sample first = source->get(0);
    ASSERT_EQ(first.bad == Bad::kNone, size >= caption_end) << size << first.detail;
    ASSERT_LE(source->size(), 3) << size;
    for (std::int64_t i = 0; i < source->size(); ++i) ASSERT_NE(source->where(i), "") << size;
  }
  const auto cut = build(yaml(folder_.write("cut.tar", whole.substr(0, 700))));
  EXPECT_EQ(cut->size(), 1);
  EXPECT_EQ(build(yaml(folder_.write("cut.tar", whole.substr(0, caption_end))))->size(), 1);
}

TEST_F(WebDatasetTest, BrokenTarsAreRowsOrErrors) {
  sample("a", "first");
  sample("b", "second");
  std::string bytes = core::read_file(pack("set/1.tar", members({"a", "b"})));
  const std::size_t second = bytes.find("b.jpg");
  bytes[second + 1] = 'x';  // the header's sum no longer fits
  folder_.write("set/1.tar", bytes);
  folder_.write("set/0.tar", "");
  pack("set/2.tar", members({"b"}));
  const auto source = build(yaml(folder_ / "set"));
  ASSERT_EQ(source->size(), 4);
  EXPECT_EQ(source->get(0).bad, Bad::kUnreadable);
  EXPECT_THAT(source->get(0).detail, HasSubstr("0.tar: the file is empty"));
  EXPECT_EQ(source->get(1).bad, Bad::kNone);
  EXPECT_EQ(source->get(2).bad, Bad::kUnreadable);
  EXPECT_THAT(source->get(2).detail,
              HasSubstr(fmt::format("1.tar: no valid header at byte {}", second)));
  EXPECT_THAT(source->where(2), StartsWith("1.tar: the rest"));
  EXPECT_EQ(source->row(3).caption, "second");
}

TEST_F(WebDatasetTest, ErrorsSayWhatToDo) {
  sample("a", "first");
  const auto error = [&](const std::string& path) { return error_of(yaml(folder_ / path)); };
  EXPECT_THAT(error("none.tar"), HasSubstr("none.tar does not exist"));
  EXPECT_THAT(error("{0..3}.tar"), AllOf(HasSubstr("0.tar does not"), HasSubstr("3 more of 4")));
  EXPECT_THAT(error("x*.tar"), HasSubstr("no file fits"));
  EXPECT_THAT(error("tree"), HasSubstr("no .tar in"));
  pack("gz/x.tar.gz", members({"a"}), "-z");
  EXPECT_THAT(error("gz/x.tar.gz"), HasSubstr("decompress it first"));
  EXPECT_THAT(error("gz"), HasSubstr("decompress"));
  pack("y.tar", members({"a"}), "-z");
  EXPECT_THAT(error("y.tar"), AllOf(HasSubstr("(gzip)"), HasSubstr("decompress it first")));
  folder_.write("z.tar", std::string(2000, 'z'));
  EXPECT_THAT(error("z.tar"), HasSubstr("is not a tar file"));
  folder_.write("end.tar", std::string(1024, '\0'));
  EXPECT_THAT(error("end.tar"), AllOf(HasSubstr("no samples"), HasSubstr("KEY.jpg")));
  EXPECT_THAT(error_of("{type: webdataset, path: /x.tar, caption_key: ''}"),
              HasSubstr("label_key"));
  EXPECT_THAT(error_of("{type: webdataset, path: /x.tar, classes: [a]}"), HasSubstr("label_key"));
}

TEST(TarReaderTest, LargeSizesAndBrokenExtensions) {
  const auto header = [](const std::string& name, const std::string& size, char type) {
    std::string block(512, '\0');
    block.replace(0, name.size(), name);
    block.replace(124, size.size(), size);
    block[156] = type;
    block.replace(148, 8, 8, ' ');
    int sum = 0;
    for (const char c : block) sum += static_cast<unsigned char>(c);
    block.replace(148, 7, fmt::format("{:06o}", sum) + std::string(1, '\0'));
    return block;
  };
  TarMember member;
  const std::string base256("\x80\0\0\0\0\0\0\2\0\0\0\0", 12);  // 8 GiB
  const std::string large = header("a.jpg", base256, '0') + "data";
  TarReader reader(large);
  ASSERT_TRUE(reader.next(member));
  EXPECT_EQ(member.size, std::uint64_t{1} << 33);
  EXPECT_EQ(member.data, "data");
  EXPECT_FALSE(reader.next(member));
  EXPECT_EQ(reader.problem(), "");

  const auto problem = [&](const std::string& tar) {
    TarReader broken(tar);
    while (broken.next(member)) {
    }
    return broken.problem();
  };
  EXPECT_THAT(problem(header("a", std::string(12, '\xff'), '0')), HasSubstr("byte 0"));
  EXPECT_THAT(problem(header("a", "9z", '0')), HasSubstr("byte 0"));
  EXPECT_THAT(problem(header("a", "100", 'L')), HasSubstr("long name"));
  for (const std::string text : {"99 path=x\n", "x", "9 pathabc\n", "0 a=b\n", "10 size=z\n"})
    EXPECT_THAT(problem(header("p", fmt::format("{:o}", text.size()), 'x') + text +
                        std::string(512 - text.size(), '\0')),
                HasSubstr("extended header"))
        << text;
}

}  // namespace
}  // namespace theriac::data
