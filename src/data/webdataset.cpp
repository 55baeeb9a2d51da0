// Image-text pairs in tar files, as img2dataset and webdataset write them. Nothing is unpacked: the
// tars are mapped, an index holds where each sample's members start (24 bytes a row), names and
// sizes are read again from the members' headers.

#include <fmt/format.h>

#include <algorithm>
#include <atomic>
#include <charconv>
#include <exception>
#include <filesystem>
#include <nlohmann/json.hpp>
#include <thread>
#include <unordered_map>

#include "data/class_list.h"
#include "data/mapped_file.h"
#include "data/shard_index.h"
#include "data/shard_list.h"
#include "data/sources.h"
#include "data/tar_reader.h"
#include "theriac/core/error.h"
#include "theriac/core/interrupt.h"
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

constexpr std::int32_t kWrongLabel = -2, kMaxLabel = 1'000'000;

// The number of a label member: a class by name, or a number.
class LabelReader {
 public:
  explicit LabelReader(const std::vector<std::string>& classes) : count_(classes.size()) {
    for (const std::string& name : classes)
      numbers_.emplace(name, static_cast<std::int32_t>(numbers_.size()));
  }
  std::int32_t operator()(std::string_view text) const {
    if (const auto found = numbers_.find(std::string(text)); found != numbers_.end())
      return found->second;
    std::int32_t value = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    const auto limit = count_ > 0 ? static_cast<std::int32_t>(count_) : kMaxLabel;
    const bool whole = error == std::errc() && end == text.data() + text.size() && !text.empty();
    return whole && value >= 0 && value < limit ? value : kWrongLabel;
  }

 private:
  std::size_t count_;
  std::unordered_map<std::string, std::int32_t> numbers_;
};

struct Shard {
  explicit Shard(const std::string& path)
      : name(repair_utf8(fs::path(path).filename().string())), file("webdataset", path) {}
  std::string name;
  MappedFile file;
  std::string problem;
};

class WebDataset final : public Source {
 public:
  explicit WebDataset(const WdsSettings& settings)
      : settings_(settings), classes_(settings.classes) {
    if (!settings.classes_file.empty()) classes_ = read_lines("webdataset", settings.classes_file);
    if (!settings_.json_key.empty()) settings_.keys.text = "json";
    const auto paths = list_shards(settings.path);
    index(paths);
    if (settings.limit && size() > *settings.limit)
      rows_.resize(static_cast<std::size_t>(*settings.limit));
    if (rows_.empty())
      throw Error(fmt::format(
          "webdataset: no samples in {} ({} files); a sample is KEY.{} and KEY.{}", settings.path,
          paths.size(), settings_.keys.image.front(), settings_.keys.text));
    if (!settings_.keys.label.empty() && classes_.empty()) number_classes();
  }

  std::int64_t size() const override { return static_cast<std::int64_t>(rows_.size()); }
  const std::vector<std::string>& classes() const override { return classes_; }

  std::string where(std::int64_t index) const override {
    const ShardRow& row = rows_[static_cast<std::size_t>(index)];
    return shards_[row.shard]->name + ": " + key(row);
  }

  Row row(std::int64_t index) const override {
    Sample sample;
    fill_row(rows_[static_cast<std::size_t>(index)], sample);
    return sample.row;
  }

  Sample get(std::int64_t index) const override {
    const ShardRow& row = rows_[static_cast<std::size_t>(index)];
    const Shard& shard = *shards_[row.shard];
    Sample sample;
    const TarMember image = fill_row(row, sample);
    const auto bad = [&](Bad reason, std::string detail) {
      sample.bad = reason;
      sample.detail = std::move(detail);
    };
    if (is_problem(row)) {
      bad(Bad::kUnreadable, shard.name + ": " + shard.problem);
    } else if (sample.bad != Bad::kNone) {
    } else if (row.label == kWrongLabel) {
      bad(Bad::kBadRow, fmt::format("the .{} member names no known class", settings_.keys.label));
    } else if (sample.row.caption.empty()) {
      bad(Bad::kEmptyCaption, row.text == ShardRow::kAbsent && !settings_.keys.text.empty()
                                  ? fmt::format("no .{} member", settings_.keys.text)
                                  : std::string());
    } else if (row.image == ShardRow::kAbsent) {
      bad(Bad::kMissingFile, fmt::format("no .{} member", fmt::join(settings_.keys.image, ", .")));
    } else if (image.data.size() < image.size) {
      bad(Bad::kTruncated, fmt::format("{} ends inside {}", shard.name, image.path));
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
    TarReader(shards_[row.shard]->file.text(), start).next(result);
    return result;
  }

  std::string key(const ShardRow& row) const {
    if (is_problem(row)) return "the rest of the file";
    const auto first = member(row, row.image != ShardRow::kAbsent ? row.image : row.text);
    return repair_utf8(split_member(first.path).key);
  }

  // Sets the row and what is wrong with the text; gives the picture's member.
  TarMember fill_row(const ShardRow& row, Sample& sample) const {
    sample.row.key = fs::path(shards_[row.shard]->name).stem().string() + "/" + key(row);
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

  // Indexes the tars in parallel, and no more of them than the limit needs.
  void index(const std::vector<std::string>& paths) {
    const LabelReader reader(classes_);
    const std::function<std::int32_t(std::string_view)> label = std::cref(reader);
    std::vector<ShardIndex> parts(paths.size());
    std::vector<std::exception_ptr> failures(paths.size());
    shards_.resize(paths.size());
    std::atomic<std::size_t> next = 0;
    std::atomic<std::int64_t> rows = 0;
    std::atomic<bool> stop = false;
    const auto work = [&] {
      for (std::size_t i; !stop && !core::stop_requested() &&
                          rows < settings_.limit.value_or(std::int64_t{1} << 62) &&
                          (i = next++) < paths.size();) {
        try {
          shards_[i] = std::make_unique<Shard>(paths[i]);
          parts[i] = index_shard(shards_[i]->file.text(), paths[i], settings_.keys, label);
          rows += static_cast<std::int64_t>(parts[i].rows.size());
        } catch (...) {
          failures[i] = std::current_exception();
          stop = true;
        }
      }
    };
    {
      std::vector<std::jthread> helpers;
      const std::size_t useful = std::min<std::size_t>(std::thread::hardware_concurrency(), 8);
      for (std::size_t i = 1; i < std::min(useful, paths.size()); ++i) helpers.emplace_back(work);
      work();
    }
    for (const auto& failure : failures)
      if (failure) std::rethrow_exception(failure);
    if (core::stop_requested()) throw Interrupted("webdataset: stopped while indexing");
    rows_.reserve(static_cast<std::size_t>(rows));
    for (std::size_t i = 0; i < parts.size(); ++i) append(std::move(parts[i]), i);
    shards_.resize(std::min<std::size_t>(next, paths.size()));
  }

  void append(ShardIndex part, std::size_t shard) {
    const auto number = static_cast<std::uint32_t>(shard);
    for (ShardRow& row : part.rows) {
      row.shard = number;
      rows_.push_back(row);
    }
    if (part.problem.empty()) return;
    ShardRow rest;
    rest.shard = number;
    rows_.push_back(rest);
    shards_[shard]->problem = std::move(part.problem);
  }

  // Without a list numbers stand for themselves.
  void number_classes() {
    std::int32_t largest = -1;
    for (const ShardRow& row : rows_) {
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
  std::vector<std::unique_ptr<Shard>> shards_;
  std::vector<ShardRow> rows_;
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
