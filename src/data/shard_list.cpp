#include "data/shard_list.h"

#include <fmt/format.h>
#include <glob.h>

#include <algorithm>
#include <charconv>
#include <filesystem>
#include <memory>

#include "data/class_list.h"
#include "theriac/core/error.h"
#include "theriac/core/text.h"

namespace theriac::data {
namespace {

namespace fs = std::filesystem;

constexpr std::int64_t kMaxShards = 10'000'000;

std::string_view compression(const std::string& path) {
  for (const std::string_view suffix : {".gz", ".tgz", ".zst", ".xz", ".bz2", ".lz4"})
    if (core::lower_ascii(path).ends_with(suffix)) return suffix;
  return {};
}

bool is_compressed_tar(const fs::path& path) {
  return !compression(path.string()).empty() &&
         (path.extension() == ".tgz" || path.stem().extension() == ".tar");
}

// The words of "{...}": a range of numbers, or what commas separate on the outer level; none when
// it is neither.
std::vector<std::string> choices(const std::string& inside) {
  const std::size_t dots = inside.find("..");
  if (dots != std::string::npos) {
    const std::string low = inside.substr(0, dots), high = inside.substr(dots + 2);
    std::int64_t from = 0, to = 0;
    const auto whole = [](const std::string& text, std::int64_t& value) {
      const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
      return error == std::errc() && end == text.data() + text.size() && value >= 0;
    };
    if (whole(low, from) && whole(high, to)) {
      if (to < from || to - from >= kMaxShards)
        throw Error(fmt::format("webdataset: {{{}}} is no range of files", inside));
      std::vector<std::string> words;
      for (std::int64_t i = from; i <= to; ++i)
        words.push_back(fmt::format("{:0{}}", i, low.starts_with('0') ? low.size() : 1));
      return words;
    }
  }
  std::vector<std::string> words(1);
  int depth = 0;
  for (const char c : inside) {
    if (c == ',' && depth == 0) {
      words.emplace_back();
      continue;
    }
    depth += (c == '{') - (c == '}');
    words.back() += c;
  }
  return words.size() > 1 ? words : std::vector<std::string>();
}

void add_pattern(const std::string& pattern, std::vector<std::string>& shards) {
  if (pattern.find_first_of("*?[") == std::string::npos) {
    shards.push_back(pattern);
    return;
  }
  glob_t found{};
  const int code = ::glob(pattern.c_str(), 0, nullptr, &found);
  const std::unique_ptr<glob_t, decltype(&::globfree)> owner(&found, ::globfree);
  if (code != 0) throw Error(fmt::format("webdataset: no file fits {}", pattern));
  std::vector<std::string> names(found.gl_pathv, found.gl_pathv + found.gl_pathc);
  std::sort(names.begin(), names.end());  // whatever the locale says
  shards.insert(shards.end(), names.begin(), names.end());
}

void add_folder(const fs::path& folder, std::vector<std::string>& shards) {
  std::vector<std::string> names;
  std::string compressed;
  std::error_code error;
  for (fs::directory_iterator it(folder, error), end; !error && it != end; it.increment(error)) {
    const std::string name = it->path().string();
    if (it->path().filename().string().starts_with(".")) continue;
    if (it->path().extension() == ".tar") names.push_back(name);
    if (is_compressed_tar(it->path())) compressed = name;
  }
  if (error)
    throw Error(fmt::format("webdataset: cannot read {}: {}", folder.string(), error.message()));
  if (names.empty())
    throw Error(fmt::format("webdataset: no .tar in {}{}", folder.string(),
                            compressed.empty()
                                ? std::string()
                                : fmt::format("; decompress {} and its like first, "
                                              "only plain tars can be read at any place",
                                              compressed)));
  std::sort(names.begin(), names.end());
  shards.insert(shards.end(), names.begin(), names.end());
}

void add_shards(const std::string& path, std::vector<std::string>& shards) {
  std::error_code unknown;
  if (fs::is_directory(path, unknown))
    add_folder(path, shards);
  else if (fs::exists(path, unknown))
    shards.push_back(path);
  else
    for (const std::string& pattern : expand_braces(path)) add_pattern(pattern, shards);
}

}  // namespace

std::vector<std::string> expand_braces(const std::string& pattern) {
  for (std::size_t open = pattern.find('{'); open != std::string::npos;
       open = pattern.find('{', open + 1)) {
    std::size_t close = open;
    for (int depth = 0; close < pattern.size(); ++close) {
      depth += (pattern[close] == '{') - (pattern[close] == '}');
      if (depth == 0) break;
    }
    if (close >= pattern.size()) break;
    const auto words = choices(pattern.substr(open + 1, close - open - 1));
    if (words.empty()) continue;
    std::vector<std::string> result;
    for (const std::string& word : words)
      for (std::string& expanded :
           expand_braces(pattern.substr(0, open) + word + pattern.substr(close + 1)))
        result.push_back(std::move(expanded));
    return result;
  }
  return {pattern};
}

std::vector<std::string> list_shards(const std::string& path) {
  std::vector<std::string> shards;
  if (fs::path(path).extension() == ".txt")
    for (const std::string& line : read_lines("webdataset", path))
      add_shards((fs::path(path).parent_path() / line).string(), shards);
  else
    add_shards(path, shards);
  std::size_t missing = 0;
  std::string first;
  for (const std::string& shard : shards) {
    std::error_code unknown;
    if (const auto suffix = compression(shard); !suffix.empty())
      throw Error(fmt::format(
          "webdataset: {} is compressed ({}); decompress it first, only plain tars can be read at "
          "any place",
          shard, suffix));
    if (fs::exists(shard, unknown)) continue;
    if (missing++ == 0) first = shard;
  }
  if (missing > 0)
    throw Error(fmt::format(
        "webdataset: {} does not exist{}", first,
        missing > 1 ? fmt::format(", nor do {} more of {} files", missing - 1, shards.size())
                    : std::string()));
  return shards;
}

}  // namespace theriac::data
