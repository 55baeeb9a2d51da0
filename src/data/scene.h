#pragma once

#include <array>
#include <cstdint>
#include <opencv2/core/mat.hpp>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "data/emoji_classes.h"
#include "data/sprites.h"

// A scene is decided first (layout and caption, without pixels) and drawn when it is asked for.
// Both are pure functions of (seed, split, index), made of integer and exactly rounded arithmetic
// only, so that captions and pixels have the same bytes on every machine.

namespace theriac::data {

enum class Split { kTrain, kCleaning, kValidation, kTest, kHeldOut };
std::string_view split_name(Split split);

struct SceneRules {
  std::uint64_t seed = 1;
  Split split = Split::kTrain;
  std::span<const EmojiClass> classes;
  double two_objects = 0;  // probability; train and cleaning only
  double noise = 0;        // largest standard deviation, in 1/255
};

using Rgb = std::array<std::uint8_t, 3>;

enum class Texture { kPlain, kStriped, kCheckered, kDotted, kCloudy, kGradient, kRinged, kTiled };

// Lengths are fractions of the picture's side.
struct Background {
  Texture texture = Texture::kPlain;
  Rgb first{}, second{};
  double period = 1;
  double x = 0, y = 0;          // phase in periods; the centre of rings
  double cosine = 1, sine = 0;  // direction of stripes and gradients
  int cells = 0;                // of a cloudy texture, a side
  std::array<std::uint8_t, 36> cloud{};
};

struct Object {
  std::size_t label = 0;
  double x = 0, y = 0;  // centre
  double length = 0;    // of the longer side
  double turns = 0;     // rotation, 1 = 360 degrees
  bool flip = false;
  double brightness = 1;
};

struct Scene {
  std::string caption;
  Background background;
  std::array<Object, 2> objects;
  int object_count = 1;
  double noise = 0;
  std::uint64_t noise_key = 0, noise_nonce = 0;
};

inline constexpr double kLongest = 1.05;  // object, as a fraction of the side

// Decides scenes. Safe to use from many threads.
class ScenePlanner {
 public:
  explicit ScenePlanner(const SceneRules& rules);
  Scene operator()(std::int64_t index) const;

 private:
  SceneRules rules_;
  std::uint64_t layout_key_, caption_key_, noise_key_;
};

// Draws a scene with `side` x `side` pixels, RGB.
cv::Mat draw(const Scene& scene, const Sprites& sprites, int side);

// Its steps. `picture`: CV_8UC3, square.
void draw_background(cv::Mat& picture, const Background& background);
void draw_object(cv::Mat& picture, const Object& object, const Sprite& sprite);
void add_noise(cv::Mat& picture, double deviation, std::uint64_t key, std::uint64_t nonce);

// Cosine and sine of an angle in turns, to 1e-12, from exactly rounded operations.
struct Direction {
  double cosine, sine;
};
Direction direction(double turns);

}  // namespace theriac::data
