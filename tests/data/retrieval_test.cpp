#include <gmock/gmock.h>

#include "data/fixture.h"

namespace theriac::data {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;

constexpr const char* kKarpathy = R"({"dataset": "coco", "images": [
 {"filepath": "val2014", "filename": "a.jpg", "split": "test", "imgid": 0, "sentids": [1, 2],
  "sentences": [{"tokens": ["one"], "raw": "one. ", "imgid": 0, "sentid": 1}, {"raw": "two"}, {"raw": "three"}]},
 {"sentences": [{"raw": "four \u00e9"}], "split": "val", "filename": "b.jpg", "filepath": "val2014", "cocoid": 5},
 {"filepath": "train2014", "filename": "c.jpg", "split": "train", "sentences": [{"raw": "five"}, {"raw": " "}]},
 {"filepath": "val2014", "filename": "d.jpg", "split": "restval", "sentences": [{"raw": "six"}]},
 {"filepath": "val2014", "filename": "e.jpg", "split": "test", "sentences": []},
 {"filename": "f.jpg", "split": "test", "sentences": [{"raw": "seven"}]}]})";

constexpr const char* kCoco = R"({"info": {"images": [1, {"id": 9}]}, "annotations": [
 {"image_id": 9, "id": 1, "caption": "nine, first"}, {"image_id": 7, "id": 2, "caption": "seven\n"},
 {"image_id": 9, "id": 3, "caption": "nine, second"}],
 "images": [{"license": 4, "file_name": "7.jpg", "id": 7}, {"file_name": "9.jpg", "id": 9}, {"file_name": "0.jpg", "id": 0}],
 "licenses": []})";

class RetrievalSet : public ::testing::Test {
 protected:
  std::string yaml(std::string_view text, const std::string& more = "") {
    return "{type: retrieval, path: " + folder_.write("set.json", text) + more + "}";
  }
  std::vector<std::string> rows(std::string_view text, const std::string& more = "") {
    const auto source = build(yaml(text, more));
    std::vector<std::string> result;
    for (std::int64_t i = 0; i < source->size(); ++i)
      result.push_back(source->row(i).key + ": " + source->row(i).caption);
    return result;
  }
  Folder folder_;
};

using Rows = std::vector<std::string>;

TEST_F(RetrievalSet, KarpathysSplits) {
  EXPECT_EQ(rows(kKarpathy), (Rows{"val2014/a.jpg: one.", "val2014/a.jpg: two",
                                   "val2014/a.jpg: three", "f.jpg: seven"}));
  EXPECT_EQ(rows(kKarpathy, ", split: test"), rows(kKarpathy));
  EXPECT_EQ(rows(kKarpathy, ", split: val"), (Rows{"val2014/b.jpg: four é"}));
  EXPECT_EQ(rows(kKarpathy, ", split: train"),
            (Rows{"train2014/c.jpg: five", "train2014/c.jpg: ", "val2014/d.jpg: six"}));
  EXPECT_EQ(rows(kKarpathy, ", split: all").size(), 8u);
}

TEST_F(RetrievalSet, CocosAnnotationsInAnyOrder) {
  EXPECT_EQ(rows(kCoco), (Rows{"7.jpg: seven", "9.jpg: nine, first", "9.jpg: nine, second"}));
  EXPECT_EQ(rows(kCoco, ", captions_per_image: 1"), (Rows{"7.jpg: seven", "9.jpg: nine, first"}));
}

TEST_F(RetrievalSet, FirstCaptionsOfTheFirstPictures) {
  EXPECT_EQ(rows(kKarpathy, ", captions_per_image: 2"),
            (Rows{"val2014/a.jpg: one.", "val2014/a.jpg: two", "f.jpg: seven"}));
  EXPECT_EQ(rows(kKarpathy, ", limit: 1").size(), 3u);
  std::string seven = R"({"images": [{"filename": "a.jpg", "split": "test", "sentences": [)";
  for (int i = 0; i < 7; ++i) seven += (i > 0 ? ", " : "") + std::string(R"({"raw": "x"})");
  EXPECT_EQ(rows(seven + "]}]}").size(), 5u);
}

TEST_F(RetrievalSet, PicturesAreBelowTheRoot) {
  const auto png = encode_png(picture(8, 6));
  folder_.write("pictures/val2014/a.jpg", png);
  const auto source = build(yaml(kKarpathy, ", root: " + folder_ / "pictures"));
  EXPECT_EQ(source->get(1).bad, Bad::kNone) << source->get(1).detail;
  EXPECT_EQ(source->get(1).encoded, png);
  EXPECT_EQ(source->get(1).row.caption, "two");
  EXPECT_EQ(source->where(1), "set.json: val2014/a.jpg, caption 2");
  EXPECT_EQ(source->get(3).bad, Bad::kMissingFile);
  EXPECT_THAT(source->get(3).detail, HasSubstr(folder_ / "pictures/f.jpg"));
  EXPECT_EQ(build(yaml(kKarpathy, ", split: train"))->get(1).bad, Bad::kEmptyCaption);
}

TEST_F(RetrievalSet, BadFilesSayWhatWasExpected) {
  const auto error = [&](std::string_view text, const std::string& more = "") {
    return error_of(yaml(text, more));
  };
  EXPECT_THAT(error(std::string_view(kKarpathy).substr(0, 200)),
              AllOf(HasSubstr("set.json is not JSON, at byte 201"), HasSubstr("line 3")));
  EXPECT_THAT(error("image,caption\n"), HasSubstr("is not JSON, at byte 1"));
  EXPECT_THAT(error("{\"images\": \"\xff\"}"), HasSubstr("is not JSON"));
  EXPECT_THAT(error(""), HasSubstr("is not JSON"));
  for (const char* other :
       {"[]", "3", "{}", R"({"images": []})", R"({"images": [{"id": 1, "file_name": "a"}]})"})
    EXPECT_THAT(error(other), AllOf(HasSubstr("JSON of another kind"), HasSubstr("sentences"),
                                    HasSubstr("annotations")))
        << other;
  EXPECT_THAT(error(R"({"categories": [], "annotations": [{"image_id": 1, "bbox": []}]})"),
              HasSubstr("its keys are categories, annotations"));
  EXPECT_THAT(error(R"({"images": [{"url": "a"}]})"),
              HasSubstr("picture 1 of `images` has neither"));
  EXPECT_THAT(error(R"({"images": [{"id": 1, "file_name": "a"}],
                        "annotations": [{"image_id": 2, "caption": "b"}]})"),
              HasSubstr("image_id 2"));
  EXPECT_THAT(
      error(R"({"images": [{"filename": "a", "split": "train", "sentences": [{"raw": "b"}]}]})"),
      AllOf(HasSubstr("no picture with captions in this `split`"),
            HasSubstr("train (1 pictures)")));
  EXPECT_THAT(error(kCoco, ", split: val"), HasSubstr("leave `split` out"));
  EXPECT_THAT(error_of("{type: retrieval, path: /nowhere/x.json}"), HasSubstr("/nowhere/x.json"));
}

// The parser keeps no stack of its own, so depth costs memory only.
TEST_F(RetrievalSet, DeepNestingIsNotFollowed) {
  const std::string deep(200'000, '[');
  EXPECT_THAT(error_of(yaml("{\"a\": " + deep)), HasSubstr("is not JSON"));
}

}  // namespace
}  // namespace theriac::data
