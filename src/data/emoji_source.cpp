#include <fmt/format.h>

#include <cmath>

#include "data/scene.h"
#include "data/sources.h"
#include "theriac/core/error.h"
#include "theriac/core/text.h"

namespace theriac::data {
namespace {

// Raised when scenes of the same settings get other captions or pixels.
constexpr int kRevision = 1;

enum class SplitChoice { kAuto, kTrain, kCleaning, kValidation, kTest, kHeldOut };

class EmojiSource final : public Source {
 public:
  EmojiSource(const SceneRules& rules, std::int64_t scenes, int side, const std::string& font)
      : rules_(rules),
        planner_(rules),
        scenes_(scenes),
        side_(side),
        sprites_(load_sprites(font, rules.classes, kLongest * side)) {
    for (const EmojiClass& item : rules.classes) classes_.emplace_back(item.name);
  }

  std::int64_t size() const override { return scenes_; }
  const std::vector<std::string>& classes() const override { return classes_; }
  std::string where(std::int64_t index) const override { return fmt::format("scene {}", index); }
  Row row(std::int64_t index) const override { return to_row(index, planner_(index)); }

  Sample get(std::int64_t index) const override {
    const Scene scene = planner_(index);
    Sample sample;
    sample.row = to_row(index, scene);
    sample.pixels = draw(scene, sprites_, side_);
    return sample;
  }

  std::string identity() const override {
    return fmt::format("emoji {} {} seed {} side {} noise {} two {} sprites {}", kRevision,
                       split_name(rules_.split), rules_.seed, side_, rules_.noise,
                       rules_.two_objects, sprites_.id);
  }

 private:
  Row to_row(std::int64_t index, const Scene& scene) const {
    return {fmt::format("{}/{:06}", split_name(rules_.split), index), scene.caption,
            static_cast<std::int64_t>(scene.objects[0].label), 0};
  }

  SceneRules rules_;
  ScenePlanner planner_;
  std::int64_t scenes_;
  int side_;
  Sprites sprites_;
  std::vector<std::string> classes_;
};

class EmojiConfig final : public SourceConfig {
 public:
  void describe(config::Fields& fields) override {
    fields.value("scenes", scenes_, "number of scenes", {1, 1e9});
    fields.choice("split", split_,
                  "which scenes: disjoint streams; held_out has textures and poses that no other "
                  "split has; auto: the data section's own name, train where that is none of these",
                  {{"auto", SplitChoice::kAuto},
                   {"train", SplitChoice::kTrain},
                   {"cleaning", SplitChoice::kCleaning},
                   {"validation", SplitChoice::kValidation},
                   {"test", SplitChoice::kTest},
                   {"held_out", SplitChoice::kHeldOut}});
    fields.value("size", size_, "side of the pictures in pixels; 0: the model's input size",
                 {0, 1024});
    fields.value("classes", classes_, "the first so many of the list; 64 are the quickstart's",
                 {2, static_cast<double>(emoji_classes().size())});
    fields.value("seed", seed_, "of the scenes; equal seeds and splits give equal scenes",
                 {0, 9007199254740992.0});
    fields.value("two_objects", two_objects_, "share of scenes with two objects (train, cleaning)",
                 {0, 1});
    fields.value("noise", noise_, "largest standard deviation of the pixel noise, of 255", {0, 64});
    fields.path("font", font_, "file of Noto Color Emoji; empty: the usual places");
  }
  void check(config::Problems& problems) const override {
    if (size_ != 0 && size_ < 16)
      problems.add("size", fmt::format("expected 0 or at least 16, received {}", size_));
  }

  std::shared_ptr<const Source> build(const SourceContext& context) const override {
    SceneRules rules;
    rules.seed = static_cast<std::uint64_t>(seed_);
    rules.split = split(context.section);
    rules.classes = emoji_classes().first(static_cast<std::size_t>(classes_));
    rules.two_objects = two_objects_;
    rules.noise = noise_;
    const int side = size_ > 0 ? static_cast<int>(size_) : context.image_size;
    if (side < 16 || side > 1024)
      throw Error(fmt::format("emoji: pictures of {} pixels; 16 to 1024 can be drawn", side));
    return std::make_shared<EmojiSource>(rules, scenes_, side, font_);
  }

 private:
  Split split(const std::string& section) const {
    if (split_ != SplitChoice::kAuto) return static_cast<Split>(static_cast<int>(split_) - 1);
    for (const Split split : {Split::kCleaning, Split::kValidation, Split::kTest, Split::kHeldOut})
      if (split_name(split) == section) return split;
    return Split::kTrain;
  }

  std::int64_t scenes_ = 12000;
  SplitChoice split_ = SplitChoice::kAuto;
  std::int64_t size_ = 0;
  std::int64_t classes_ = 64;
  std::int64_t seed_ = 1;
  double two_objects_ = 0.22;
  double noise_ = 6;
  std::string font_;
};

}  // namespace

config::Entry<SourceConfig> emoji() {
  return config::entry<SourceConfig, EmojiConfig>(
      "emoji", "scenes of emoji on textured backgrounds, drawn on the fly: needs no download");
}

}  // namespace theriac::data
