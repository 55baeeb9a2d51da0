#include "theriac/data/check.h"

#include <gmock/gmock.h>

#include <algorithm>
#include <atomic>
#include <set>

#include "data/fixture.h"
#include "theriac/core/interrupt.h"
#include "theriac/core/text.h"

namespace theriac::data {
namespace {

using ::testing::ElementsAre;
using testing::Pair;

class Check : public ::testing::Test {
 protected:
  Check() {
    const auto png = encode_png(picture(8, 8));
    folder_.write("good.png", png);
    folder_.write("cut.png", std::span(png).first(png.size() - 20));
    folder_.write("text.png", "hello");
    std::string text = "image,caption\n";
    for (int i = 0; i < 300; ++i)
      text += i % 10 == 3   ? "gone.png,x\n"
              : i == 2      ? "/etc/hostname,x\n"
              : i % 10 == 5 ? "cut.png,x\n"
              : i == 7      ? "text.png,x\n"
              : i == 8      ? "good.png,\n"
                            : "good.png,x\n";
    source_ =
        build("{type: csv, path: " + folder_.write("train.csv", text) + ", allow_outside: false}");
  }
  Folder folder_;
  std::shared_ptr<const Source> source_;
};

TEST_F(Check, ListsEveryBadRowInOrder) {
  std::atomic<std::int64_t> last = 0;
  const CheckResult one = check(*source_, 1, true, [&](std::int64_t done) { last = done; });
  EXPECT_EQ(last, 300);
  EXPECT_EQ(one.rows, 300);
  EXPECT_EQ(one.good, 300 - 63);
  EXPECT_THAT(one.by_reason, ElementsAre(Pair("empty caption", 1), Pair("missing file", 30),
                                         Pair("not an image", 1), Pair("outside its folder", 1),
                                         Pair("truncated", 30)));
  ASSERT_EQ(one.bad.size(), 63u);
  EXPECT_TRUE(std::is_sorted(one.bad.begin(), one.bad.end(),
                             [](const auto& a, const auto& b) { return a.index < b.index; }));
  EXPECT_EQ(one.bad[0].where, "train.csv:4");
  EXPECT_EQ(one.bad[0].key, "/etc/hostname");
  EXPECT_EQ(one.bad[1].where, "train.csv:5");
  EXPECT_EQ(one.bad[1].key, "gone.png");
  EXPECT_EQ(one.data_id, data_id(*source_));
  EXPECT_EQ(one.content_id.size(), 64u);

  const CheckResult eight = check(*source_, 8, true, nullptr);
  EXPECT_EQ(eight.content_id, one.content_id);
  ASSERT_EQ(eight.bad.size(), one.bad.size());
  for (std::size_t i = 0; i < one.bad.size(); ++i) EXPECT_EQ(eight.bad[i].index, one.bad[i].index);
  EXPECT_EQ(check(*source_, 2, false, nullptr).content_id, "");
}

TEST_F(Check, ContentIsThePicturesBytes) {
  const std::string before = check(*source_, 1, true, nullptr).content_id;
  folder_.write("good.png", encode_png(picture(9, 8)));
  const CheckResult after = check(*source_, 1, true, nullptr);
  EXPECT_NE(after.content_id, before);
  EXPECT_EQ(after.data_id, data_id(*source_));
}

TEST_F(Check, StopsWhenAsked) {
  core::request_stop();
  EXPECT_THROW(check(*source_, 2, false, nullptr), Interrupted);
  core::clear_stop_request();
}

TEST(DataId, DependsOnEveryPartOfARow) {
  const Folder folder;
  const auto id = [&](const std::string& text) {
    return data_id(*build("{type: csv, label_key: l, path: " +
                          folder.write("x.csv", "image,caption,l\n" + text) + "}"));
  };
  const std::string base = id("a,b,c\nd,e,c\n");
  EXPECT_EQ(base.size(), 16u);
  EXPECT_EQ(id("a,b,c\nd,e,c\n"), base);
  std::set<std::string> ids{base,
                            id("A,b,c\nd,e,c\n"),
                            id("a,B,c\nd,e,c\n"),
                            id("a,b,C\nd,e,C\n"),
                            id("d,e,c\na,b,c\n"),
                            id("a,b,c\n"),
                            id("ab,,c\nd,e,c\n"),
                            id("a,b,f\nd,e,c\n")};
  EXPECT_EQ(ids.size(), 8u);
}

TEST(Table, DescribesEverySource) {
  EXPECT_NE(table().find("csv"), nullptr);
  for (const auto& [name, doc] : table().names()) {
    EXPECT_FALSE(doc.empty()) << name;
    EXPECT_NE(table().make_section(name), nullptr) << name;
  }
}

// A megabyte in a cell is read at once and said in a few words.
TEST_F(Check, VeryLongCells) {
  std::string accents;
  while (accents.size() < 1'000'000) accents += "\xc3\xa9";
  const auto source =
      build("{type: csv, label_key: label, classes: [cat], path: " +
            folder_.write("long.csv", "image,caption,label\ngood.png," + accents +
                                          ",cat\ngood.png,a" + accents + "\xff,cat\n" + accents +
                                          ",x,cat\ngood.png,x,a" + accents + "\n") +
            "}");
  const CheckResult result = check(*source, 1, false, nullptr);
  EXPECT_EQ(result.good, 1);
  EXPECT_EQ(source->row(0).caption, accents);
  EXPECT_THAT(result.by_reason,
              ElementsAre(Pair("bad UTF-8", 1), Pair("bad row", 1), Pair("unreadable", 1)));
  for (const BadRow& row : result.bad) {
    EXPECT_LT(row.key.size() + row.detail.size(), 2100u);
    EXPECT_TRUE(core::valid_utf8(row.key + row.detail));
    EXPECT_THAT(row.detail, ::testing::HasSubstr(" bytes)"));
  }
}

}  // namespace
}  // namespace theriac::data
