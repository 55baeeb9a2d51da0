#pragma once

#include <string>
#include <string_view>

namespace theriac::data {

// "a" or "an", by the sound that `noun` starts with: "an apple", "a unicorn", "an hour".
std::string_view article(std::string_view noun);

// Every "{}" becomes `noun`; an "a" or "an" right before it is made to fit: "a photo of a {}" with
// "apple" gives "a photo of an apple".
std::string fill(std::string_view caption_template, std::string_view noun);

}  // namespace theriac::data
