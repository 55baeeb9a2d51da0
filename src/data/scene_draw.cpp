// Scenes in pixels: background, objects by inverse mapping with bilinear samples of a level of
// matching size (premultiplied alpha, fixed point), then noise from a table of normal quantiles.
#include <algorithm>
#include <array>
#include <cmath>

#include "data/scene.h"
#include "theriac/core/random.h"

namespace theriac::data {
namespace {

// Two 8-bit values a word, each with 16 bits of room; weight of b: 0..256.
inline std::uint32_t mix(std::uint32_t a, std::uint32_t b, std::uint32_t weight) {
  return ((a * (256 - weight) + b * weight) >> 8) & 0x00ff00ffu;
}

// Quantiles of the normal distribution at (i + 1/2) / 4096, times 1024; the density is summed in
// steps of 1/4096 with a series for the exponential.
std::array<std::int16_t, 4096> make_quantiles() {
  const auto density = [](double x) {
    const double power = -x * x / 2 / 32;
    double sum = 1;
    for (int k = 12; k >= 1; --k) sum = 1 + sum * power / k;
    for (int k = 0; k < 5; ++k) sum *= sum;  // to the power of 32
    return sum * 0.3989422804014327;
  };
  std::array<std::int16_t, 4096> table{};
  constexpr double kStep = 1.0 / 4096;
  double below = 0.5;
  std::size_t next = 2048;
  for (double x = 0; next < 4096; x += kStep) {
    below += density(x + kStep / 2) * kStep;
    for (; next < 4096 && below > (static_cast<double>(next) + 0.5) / 4096; ++next) {
      table[next] = static_cast<std::int16_t>((x + kStep) * 1024);
      table[4095 - next] = static_cast<std::int16_t>(-table[next]);
    }
  }
  return table;
}

}  // namespace

void draw_object(cv::Mat& picture, const Object& object, const Sprite& sprite) {
  const int side = picture.rows;
  const double length = object.length * side;
  const Sprite::Level& level = sprite.level(length);
  const auto [cosine, sine] = direction(object.turns);
  const double size = length / std::max(sprite.width, sprite.height);  // pixels per bitmap pixel
  const double width = sprite.width * size, height = sprite.height * size;
  const double reach_x = (std::abs(cosine) * width + std::abs(sine) * height) / 2 + 1;
  const double reach_y = (std::abs(sine) * width + std::abs(cosine) * height) / 2 + 1;
  const double x = object.x * side, y = object.y * side;
  const auto inside = [&](double value) {
    return static_cast<int>(std::clamp(value, 0.0, 1.0 * side));
  };
  const int left = inside(x - reach_x), right = inside(x + reach_x + 1);
  const int top = inside(y - reach_y), bottom = inside(y + reach_y + 1);

  // Position in the level in 1/65536 of its pixels; + 0.5: half a pixel back, one for the border.
  constexpr double kOne = 65536;
  const double step = level.scale / size * kOne, mirror = object.flip ? -1 : 1;
  const auto u_step = static_cast<int>(mirror * cosine * step);
  const auto v_step = static_cast<int>(-sine * step);
  const auto u_end = static_cast<unsigned>((level.width + 1) << 16);
  const auto v_end = static_cast<unsigned>((level.height + 1) << 16);
  const int brightness = static_cast<int>(object.brightness * 256 + 0.5);
  for (int row = top; row < bottom; ++row) {
    const double dx = left + 0.5 - x, dy = row + 0.5 - y;
    auto u = static_cast<int>(mirror * (dx * cosine + dy * sine) * step +
                              (sprite.width / 2 * level.scale + 0.5) * kOne);
    auto v = static_cast<int>((dy * cosine - dx * sine) * step +
                              (sprite.height / 2 * level.scale + 0.5) * kOne);
    std::uint8_t* out = picture.ptr(row) + 3 * left;
    for (int column = left; column < right; ++column, out += 3, u += u_step, v += v_step) {
      if (static_cast<unsigned>(u) >= u_end || static_cast<unsigned>(v) >= v_end) continue;
      const std::uint32_t* const texel = level.rgba.data() + (v >> 16) * level.stride + (u >> 16);
      const std::uint32_t a = texel[0], b = texel[1];
      const std::uint32_t c = texel[level.stride], d = texel[level.stride + 1];
      if ((a | b | c | d) == 0) continue;
      const std::uint32_t fx = static_cast<std::uint32_t>(u) >> 8 & 255;
      const std::uint32_t fy = static_cast<std::uint32_t>(v) >> 8 & 255;
      constexpr std::uint32_t kEven = 0x00ff00ffu;
      const std::uint32_t red_blue =
          mix(mix(a & kEven, b & kEven, fx), mix(c & kEven, d & kEven, fx), fy);
      const std::uint32_t green_alpha =
          mix(mix(a >> 8 & kEven, b >> 8 & kEven, fx), mix(c >> 8 & kEven, d >> 8 & kEven, fx), fy);
      const int through = 255 - static_cast<int>(green_alpha >> 16);
      const int colour[3] = {static_cast<int>(red_blue & 255), static_cast<int>(green_alpha & 255),
                             static_cast<int>(red_blue >> 16)};
      for (int k = 0; k < 3; ++k) {
        const int product = out[k] * through + 128;
        const int sum = (((product >> 8) + product) >> 8) + ((colour[k] * brightness) >> 8);
        out[k] = static_cast<std::uint8_t>(std::min(255, sum));
      }
    }
  }
}

void add_noise(cv::Mat& picture, double deviation, std::uint64_t key, std::uint64_t nonce) {
  static const std::array<std::int16_t, 4096> quantiles = make_quantiles();
  const int scale = static_cast<int>(deviation * 256 + 0.5);
  if (scale == 0) return;
  core::Stream random(key, nonce);
  std::uint8_t* value = picture.data;
  std::uint8_t* const end = value + picture.total() * 3;
  while (value < end) {
    std::uint32_t bits = random.bits32();
    for (int k = 0; k < 2 && value < end; ++k, ++value, bits >>= 16) {
      const int noise = (quantiles[bits & 4095] * scale + (1 << 17)) >> 18;
      *value = static_cast<std::uint8_t>(std::clamp(*value + noise, 0, 255));
    }
  }
}

cv::Mat draw(const Scene& scene, const Sprites& sprites, int side) {
  cv::Mat picture(side, side, CV_8UC3);
  draw_background(picture, scene.background);
  for (int i = 0; i < scene.object_count; ++i) {
    const Object& object = scene.objects[static_cast<std::size_t>(i)];
    draw_object(picture, object, sprites.items[object.label]);
  }
  add_noise(picture, scene.noise, scene.noise_key, scene.noise_nonce);
  return picture;
}

}  // namespace theriac::data
