#pragma once

#include <span>

namespace theriac::data {

// A thing that the emoji font draws. `name` takes "a" or "an" as it stands: "pair of scissors".
struct EmojiClass {
  const char* name;
  char32_t code_point;
};

// All of them; a source uses the first `classes`. The first 64 are the quickstart's.
std::span<const EmojiClass> emoji_classes();

}  // namespace theriac::data
