#include "theriac/data/prompts.h"

#include <filesystem>

#include "data/class_list.h"
#include "theriac/core/assets.h"
#include "theriac/core/error.h"
#include "theriac/core/text.h"

namespace theriac::data {

namespace {

constexpr std::string_view kImagenet = "imagenet";

std::string replace_hole(std::string text, std::string_view noun) {
  const auto hole = text.find("{}");
  return hole == text.npos ? text : text.replace(hole, 2, noun);
}

}  // namespace

std::string_view article(std::string_view noun) {
  const std::string word = core::lower_ascii(noun.substr(0, noun.find_first_of(" -")));
  for (const std::string_view silent : {"hour", "honest", "honor", "honour", "heir"})
    if (word.starts_with(silent)) return "an";
  for (const std::string_view hard :
       {"uni", "use", "usu", "ute", "uti", "uku", "eu", "ewe", "one", "once"})
    if (word.starts_with(hard) && !word.starts_with("unin") && !word.starts_with("unim"))
      return "a";
  return !word.empty() && std::string_view("aeiou").find(word[0]) != std::string_view::npos ? "an"
                                                                                            : "a";
}

std::string fill(std::string_view caption_template, std::string_view noun) {
  std::string result;
  while (true) {
    const std::size_t hole = caption_template.find("{}");
    std::string_view before = caption_template.substr(0, hole);
    if (hole == std::string_view::npos) return result.append(before);
    for (const std::string_view word : {"a ", "an ", "A ", "An "}) {
      if (!before.ends_with(word)) continue;
      const std::size_t start = before.size() - word.size();
      if (start > 0 && before[start - 1] != ' ' && before[start - 1] != '"' &&
          before[start - 1] != '(')
        continue;
      std::string fitting(article(noun));
      if (word[0] == 'A') fitting[0] = 'A';
      result.append(before.substr(0, start)).append(fitting).append(" ");
      before = {};
      break;
    }
    result.append(before).append(noun);
    caption_template.remove_prefix(hole + 2);
  }
}

std::string template_problem(std::string_view item) {
  if (item == kImagenet) {
    const auto file = core::asset("imagenet_prompts.txt");
    if (std::filesystem::exists(file)) return "";
    return "imagenet: " + file.string() + " is missing; run scripts/fetch_assets.sh";
  }
  if (item.find("{}") != item.npos) return "";
  return "'" + std::string(item) +
         "' has no {} for the class name and is no set of prompts; known: imagenet";
}

std::vector<std::string> fill_all(const std::vector<std::string>& templates,
                                  std::string_view noun) {
  std::vector<std::string> result;
  for (const auto& item : templates) {
    if (const auto problem = template_problem(item); !problem.empty())
      throw Error("prompts: " + problem);
    if (item != kImagenet) {
      result.push_back(fill(item, noun));
      continue;
    }
    for (auto& line : read_lines("prompts", core::asset("imagenet_prompts.txt").string()))
      result.push_back(replace_hole(std::move(line), noun));
  }
  return result;
}

}  // namespace theriac::data
