#include "data/sprites.h"

#include <fmt/format.h>
#include <ft2build.h>
// after ft2build.h:
#include FT_FREETYPE_H

#include <algorithm>
#include <memory>

#include "theriac/core/error.h"
#include "theriac/core/hash.h"
#include "theriac/data/emoji_font.h"

namespace theriac::data {
namespace {

constexpr double kMostTexels = 1.42;  // of a level, per pixel drawn

using Library = std::unique_ptr<std::remove_pointer_t<FT_Library>, decltype(&FT_Done_FreeType)>;
using Face = std::unique_ptr<std::remove_pointer_t<FT_Face>, decltype(&FT_Done_Face)>;

Sprite::Level blank(int width, int height, double scale) {
  Sprite::Level level{width, height, width + 2, {}, scale};
  level.rgba.resize(static_cast<std::size_t>(level.stride) * static_cast<std::size_t>(height + 2));
  return level;
}

std::uint32_t& at(Sprite::Level& level, int x, int y) {
  return level.rgba[static_cast<std::size_t>((y + 1) * level.stride + x + 1)];
}

// The visible part of a bitmap in premultiplied BGRA.
Sprite::Level cut(const FT_Bitmap& bitmap) {
  const int columns = static_cast<int>(bitmap.width), rows = static_cast<int>(bitmap.rows);
  const auto pixel = [&](int x, int y) { return bitmap.buffer + y * bitmap.pitch + 4 * x; };
  int left = columns, right = -1, top = rows, bottom = -1;
  for (int y = 0; y < rows; ++y)
    for (int x = 0; x < columns; ++x)
      if (pixel(x, y)[3] >= 8) {
        left = std::min(left, x), right = std::max(right, x);
        top = std::min(top, y), bottom = std::max(bottom, y);
      }
  if (right < left) return {};
  Sprite::Level level = blank(right - left + 1, bottom - top + 1, 1);
  for (int y = top; y <= bottom; ++y)
    for (int x = left; x <= right; ++x) {
      const unsigned char* bgra = pixel(x, y);
      at(level, x - left, y - top) = std::uint32_t{bgra[2]} | std::uint32_t{bgra[1]} << 8 |
                                     std::uint32_t{bgra[0]} << 16 | std::uint32_t{bgra[3]} << 24;
    }
  return level;
}

Sprite::Level halve(Sprite::Level& fine) {
  Sprite::Level level = blank((fine.width + 1) / 2, (fine.height + 1) / 2, fine.scale / 2);
  for (int y = 0; y < level.height; ++y)
    for (int x = 0; x < level.width; ++x) {
      std::uint32_t result = 0;
      for (int shift = 0; shift < 32; shift += 8) {
        std::uint32_t sum = 2;
        for (int k = 0; k < 4; ++k)  // beyond an odd edge lies the transparent border
          sum += at(fine, 2 * x + (k & 1), 2 * y + (k >> 1)) >> shift & 255;
        result |= (sum >> 2) << shift;
      }
      at(level, x, y) = result;
    }
  return level;
}

}  // namespace

const Sprite::Level& Sprite::level(double length) const {
  std::size_t index = 0;
  while (index + 1 < levels.size() &&
         std::max(width, height) * levels[index].scale > kMostTexels * length)
    ++index;
  return levels[index];
}

Sprites load_sprites(const std::string& font, std::span<const EmojiClass> classes, double longest) {
  const std::string path = find_emoji_font(font);
  FT_Library raw_library = nullptr;
  if (FT_Init_FreeType(&raw_library) != 0) throw std::runtime_error("FreeType does not start");
  const Library library(raw_library, &FT_Done_FreeType);
  FT_Face raw_face = nullptr;
  if (FT_New_Face(library.get(), path.c_str(), 0, &raw_face) != 0)
    throw Error(fmt::format("emoji: {} is not a font", path));
  const Face face(raw_face, &FT_Done_Face);
  if (!FT_HAS_COLOR(face) || face->num_fixed_sizes < 1 || FT_Select_Size(face.get(), 0) != 0)
    throw Error(fmt::format(
        "emoji: {} holds no colour bitmaps; Noto Color Emoji as Debian packages it does", path));

  Sprites sprites;
  core::Sha256 hash;
  for (const EmojiClass& item : classes) {
    const FT_UInt glyph = FT_Get_Char_Index(face.get(), item.code_point);
    const bool drawn = glyph != 0 && FT_Load_Glyph(face.get(), glyph, FT_LOAD_COLOR) == 0 &&
                       face->glyph->bitmap.pixel_mode == FT_PIXEL_MODE_BGRA;
    Sprite sprite;
    if (drawn) sprite.levels.push_back(cut(face->glyph->bitmap));
    if (!drawn || sprite.levels[0].rgba.empty())
      throw Error(fmt::format("emoji: {} has no picture of \"{}\" (U+{:04X})", path, item.name,
                              static_cast<unsigned>(item.code_point)));
    sprite.width = sprite.levels[0].width;
    sprite.height = sprite.levels[0].height;
    const auto& rgba = sprite.levels[0].rgba;
    hash.update({reinterpret_cast<const char*>(rgba.data()), rgba.size() * sizeof rgba[0]});
    while (sprite.levels.back().width > 8 && sprite.levels.back().height > 8)
      sprite.levels.push_back(halve(sprite.levels.back()));
    while (&sprite.level(longest) != &sprite.levels[0]) sprite.levels.erase(sprite.levels.begin());
    sprites.items.push_back(std::move(sprite));
  }
  sprites.id = hash.hex().substr(0, 16);
  return sprites;
}

}  // namespace theriac::data
