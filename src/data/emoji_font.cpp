#include "theriac/data/emoji_font.h"

#include <fmt/format.h>

#include <filesystem>

#include "theriac/core/error.h"
#include "theriac/core/program.h"
#include "theriac/core/text.h"

namespace theriac::data {
namespace {

bool exists(const std::string& path) {
  std::error_code ignored;
  return std::filesystem::is_regular_file(path, ignored);
}

}  // namespace

std::vector<std::string> emoji_font_places() {
  const auto beside = core::installed_folder() / "share" / "theriac" / "fonts";
  return {(beside / "NotoColorEmoji.ttf").string(),
          "/usr/share/fonts/truetype/noto/NotoColorEmoji.ttf",
          "/usr/share/fonts/noto/NotoColorEmoji.ttf",
          "/usr/share/fonts/google-noto-emoji/NotoColorEmoji.ttf",
          "/usr/local/share/fonts/NotoColorEmoji.ttf"};
}

std::string find_emoji_font(const std::string& font, const std::vector<std::string>& places) {
  if (!font.empty()) {
    if (!exists(font)) throw Error(fmt::format("emoji: no font file {}", font));
    return font;
  }
  for (const std::string& place : places)
    if (exists(place)) return place;
  throw Error(
      fmt::format("emoji: the font Noto Color Emoji is not installed (looked at {}). Install the "
                  "Debian package fonts-noto-color-emoji, or set `font` to NotoColorEmoji.ttf",
                  core::join(places, ", ")));
}

}  // namespace theriac::data
