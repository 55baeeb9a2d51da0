#include <fmt/format.h>
#include <gmock/gmock.h>
#include <zlib.h>

#include <functional>

#include "data/fixture.h"

namespace theriac::data {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;

// n00000007, n00000014, ...: sorted like their numbers.
std::string wnid(int label) { return fmt::format("n{:08}", 7 * (label + 1)); }

std::string many_lines(int count, const std::function<std::string(int)>& line) {
  std::string text;
  for (int i = 0; i < count; ++i) text += line(i) + "\n";
  return text;
}

// A meta.mat as MATLAB writes it: element tags, small elements, padding.
class MatWriter {
 public:
  static std::string element(std::uint32_t type, const std::string& data) {
    std::string bytes;
    if (data.size() <= 4) {
      append(bytes, type | static_cast<std::uint32_t>(data.size()) << 16);
      return bytes + data + std::string(4 - data.size(), '\0');
    }
    append(bytes, type);
    append(bytes, static_cast<std::uint32_t>(data.size()));
    return bytes + data + std::string((8 - data.size() % 8) % 8, '\0');
  }
  static std::string matrix(std::uint32_t kind, std::uint32_t rows, std::uint32_t columns,
                            const std::string& name, const std::string& content) {
    std::string flags, dimensions;
    append(flags, kind), append(flags, std::uint32_t{0});
    append(dimensions, rows), append(dimensions, columns);
    return element(14, element(6, flags) + element(5, dimensions) + element(1, name) + content);
  }
  template <class T>
  static void append(std::string& bytes, T value) {
    bytes.append(reinterpret_cast<const char*>(&value), sizeof value);
  }
};

// Devkit number k is the class 1000 - k; records above 1000 are not classes.
std::string meta_mat(bool compressed) {
  using M = MatWriter;
  std::string names("ILSVRC2012_ID\0\0\0WNID\0\0\0\0\0\0\0\0\0\0\0\0", 32), width, records;
  M::append(width, std::uint32_t{16});
  for (int k = 1; k <= 1003; ++k) {
    std::string number, text;
    M::append(number, static_cast<std::uint16_t>(k));
    const std::string word = k <= 1000 ? wnid(1000 - k) : "n99999999";
    for (const char c : word) text += std::string{c, '\0'};  // UTF-16
    records += M::matrix(6, 1, 1, "", M::element(4, number));
    records += M::matrix(4, 1, 9, "", k % 2 ? M::element(16, word) : M::element(4, text));
  }
  const std::string synsets =
      M::matrix(2, 1003, 1, "synsets", M::element(5, width) + M::element(1, names) + records);
  std::string file(124, ' ');
  file += std::string("\0\1IM", 4);
  file += M::matrix(6, 1, 1, "other", M::element(9, std::string(8, '\0')));
  if (!compressed) return file + synsets;
  uLongf size = ::compressBound(synsets.size());
  std::string packed(size, '\0');
  ::compress(reinterpret_cast<Bytef*>(packed.data()), &size,
             reinterpret_cast<const Bytef*>(synsets.data()), synsets.size());
  std::string tag;
  M::append(tag, std::uint32_t{15});
  M::append(tag, static_cast<std::uint32_t>(size));
  return file + tag + packed.substr(0, size);
}

class ImageNet : public ::testing::Test {
 protected:
  ImageNet() {
    names_ = folder_.write("names.txt", many_lines(1000, [](int i) {
                             return i == 744 || i == 657 ? "missile" : fmt::format("thing {}", i);
                           }));
    wnids_ =
        folder_.write("map.txt", many_lines(1000, [](int i) { return wnid(i) + " tench, Tinca"; }));
  }
  std::string yaml(const std::string& more = "") const {
    return "{type: imagenet, path: " + folder_ / "val" + ", classes_file: " + names_ + more + "}";
  }
  std::string picture_name(int number) const {
    return fmt::format("ILSVRC2012_val_{:08}.JPEG", number);
  }
  Folder folder_;
  std::string names_, wnids_;
  const std::vector<std::uint8_t> png_ = encode_png(picture(8, 6));
};

TEST_F(ImageNet, FoldersOfWnidsAreInSortedOrder) {
  for (const int label : {954, 517, 3})
    folder_.write("val/" + wnid(label) + "/ILSVRC2012_val_00000009.JPEG", png_);
  folder_.write("val/notes/x.png", png_);
  EXPECT_THAT(error_of(yaml()), AllOf(HasSubstr("3 wnids in the data"), HasSubstr("`wnids`")));
  const auto source = build(yaml(", wnids: " + wnids_));
  ASSERT_EQ(source->size(), 3);
  EXPECT_EQ(source->classes().size(), 1000u);
  EXPECT_EQ(source->row(0).label, 3);
  EXPECT_EQ(source->row(1).label, 517);
  EXPECT_EQ(source->row(2).label, 954);
  EXPECT_EQ(source->row(2).caption, "a photo of a thing 954");
  EXPECT_EQ(source->row(2).bytes, png_.size());
  EXPECT_EQ(pixels(source->get(2)).bad, Bad::kNone);
  folder_.write("val/n00000001/a.png", png_);
  EXPECT_THAT(error_of(yaml(", wnids: " + wnids_)), HasSubstr("n00000001 is not a folder of one"));
}

TEST_F(ImageNet, AllThousandFoldersNeedNoList) {
  for (int i = 0; i < 1000; ++i) folder_.write("val/" + wnid(i) + "/a.png", "x");
  const auto source = build(yaml());
  for (int i = 0; i < 1000; ++i) ASSERT_EQ(source->row(i).label, i);
}

TEST_F(ImageNet, FoldersOfNumbersAreNumbers) {
  for (const char* name : {"10", "2", "999"})
    folder_.write(std::string("val/") + name + "/a.png", "x");
  const auto source = build(yaml());
  EXPECT_EQ(source->row(0).label, 10);
  EXPECT_EQ(source->row(1).label, 2);
  EXPECT_EQ(source->row(2).label, 999);
}

TEST_F(ImageNet, TheReferencesLabelsCsv) {
  for (const int i : {1, 2, 3}) folder_.write("val/" + picture_name(i), png_);
  folder_.write("val/labels.csv", "image,label\n/cluster/a/" + picture_name(3) +
                                      ",517\n/cluster/a/" + picture_name(1) + ",639\n/cluster/a/" +
                                      picture_name(2) + ",954\n/cluster/a/gone.JPEG,0\n");
  const auto plain = build(yaml());
  ASSERT_EQ(plain->size(), 4);
  EXPECT_EQ(plain->row(0).key, picture_name(3));
  EXPECT_EQ(plain->row(0).label, 517);
  EXPECT_EQ(plain->get(0).encoded, png_);
  EXPECT_EQ(plain->get(3).bad, Bad::kMissingFile);
  const auto merged = build(yaml(", merge_labels: reference"));
  EXPECT_EQ(merged->row(0).label, 134);
  EXPECT_EQ(merged->row(1).label, 638);
  EXPECT_EQ(merged->row(2).label, 954);
  EXPECT_EQ(merged->row(0).caption, "a photo of a thing 134");
  EXPECT_NE(data_id(*plain), data_id(*merged));
}

TEST_F(ImageNet, FlatFolderWithLabelsInEveryForm) {
  for (const int i : {1, 2, 4}) folder_.write("val/" + picture_name(i), png_);
  const auto labels = [&](const std::string& text, const std::string& more = "") {
    const auto source =
        build(yaml(", labels: " + folder_.write("labels", text) + ", wnids: " + wnids_ + more));
    std::vector<std::int64_t> result;
    for (std::int64_t i = 0; i < source->size(); ++i) {
      EXPECT_EQ(source->get(i).bad, Bad::kNone) << source->get(i).detail;
      result.push_back(source->row(i).label);
    }
    return result;
  };
  using Labels = std::vector<std::int64_t>;
  EXPECT_EQ(labels(wnid(5) + "\n" + wnid(0) + "\n" + wnid(1) + "\r\n" + wnid(999) + "\n"),
            (Labels{5, 0, 999}));
  EXPECT_EQ(labels("5\n0\n1\n999\n"), (Labels{5, 0, 999}));
  EXPECT_EQ(labels(picture_name(4) + " 65\n" + picture_name(1) + "\t" + wnid(7) + "\n"),
            (Labels{65, 7}));
  EXPECT_EQ(labels("ImageId,PredictionString\nILSVRC2012_val_00000002," + wnid(64) +
                   " 111 108 441 193 \n"),
            (Labels{64}));
  for (const bool compressed : {false, true}) {
    const std::string meta = folder_.write("meta.mat", meta_mat(compressed));
    EXPECT_EQ(labels("1000\n1\n2\n46\n", ", devkit: " + meta), (Labels{0, 999, 954}));
  }
}

TEST_F(ImageNet, ErrorsSayWhatIsMissing) {
  folder_.write("val/" + picture_name(3), png_);
  const auto error = [&](const std::string& text, const std::string& more = "") {
    return error_of(yaml(", labels: " + folder_.write("labels", text) + more));
  };
  EXPECT_THAT(error_of(yaml()), AllOf(HasSubstr("neither"), HasSubstr("labels.csv")));
  EXPECT_THAT(error("1\n2\n3\n"), AllOf(HasSubstr("the devkit's"), HasSubstr("`devkit`")));
  EXPECT_THAT(error("0\n1\n"), HasSubstr("has 2 labels and none for ILSVRC2012_val_00000003"));
  EXPECT_THAT(error("0\n1\n1000\n"), AllOf(HasSubstr("labels:3"), HasSubstr("0 to 999")));
  EXPECT_THAT(error("0\na.png 1\n"), AllOf(HasSubstr("labels:2"), HasSubstr("a label alone")));
  EXPECT_THAT(error(wnid(0) + "\n"), HasSubstr("1 wnids in the data"));
  EXPECT_THAT(error("a.png n00000001\n", ", wnids: " + wnids_),
              AllOf(HasSubstr("labels:1"), HasSubstr("not one of the 1,000")));
  EXPECT_THAT(error("picture,label\na,1\n"), HasSubstr("no column \"image\""));
  EXPECT_THAT(error("image,label\na\n"), HasSubstr("labels:2"));
  EXPECT_THAT(error(""), HasSubstr("no labels"));
  EXPECT_THAT(error("1\n1\n1\n", ", devkit: " + names_), HasSubstr("not a whole MATLAB 5 file"));
  const std::string mat = meta_mat(true);
  for (const std::size_t size : {130ul, 300ul, mat.size() / 2, mat.size() - 9})
    EXPECT_THAT(error("1\n1\n1\n", ", devkit: " + folder_.write("cut.mat", mat.substr(0, size))),
                HasSubstr("cut.mat"));
  EXPECT_THAT(error_of("{type: imagenet, path: /tmp, classes_file: " +
                       folder_.write("few.txt", "a\nb\n") + "}"),
              HasSubstr("has 2 class names"));
}

}  // namespace
}  // namespace theriac::data
