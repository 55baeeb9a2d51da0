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
// The same with "a" and "an" as they are.
std::string fill_literally(std::string_view caption_template, std::string_view noun);

// What is wrong with an item of a list of templates, or nothing. It has a {}, or is the name of a
// set of templates: "imagenet", the 80 of CLIP's zero-shot ImageNet.
std::string template_problem(const std::string& item);
// `prompts` with the names of sets replaced by their templates. Error when the file of a set is not
// there or is not what scripts/fetch_assets.sh fetched.
std::vector<std::string> templates(const std::vector<std::string>& prompts);

}  // namespace theriac::data
