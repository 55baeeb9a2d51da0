#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "data/emoji_classes.h"

namespace theriac::data {

// A picture of a class with premultiplied alpha, cut to what is visible, halved again and again.
struct Sprite {
  struct Level {
    int width = 0, height = 0;        // of the picture
    int stride = 0;                   // width + 2: a transparent border of one pixel all around
    std::vector<std::uint32_t> rgba;  // r | g << 8 | b << 16 | a << 24; stride * (height + 2)
    double scale = 1;                 // pixels of this level per pixel of the font's bitmap
  };
  double width = 0, height = 0;  // of the font's bitmap, cut
  std::vector<Level> levels;     // the finest first

  // The coarsest level that is drawn `length` pixels long with little blur or aliasing.
  const Level& level(double length) const;
};

struct Sprites {
  std::vector<Sprite> items;  // in the order of the classes
  std::string id;             // hash of the bitmaps
};

// Draws the classes from a colour bitmap font (CBDT, as Noto Color Emoji). `font`: its file, or ""
// for the usual places. Levels that are only needed for objects longer than `longest` pixels are
// left out. Throws Error: no such font, not a colour font, a class is missing in it.
Sprites load_sprites(const std::string& font, std::span<const EmojiClass> classes, double longest);

}  // namespace theriac::data
