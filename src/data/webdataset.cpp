// Image-text pairs in tar files, as img2dataset and webdataset write them. Nothing is unpacked: the
// tars are mapped, an index holds where each sample's members start (24 bytes a row), names and
// sizes are read again from the members' headers.

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>
#include <limits>
#include <nlohmann/json.hpp>

#include "data/class_list.h"
#include "data/class_numbers.h"
#include "data/shard_list.h"
#include "data/shard_set.h"
#include "data/sources.h"
#include "data/tar_reader.h"
#include "theriac/core/error.h"
#include "theriac/core/text.h"
#include "theriac/data/prompts.h"

namespace theriac::data {
namespace {

namespace fs = std::filesystem;

struct WdsSettings {
  std::string path;
  ShardKeys keys{{"jpg", "png", "jpeg", "webp"}, "txt", ""};
  std::string json_key;
  std::string caption = "a photo of a {}";
  std::vector<std::string> classes;
  std::string classes_file;
  std::optional<std::int64_t> limit;
};

constexpr std::int32_t kWrongLabel = -2;

class WebDataset final : public Source {
 public:
  explicit WebDataset(const WdsSettings& settings)
      : settings_(settings), classes_(settings.classes) {
    if (!settings.classes_file.empty())
      classes_ = read_classes("webdataset", settings.classes_file);
    if (!settings_.json_key.empty()) settings_.keys.text = "json";
    const auto paths = list_shards(settings.path);
    const ClassNumbers numbers(classes_);
    const auto label = [&](std::string_view text) { return numbers(text).value_or(kWrongLabel); };
    const std::int64_t limit = settings.limit.value_or(std::numeric_limits<std::int64_t>::max());
    const std::string labels = settings_.keys.label.empty() ? "" : core::join(classes_, "\n");
    set_ = index_shards(paths, settings_.keys, label, labels, limit);
    if (size() > limit) set_.rows.resize(static_cast<std::size_t>(limit));
    if (set_.rows.empty())
      throw Error(fmt::format(
          "webdataset: no samples in {} ({} files); a sample is KEY.{} and KEY.{}", settings.path,
          paths.size(), settings_.keys.image.front(), settings_.keys.text));
    if (!settings_.keys.label.empty() && classes_.empty()) number_classes();
  }

  std::int64_t size() const override { return static_cast<std::int64_t>(set_.rows.size()); }
  const std::vector<std::string>& classes() const override { return classes_; }

  std::string stamp() const override {
    const ShardKeys& keys = settings_.keys;
    std::string result =
        fmt::format("webdataset\n{} {} {} {}\n{}\n", fmt::join(keys.image, ","), keys.text,
                    keys.label, settings_.json_key, keys.text.empty() ? settings_.caption : "");
    for (const auto& shard : set_.shards) {
      if (!shard || shard->file.stamp().empty()) return {};
      result += shard->file.stamp() + "\n";
    }
    return result;
  }

  std::string where(std::int64_t index) const override {
    const ShardRow& row = set_.rows[static_cast<std::size_t>(index)];
    return set_.shards[row.shard]->name + ": " + key(row);
  }

  Row row(std::int64_t index) const override {
    Sample sample;
    fill_row(set_.rows[static_cast<std::size_t>(index)], sample);
    return sample.row;
  }

  Sample get(std::int64_t index) const override {
    const ShardRow& row = set_.rows[static_cast<std::size_t>(index)];
    const Shard& shard = *set_.shards[row.shard];
    Sample sample;
    const TarMember image = fill_row(row, sample);
    const auto bad = [&](Bad reason, std::string detail) {
      sample.bad = reason;
      sample.detail = std::move(detail);
    };
    if (is_problem(row)) {
      bad(Bad::kUnreadable, shard.name + ": " + shard.problem);
    } else if (image.data.size() < image.size) {
      bad(Bad::kTruncated, fmt::format("{} ends inside {}", shard.name, image.path));
    } else if (sample.bad != Bad::kNone) {
    } else if (row.label == kWrongLabel) {
      bad(Bad::kBadRow,
          fmt::format(
              "the .{} member is neither the number of a class nor a name that one class has",
              settings_.keys.label));
    } else if (sample.row.caption.empty()) {
      bad(Bad::kEmptyCaption, row.text == ShardRow::kAbsent && !settings_.keys.text.empty()
                                  ? fmt::format("no .{} member", settings_.keys.text)
                                  : std::string());
    } else if (row.image == ShardRow::kAbsent) {
      bad(Bad::kMissingFile, fmt::format("no .{} member", fmt::join(settings_.keys.image, ", .")));
    } else {
      sample.encoded.assign(image.data.begin(), image.data.end());
    }
    return sample;
  }

 private:
  static bool is_problem(const ShardRow& row) {
    return row.image == ShardRow::kAbsent && row.text == ShardRow::kAbsent;
  }

  TarMember member(const ShardRow& row, std::uint64_t start) const {
    TarMember result;
    TarReader(set_.shards[row.shard]->file.text(), start).next(result);
    return result;
  }

  std::string key(const ShardRow& row) const {
    if (is_problem(row)) return "the rest of the file";
    const auto first = member(row, row.image != ShardRow::kAbsent ? row.image : row.text);
    return repair_utf8(split_member(first.path).key);
  }

  // Sets the row and what is wrong with the text; gives the picture's member.
  TarMember fill_row(const ShardRow& row, Sample& sample) const {
    sample.row.key = fs::path(set_.shards[row.shard]->name).stem().string() + "/" + key(row);
    sample.row.label = std::max(row.label, -1);
    if (row.text != ShardRow::kAbsent)
      read_text(member(row, row.text), sample);
    else if (settings_.keys.text.empty() && row.label >= 0)
      sample.row.caption = fill(settings_.caption, classes_[static_cast<std::size_t>(row.label)]);
    TarMember image;
    if (row.image != ShardRow::kAbsent) image = member(row, row.image);
    sample.row.bytes = image.size;
    return image;
  }

  void read_text(const TarMember& text, Sample& sample) const {
    std::string caption(core::trim(text.data));
    if (text.data.size() < text.size) {
      sample.bad = Bad::kTruncated;
      sample.detail = fmt::format("the file ends inside {}", text.path);
    } else if (!settings_.json_key.empty()) {
      const auto json = nlohmann::json::parse(caption, nullptr, false);
      const auto found = json.find(settings_.json_key);
      caption.clear();
      if (json.is_discarded()) {
        sample.bad = Bad::kBadRow;
        sample.detail = fmt::format("{} is not JSON", text.path);
      } else if (found != json.end() && found->is_string()) {
        caption = core::trim(found->get<std::string>());
      }
    }
    sample.row.caption = repair_utf8(caption);
    if (sample.bad == Bad::kNone && sample.row.caption != caption) {
      sample.bad = Bad::kBadUtf8;
      sample.detail = fmt::format("caption \"{}\"", sample.row.caption);
    }
  }

  // Without a list numbers stand for themselves.
  void number_classes() {
    std::int32_t largest = -1;
    for (const ShardRow& row : set_.rows) {
      if (row.label == kWrongLabel)
        throw Error(fmt::format(
            "webdataset: {} of {} is not a number from 0; give the class names with `classes` or "
            "`classes_file`",
            settings_.keys.label, key(row)));
      largest = std::max(largest, row.label);
    }
    for (std::int32_t i = 0; i <= largest; ++i) classes_.push_back(std::to_string(i));
  }

  WdsSettings settings_;
  std::vector<std::string> classes_;
  ShardSet set_;
};

class WebDatasetConfig final : public SourceConfig {
 public:
  void describe(config::Fields& fields) override {
    fields.path("path", settings_.path,
                "a .tar; a folder of them; a pattern, \"{00000..00331}.tar\" or \"*.tar\"; or a "
                ".txt file with one of these a line",
                config::Need::kRequired);
    fields.value("image_keys", settings_.keys.image,
                 "suffixes of the picture's member; the first that a sample has counts");
    fields.value("caption_key", settings_.keys.text,
                 "suffix of the caption's member; empty: made from the label and `caption`");
    fields.value("json_key", settings_.json_key,
                 "take the caption from this field of the .json member instead");
    fields.value("label_key", settings_.keys.label,
                 "suffix of the member with the class, by name or number; usually cls");
    fields.value("caption", settings_.caption, "caption made from a label, {} is the class");
    fields.value("classes", settings_.classes,
                 "class names in the order of their numbers; default: the numbers");
    fields.path("classes_file", settings_.classes_file, "the same, one a line");
    fields.value("limit", settings_.limit, "only the first so many samples", {1, 1e12});
  }
  void check(config::Problems& problems) const override {
    const bool listed = !settings_.classes.empty(), file = !settings_.classes_file.empty();
    if (listed && file) problems.add("classes_file", "not together with `classes`");
    if ((listed || file) && settings_.keys.label.empty())
      problems.add(listed ? "classes" : "classes_file", "has no effect without `label_key`");
    if (settings_.keys.text.empty() && settings_.json_key.empty() && settings_.keys.label.empty())
      problems.add("caption_key", "a caption or a label is needed; `label_key` is empty as well");
    if (settings_.keys.image.empty()) problems.add("image_keys", "a suffix is needed");
  }
  std::shared_ptr<const Source> build(const SourceContext&) const override {
    return std::make_shared<WebDataset>(settings_);
  }

 private:
  WdsSettings settings_;
};

}  // namespace

config::Entry<SourceConfig> webdataset() {
  return config::entry<SourceConfig, WebDatasetConfig>(
      "webdataset", "tar files with a picture and a caption per key, as img2dataset writes them");
}

}  // namespace theriac::data
