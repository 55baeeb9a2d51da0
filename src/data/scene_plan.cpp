// Scenes: what is in a picture and what its caption says. The grammar has eight templates for one
// object and five for two, with sizes, places, textures and colours; about 150 words in all.
#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <iterator>

#include "data/scene.h"
#include "theriac/core/random.h"
#include "theriac/data/prompts.h"

namespace theriac::data {
namespace {

using core::Stream;

struct Colour {
  const char* name;
  Rgb rgb;
};
constexpr Colour kColours[] = {
    {"red", {214, 48, 49}},     {"orange", {240, 147, 43}}, {"yellow", {249, 220, 80}},
    {"green", {67, 160, 71}},   {"blue", {52, 110, 219}},   {"purple", {142, 68, 173}},
    {"pink", {244, 143, 177}},  {"brown", {121, 85, 72}},   {"gray", {150, 150, 150}},
    {"white", {245, 245, 245}}, {"black", {35, 35, 35}},    {"teal", {0, 150, 136}},
};
constexpr const char* kTextures[] = {"plain",  "striped",  "checkered", "dotted",
                                     "cloudy", "gradient", "ringed",    "tiled"};
constexpr double kBig = 0.85, kSmall = 0.60;  // lengths above and below which captions say so

Rgb jitter(Rgb colour, Stream& random) {
  for (std::uint8_t& value : colour) {
    const int shifted = value + static_cast<int>(random.below(45)) - 22;
    value = static_cast<std::uint8_t>(std::clamp(shifted, 0, 255));
  }
  return colour;
}

struct Coloured {
  Background background;
  const char *first, *second;
};

// "a dotted red and blue background"
std::string words_for(const Coloured& behind) {
  if (behind.background.texture == Texture::kPlain) return fill("a {} background", behind.first);
  return fmt::format("a {} {} and {} background",
                     kTextures[static_cast<int>(behind.background.texture)], behind.first,
                     behind.second);
}

Coloured plan_background(bool held_out, Stream& random) {
  const auto texture = static_cast<Texture>(held_out ? 6 + random.below(2) : random.below(6));
  const std::size_t first = random.below(std::size(kColours));
  std::size_t second = random.below(std::size(kColours) - 1);
  if (second >= first) ++second;
  Background result;
  result.texture = texture;
  result.first = jitter(kColours[first].rgb, random);
  result.second = jitter(kColours[second].rgb, random);
  result.x = random.uniform();
  result.y = random.uniform();
  switch (texture) {
    case Texture::kPlain:
      break;
    case Texture::kStriped: {
      result.period = random.uniform(1 / 9.0, 1 / 4.0);
      const Direction along = direction(static_cast<double>(random.below(4)) / 8);
      result.cosine = along.cosine, result.sine = along.sine;
      break;
    }
    case Texture::kCheckered:
      result.period = random.uniform(1 / 9.0, 1 / 5.0);
      break;
    case Texture::kDotted:
      result.period = random.uniform(1 / 8.0, 1 / 5.0);
      break;
    case Texture::kCloudy:
      result.cells = 3 + static_cast<int>(random.below(4));
      random.fill_bytes(result.cloud.data(), result.cloud.size());
      break;
    case Texture::kGradient: {
      const Direction along = direction(random.uniform());
      result.cosine = along.cosine, result.sine = along.sine;
      break;
    }
    case Texture::kRinged:
      result.period = random.uniform(1 / 12.0, 1 / 6.0);
      break;
    case Texture::kTiled:
      result.period = random.uniform(1 / 7.0, 1 / 4.0);
      break;
  }
  return {result, kColours[first].name, kColours[second].name};
}

Object plan_pose(double most_turns, Stream& random) {
  Object object;
  object.turns = random.uniform(-most_turns, most_turns);
  object.flip = random.chance(0.5);
  object.brightness = random.uniform(0.8, 1.15);
  return object;
}

std::string one_object(const std::string& noun, double length, const Coloured& behind,
                       Stream& random) {
  const char* const size = length > kBig ? "big " : length < kSmall ? "small " : "";
  const std::string sized = size + noun;
  switch (random.below(8)) {
    case 0:
      return fill("a picture of a {}", sized);
    case 1:
      return fill("a {} on ", noun) + words_for(behind);
    case 2:
      return fill("a {} in front of ", sized) + words_for(behind);
    case 3:
      return fill("this is a {}", noun);
    case 4:
      return "one " + noun;
    case 5:
      return "the " + sized;
    case 6:
      return fill("a photo of a {}", noun);
    default:
      return fill("there is a {} here", noun);
  }
}

std::string two_objects(const std::string& first, const std::string& second, const char* relation,
                        const Coloured& behind, Stream& random) {
  const std::string a = fill("a {}", first), b = fill("a {}", second);
  switch (random.below(5)) {
    case 0:
      return fmt::format("{} {} {}", a, relation, b);
    case 1:
      return fmt::format("{} and {}", a, b);
    case 2:
      return fmt::format("{} next to {}", a, b);
    case 3:
      return fmt::format("{} and {} on {}", a, b, words_for(behind));
    default:
      return fmt::format("a picture of {} {} {}", a, relation, b);
  }
}

}  // namespace

std::string_view split_name(Split split) {
  constexpr std::string_view kNames[] = {"train", "cleaning", "validation", "test", "held_out"};
  return kNames[static_cast<int>(split)];
}

Direction direction(double turns) {
  const double quarter = std::floor(turns * 4 + 0.5);
  const double x = (turns - quarter / 4) * 6.283185307179586;  // |x| <= pi / 4
  const double square = x * x;
  double sine = 0, cosine = 0;
  for (int k = 15; k >= 3; k -= 2) sine = (1 + sine) * (-square / (k * (k - 1)));
  for (int k = 14; k >= 2; k -= 2) cosine = (1 + cosine) * (-square / (k * (k - 1)));
  sine = (1 + sine) * x, cosine = 1 + cosine;
  switch (static_cast<int>(quarter - 4 * std::floor(quarter / 4))) {
    case 0:
      return {cosine, sine};
    case 1:
      return {-sine, cosine};
    case 2:
      return {-cosine, -sine};
    default:
      return {sine, -cosine};
  }
}

ScenePlanner::ScenePlanner(const SceneRules& rules) : rules_(rules) {
  const auto key = [&](const char* purpose) {
    return core::derive_seed(rules.seed,
                             fmt::format("emoji/{}/{}", split_name(rules.split), purpose));
  };
  layout_key_ = key("layout"), caption_key_ = key("caption"), noise_key_ = key("noise");
}

Scene ScenePlanner::operator()(std::int64_t index) const {
  const auto nonce = static_cast<std::uint64_t>(index);
  Stream random(layout_key_, nonce);
  Stream words(caption_key_, nonce);
  const bool held_out = rules_.split == Split::kHeldOut;
  const bool labelled =
      held_out || rules_.split == Split::kValidation || rules_.split == Split::kTest;
  const double most_turns = (held_out ? 40 : 25) / 360.0;
  const auto shift = [&] { return random.uniform(-0.1, 0.1); };

  Scene scene;
  const Coloured behind = plan_background(held_out, random);
  scene.background = behind.background;
  scene.noise = random.uniform(0, rules_.noise);
  scene.noise_key = noise_key_, scene.noise_nonce = nonce;
  const bool two = random.chance(rules_.two_objects) && !labelled;

  const std::size_t count = rules_.classes.size();
  std::size_t label = random.below(count);
  if (labelled) label = nonce % count;
  const std::string noun = rules_.classes[label].name;
  Object& first = scene.objects[0] = plan_pose(most_turns, random);
  first.label = label;
  if (!two) {
    first.length = random.uniform(0.5, kLongest);
    first.x = random.uniform(0.35, 0.65);
    first.y = random.uniform(0.35, 0.65);
    scene.caption = one_object(noun, first.length, behind, words);
    return scene;
  }
  scene.object_count = 2;
  Object& second = scene.objects[1] = plan_pose(most_turns, random);
  second.label = random.below(count - 1);
  if (second.label >= label) ++second.label;
  first.length = random.uniform(0.34, 0.52);
  second.length = first.length * random.uniform(0.85, 1.15);
  const bool vertical = random.chance(0.5);
  first.x = 0.27, second.x = 0.73;
  first.y = 0.5 + shift(), second.y = 0.5 + shift();
  if (vertical) {
    std::swap(first.x, first.y);
    std::swap(second.x, second.y);
  }
  scene.caption = two_objects(noun, rules_.classes[second.label].name,
                              vertical ? "above" : "to the left of", behind, words);
  return scene;
}

}  // namespace theriac::data
