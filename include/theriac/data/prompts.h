#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace theriac::data {

// "a" or "an", by the sound that `noun` starts with: "an apple", "a unicorn", "an hour".
std::string_view article(std::string_view noun);

// Every "{}" becomes `noun`; an "a" or "an" right before it is made to fit: "a photo of a {}" with
// "apple" gives "a photo of an apple".
std::string fill(std::string_view caption_template, std::string_view noun);

// What is wrong with one item of a list of templates, or nothing: an item holds {}, or is
// `imagenet`, CLIP's 80 prompts as scripts/fetch_assets.sh puts them there.
std::string template_problem(std::string_view item);

// The filled templates, `imagenet` as its 80; these keep their articles ("a photo of a apple"), as
// published. Error when that file is missing.
std::vector<std::string> fill_all(const std::vector<std::string>& templates, std::string_view noun);

}  // namespace theriac::data
