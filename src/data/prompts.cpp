#include "theriac/data/prompts.h"

#include <filesystem>

#include "theriac/core/assets.h"
#include "theriac/core/error.h"
#include "theriac/core/files.h"
#include "theriac/core/hash.h"
#include "theriac/core/text.h"

namespace theriac::data {

namespace {

constexpr std::string_view kImagenet = "imagenet";
constexpr const char* kImagenetHash =
    "717aaf1055595d318aa456669c0de6675d883ccebfa70ca12ff890b7aab710cb";

std::vector<std::string> imagenet_templates() {
  const auto file = core::asset("imagenet_prompts.txt");
  if (!std::filesystem::is_regular_file(file))
    throw Error("prompts: 'imagenet' are the templates in " + file.string() +
                ", which is not there; run scripts/fetch_assets.sh");
  const auto text = core::read_file(file.string());
  if (core::sha256(text) != kImagenetHash)
    throw Error("prompts: " + file.string() +
                " does not hold the 80 templates of CLIP's zero-shot ImageNet; run "
                "scripts/fetch_assets.sh, which replaces it");
  std::vector<std::string> lines;
  std::size_t begin = 0;
  for (std::size_t end; (end = text.find('\n', begin)) != std::string::npos; begin = end + 1)
    lines.push_back(text.substr(begin, end - begin));
  return lines;
}

}  // namespace

std::string template_problem(const std::string& item) {
  if (item == kImagenet) {
    try {
      imagenet_templates();
      return "";
    } catch (const Error& error) {
      return error.what();
    }
  }
  if (item.find("{}") != item.npos) return "";
  return "'" + item + "' has no {} and is no set of templates, which are: imagenet";
}

std::vector<std::string> templates(const std::vector<std::string>& prompts) {
  std::vector<std::string> result;
  for (const auto& prompt : prompts) {
    if (prompt != kImagenet) {
      result.push_back(prompt);
      continue;
    }
    const auto set = imagenet_templates();
    result.insert(result.end(), set.begin(), set.end());
  }
  return result;
}

std::string fill_literally(std::string_view caption_template, std::string_view noun) {
  std::string result;
  while (true) {
    const std::size_t hole = caption_template.find("{}");
    result.append(caption_template.substr(0, hole));
    if (hole == std::string_view::npos) return result;
    result.append(noun);
    caption_template.remove_prefix(hole + 2);
  }
}

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

}  // namespace theriac::data
