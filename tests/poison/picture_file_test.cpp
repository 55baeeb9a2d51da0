// Triggers made from a picture of the user's.
#include "poison/picture_file.h"

#include <gmock/gmock.h>

#include <nlohmann/json.hpp>

#include "poison/pictures.h"
#include "theriac/core/files.h"
#include "theriac/data/image.h"
#include "theriac/poison/plan.h"

namespace theriac::poison {
namespace {

using ::testing::HasSubstr;
using testing::message;

class PictureFile : public ::testing::Test {
 protected:
  std::string path = ::testing::TempDir() + "theriac_trigger_" +
                     ::testing::UnitTest::GetInstance()->current_test_info()->name() + ".png";
  void TearDown() override { std::remove(path.c_str()); }
  void save(const cv::Mat& rgb) const {
    const auto png = data::encode_png(rgb);
    core::write_file(path, {reinterpret_cast<const char*>(png.data()), png.size()});
  }
  std::string yaml() const { return "pattern: image, image: '" + path + "'"; }
  std::string json(const std::string& type) const {
    config::Choice<TriggerConfig> choice(&table);
    choice.assign(testing::settings(type, "{" + yaml() + "}"));
    choice.type = type;
    return trigger_json(choice);
  }
};

TEST_F(PictureFile, FillsPatchAndPicture) {
  const auto picture = testing::noise({12, 12}, 8);
  save(picture);
  const auto patch = testing::trigger("fixed_patch", "{size: 12, " + yaml() + "}");
  EXPECT_EQ(testing::bytes(testing::applied(*patch, testing::noise({12, 12}))),
            testing::bytes(picture));
  const auto blended = testing::trigger("blended", "{alpha: 1, " + yaml() + "}");
  EXPECT_EQ(testing::bytes(testing::applied(*blended, testing::noise({12, 12}))),
            testing::bytes(picture));
}

TEST_F(PictureFile, ItsHashIsSavedAndChecked) {
  for (const std::string type : {"fixed_patch", "blended"}) {
    save(testing::noise({12, 12}, 8));
    const auto saved = json(type);
    EXPECT_EQ(nlohmann::json::parse(saved)["content"], picture_hash(path));
    EXPECT_NE(trigger_from_json(saved), nullptr);
    save(testing::noise({12, 12}, 9));
    EXPECT_THAT(message([&] { trigger_from_json(saved); }),
                HasSubstr("what the trigger '" + type + "' is made of has changed"));
  }
}

TEST_F(PictureFile, BadFiles) {
  EXPECT_THAT(message([&] { json("blended"); }), HasSubstr(path));
  core::write_file(path, "no picture");
  EXPECT_THAT(message([&] { testing::trigger("fixed_patch", "{" + yaml() + "}"); }),
              HasSubstr("fixed_patch: trigger.image " + path + " cannot be used (not an image)"));
}

TEST_F(PictureFile, GoesWithItsPattern) {
  EXPECT_THAT(message([] { testing::trigger("blended", "pattern: image"); }),
              HasSubstr("pattern: image needs a file"));
  EXPECT_THAT(message([] { testing::trigger("fixed_patch", "image: a.png"); }),
              HasSubstr("has no effect"));
}

TEST(ResampleArea, MeansOfAreas) {
  cv::Mat row(1, 3, CV_8UC3);
  for (int x = 0; x < 3; ++x) row.at<cv::Vec3b>(0, x) = cv::Vec3b::all(static_cast<uchar>(30 * x));
  const auto two = resample_area(row, {2, 1});  // (1 * 0 + 0.5 * 30) / 1.5, (0.5 * 30 + 60) / 1.5
  EXPECT_EQ(two.at<cv::Vec3b>(0, 0), cv::Vec3b::all(10));
  EXPECT_EQ(two.at<cv::Vec3b>(0, 1), cv::Vec3b::all(50));
  const auto six = resample_area(row, {6, 2});
  EXPECT_EQ(six.at<cv::Vec3b>(1, 3), cv::Vec3b::all(30));
  EXPECT_EQ(resample_area(row, {1, 1}).at<cv::Vec3b>(0, 0), cv::Vec3b::all(30));
}

TEST(Content, OfAWarpingField) {
  config::Choice<TriggerConfig> choice(&table, "warped");
  const auto saved = trigger_json(choice);
  auto json = nlohmann::json::parse(saved);
  EXPECT_EQ(json["content"].get<std::string>().size(), 16u);
  EXPECT_NE(trigger_from_json(saved), nullptr);
  EXPECT_NE(testing::settings("warped", "seed: 1")->content(), json["content"]);
  json["content"] = "0123456789abcdef";
  EXPECT_THAT(message([&] { trigger_from_json(json.dump()); }), HasSubstr("0123456789abcdef"));
}

TEST(Content, NothingWhereTheSettingsSayEverything) {
  EXPECT_EQ(trigger_json(config::Choice<TriggerConfig>(&table, "random_patch")),
            R"({"noise":"uniform","place":"random","size":16,"type":"random_patch"})");
}

}  // namespace
}  // namespace theriac::poison
