// Backgrounds: two colours mixed by a pattern with soft edges of one pixel.
#include <algorithm>
#include <cmath>

#include "data/scene.h"

namespace theriac::data {
namespace {

float fraction(float value) { return value - static_cast<float>(static_cast<int>(value)); }
float clamp01(float value) { return std::min(1.0f, std::max(0.0f, value)); }

// A square wave, 1 in the middle half of each cycle; `cycle` is its length in pixels. Argument >=
// 0.
float wave(float cycles, float cycle) {
  return clamp01((0.25f - std::abs(fraction(cycles) - 0.5f)) * cycle + 0.5f);
}

// A line of half-width `half` at each whole number; `cell` is their distance in pixels.
float line(float cells, float cell, float half) {
  const float part = fraction(cells);
  return clamp01(half - std::min(part, 1 - part) * cell + 0.5f);
}

// Catmull-Rom spline through values[0..count) at `at` in [0, count - 1].
float spline(const float* values, int count, float at) {
  const int i = std::min(static_cast<int>(at), count - 2);
  const float t = at - static_cast<float>(i);
  const float p0 = values[std::max(0, i - 1)], p1 = values[i], p2 = values[i + 1];
  const float p3 = values[std::min(count - 1, i + 2)];
  const float slope = p2 - p0;
  const float square = 2 * p0 - 5 * p1 + 4 * p2 - p3;
  const float cube = 3 * p1 - p0 - 3 * p2 + p3;
  return p1 + 0.5f * t * (slope + t * (square + t * cube));
}

// Shares of the second colour in row `y`.
void shares(const Background& background, int side, int row, std::vector<float>& out) {
  const auto size = static_cast<float>(side);
  const float period = static_cast<float>(background.period) * size;
  const float shift_x = static_cast<float>(background.x),
              shift_y = static_cast<float>(background.y);
  const float cosine = static_cast<float>(background.cosine);
  const float sine = static_cast<float>(background.sine);
  const float y = static_cast<float>(row) + 0.5f;
  const auto each = [&](auto&& share) {
    for (int column = 0; column < side; ++column)
      out[static_cast<std::size_t>(column)] = share(static_cast<float>(column) + 0.5f);
  };
  switch (background.texture) {
    case Texture::kPlain:
      return each([](float) { return 0.0f; });
    case Texture::kStriped:  // + 64: the argument stays positive
      return each([&](float x) {
        return wave((x * cosine + y * sine) / (2 * period) + shift_x + 64, 2 * period);
      });
    case Texture::kCheckered: {
      const float down = wave(y / (2 * period) + shift_y, 2 * period);
      return each([&](float x) {
        const float across = wave(x / (2 * period) + shift_x, 2 * period);
        return across + down - 2 * across * down;
      });
    }
    case Texture::kDotted: {
      const float dy = (fraction(y / period + shift_y) - 0.5f) * period;
      return each([&](float x) {
        const float dx = (fraction(x / period + shift_x) - 0.5f) * period;
        return clamp01(0.3f * period - std::sqrt(dx * dx + dy * dy) + 0.5f);
      });
    }
    case Texture::kCloudy: {
      const int cells = background.cells;
      const float scale = static_cast<float>(cells - 1) / size;
      float across[6], down[6];
      for (int i = 0; i < cells; ++i) {
        for (int j = 0; j < cells; ++j)
          down[j] = static_cast<float>(background.cloud[static_cast<std::size_t>(j * cells + i)]);
        across[i] = spline(down, cells, y * scale);
      }
      return each([&](float x) { return clamp01(spline(across, cells, x * scale) / 255); });
    }
    case Texture::kGradient: {
      const float length = (std::abs(cosine) + std::abs(sine)) * size, half = size / 2;
      return each([&](float x) {
        return clamp01(((x - half) * cosine + (y - half) * sine) / length + 0.5f);
      });
    }
    case Texture::kRinged: {
      const float dy = y - shift_y * size;
      return each([&](float x) {
        const float dx = x - shift_x * size;
        return wave(std::sqrt(dx * dx + dy * dy) / (2 * period), 2 * period);
      });
    }
    case Texture::kTiled: {
      const float half = size * (0.75f / 64), rows = y / (period / 2) + shift_y;
      const float level = line(rows, period / 2, half);
      const float stagger = static_cast<int>(rows) % 2 == 0 ? 0 : 0.5f;
      return each([&](float x) {
        return std::max(level, line(x / period + shift_x + stagger, period, half));
      });
    }
  }
}

}  // namespace

void draw_background(cv::Mat& picture, const Background& background) {
  std::vector<float> share(static_cast<std::size_t>(picture.cols));
  for (int row = 0; row < picture.rows; ++row) {
    shares(background, picture.cols, row, share);
    std::uint8_t* out = picture.ptr(row);
    for (const float value : share) {
      const int second = static_cast<int>(value * 256 + 0.5f);
      for (std::size_t k = 0; k < 3; ++k)
        *out++ = static_cast<std::uint8_t>(
            (background.first[k] * (256 - second) + background.second[k] * second + 128) >> 8);
    }
  }
}

}  // namespace theriac::data
