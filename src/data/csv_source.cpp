#include <fmt/format.h>

#include <algorithm>
#include <filesystem>
#include <limits>
#include <unordered_map>

#include "data/class_list.h"
#include "data/class_numbers.h"
#include "data/csv_table.h"
#include "data/mapped_file.h"
#include "data/sources.h"
#include "theriac/core/error.h"
#include "theriac/core/text.h"
#include "theriac/data/prompts.h"

namespace theriac::data {
namespace {

namespace fs = std::filesystem;

enum class Delimiter { kAuto, kComma, kTab };

struct CsvSettings {
  std::string path, root;
  std::string image_key = "image", caption_key = "caption", label_key;
  std::string caption = "a photo of a {}";
  std::vector<std::string> classes;
  std::string classes_file;
  Delimiter delimiter = Delimiter::kAuto;
  bool quoted = true, allow_outside = true;
  std::optional<std::int64_t> limit;
};

CsvFormat format_of(const CsvSettings& settings) {
  CsvFormat format;
  if (settings.delimiter != Delimiter::kAuto)
    format.delimiter = settings.delimiter == Delimiter::kTab ? '\t' : ',';
  format.quoted = settings.quoted;
  if (settings.limit) format.limit = *settings.limit;
  return format;
}

constexpr std::int32_t kNoLabel = -1, kUnknownLabel = -2;

class CsvSource final : public Source {
 public:
  explicit CsvSource(const CsvSettings& settings)
      : settings_(settings),
        file_("csv", settings.path),
        table_(file_.text(), "csv: " + settings.path, format_of(settings)),
        root_(settings.root.empty() ? fs::path(settings.path).parent_path()
                                    : fs::path(settings.root)),
        classes_(settings.classes),
        image_(column("image_key", settings.image_key)),
        caption_(settings.caption_key.empty() ? kNone
                                              : column("caption_key", settings.caption_key)),
        label_(settings.label_key.empty() ? kNone : column("label_key", settings.label_key)) {
    if (table_.size() == 0)
      throw Error(fmt::format("csv: {} has a header line and no rows", settings.path));
    if (!settings.classes_file.empty()) classes_ = read_classes("csv", settings.classes_file);
    if (label_ != kNone) read_labels();
  }

  std::int64_t size() const override { return table_.size(); }
  const std::vector<std::string>& classes() const override { return classes_; }
  std::string where(std::int64_t index) const override {
    return fmt::format("{}:{}", fs::path(settings_.path).filename().string(), table_.line(index));
  }

  std::string stamp() const override {
    if (file_.stamp().empty()) return {};
    const CsvFormat format = format_of(settings_);
    return fmt::format("csv\n{}\n{} {} {} {}\n{} {}\n{}", file_.stamp(), image_, caption_, label_,
                       settings_.label_key.empty() ? "" : settings_.caption,
                       static_cast<int>(format.delimiter), format.quoted, format.limit);
  }

  Row row(std::int64_t index) const override {
    std::vector<std::string> fields;
    table_.read(index, fields);
    return to_row(index, fields);
  }

  Sample get(std::int64_t index) const override {
    std::vector<std::string> fields;
    table_.read(index, fields);
    Sample sample;
    sample.row = to_row(index, fields);
    const auto bad = [&](Bad reason, std::string detail) {
      sample.bad = reason;
      sample.detail = std::move(detail);
      return sample;
    };
    const std::size_t expected = table_.header().size();
    if (fields.size() != expected)
      return bad(Bad::kBadRow,
                 fmt::format("{} fields, the header has {}", fields.size(), expected));
    if (label_ != kNone && labels_[static_cast<std::size_t>(index)] == kUnknownLabel)
      return bad(Bad::kBadRow, class_problem(core::trim(fields[label_]), classes_));
    if (caption_ != kNone && !core::valid_utf8(fields[caption_]))
      return bad(Bad::kBadUtf8, fmt::format("caption \"{}\"", sample.row.caption));
    if (core::trim(sample.row.caption).empty()) return bad(Bad::kEmptyCaption, "");
    if (fields[image_].empty()) return bad(Bad::kMissingFile, "the row names no picture");
    const fs::path file = root_ / fields[image_];
    if (!settings_.allow_outside && !is_inside(root_, file, sample.detail))
      return bad(Bad::kOutside, sample.detail);
    sample.bad = read_picture(file, sample.encoded, sample.detail);
    if (sample.bad == Bad::kMissingFile && fields[image_].find("://") != std::string::npos)
      sample.detail = fields[image_] + " is an address; download the pictures first";
    return sample;
  }

 private:
  static constexpr std::size_t kNone = std::numeric_limits<std::size_t>::max();

  static std::string suggestion(const std::string& word, const std::vector<std::string>& known) {
    const std::string near = core::nearest(word, known);
    return near.empty() ? "" : fmt::format("; did you mean \"{}\"?", near);
  }

  std::size_t column(const char* key, const std::string& name) const {
    const auto& header = table_.header();
    const auto found = std::find(header.begin(), header.end(), name);
    if (found == header.end())
      throw Error(fmt::format("csv: {}:1: no column \"{}\" ({}); the columns are: {}{}",
                              settings_.path, repair_utf8(name), key,
                              repair_utf8(core::join(header, ", ")), suggestion(name, header)));
    if (std::find(found + 1, header.end(), name) != header.end())
      throw Error(
          fmt::format("csv: {}:1: two columns are named \"{}\" ({})", settings_.path, name, key));
    return static_cast<std::size_t>(found - header.begin());
  }

  Row to_row(std::int64_t index, const std::vector<std::string>& fields) const {
    Row row;
    if (image_ < fields.size()) row.key = repair_utf8(fields[image_]);
    if (label_ != kNone)
      row.label = std::max<std::int64_t>(labels_[static_cast<std::size_t>(index)], kNoLabel);
    if (caption_ < fields.size())
      row.caption = repair_utf8(fields[caption_]);
    else if (caption_ == kNone && row.label >= 0)
      row.caption = fill(settings_.caption, classes_[static_cast<std::size_t>(row.label)]);
    return row;
  }

  // One pass: labels as written get numbers in the order of their coming, classes follow from all
  // of them, and the numbers are exchanged.
  void read_labels() {
    labels_.assign(static_cast<std::size_t>(size()), kNoLabel);
    std::unordered_map<std::string, std::int32_t> seen;
    std::vector<std::string> fields;
    for (std::int64_t i = 0; i < size(); ++i) {
      table_.read(i, fields);
      if (label_ >= fields.size()) continue;
      const std::string_view label = core::trim(fields[label_]);
      if (label.empty()) continue;
      const auto next = static_cast<std::int32_t>(seen.size());
      labels_[static_cast<std::size_t>(i)] =
          seen.try_emplace(std::string(label), next).first->second;
    }
    if (classes_.empty()) find_classes(seen);
    const ClassNumbers numbers(classes_);
    std::vector<std::int32_t> number_of(seen.size());
    for (const auto& [label, order] : seen)
      number_of[static_cast<std::size_t>(order)] = numbers(label).value_or(kUnknownLabel);
    for (std::int32_t& label : labels_)
      if (label != kNoLabel) label = number_of[static_cast<std::size_t>(label)];
  }

  // Without a list: numbers stand for themselves, names are sorted.
  void find_classes(const std::unordered_map<std::string, std::int32_t>& seen) {
    std::int32_t largest = 0;
    bool numbers = !seen.empty();
    for (const auto& [label, order] : seen) {
      const auto number = as_class_number(label);
      numbers = numbers && number;
      largest = std::max(largest, number.value_or(0));
    }
    if (numbers) {
      for (std::int32_t i = 0; i <= largest; ++i) classes_.push_back(std::to_string(i));
      return;
    }
    for (const auto& [label, order] : seen) classes_.push_back(label);
    std::sort(classes_.begin(), classes_.end());
  }

  CsvSettings settings_;
  MappedFile file_;
  CsvTable table_;
  fs::path root_;
  std::vector<std::string> classes_;
  std::size_t image_, caption_, label_;
  std::vector<std::int32_t> labels_;
};

class CsvConfig final : public SourceConfig {
 public:
  void describe(config::Fields& fields) override {
    fields.path("path", settings_.path, "the file; its first line names the columns",
                config::Need::kRequired);
    fields.value("image_key", settings_.image_key, "column with the picture's path");
    fields.value("caption_key", settings_.caption_key,
                 "column with the caption; empty: made from the label and `caption`");
    fields.value("label_key", settings_.label_key, "column with the class, by name or number");
    fields.value("caption", settings_.caption,
                 "caption of a row without one of its own, {} is the class");
    fields.value("classes", settings_.classes,
                 "class names in the order of their numbers; default: those in the file, sorted");
    fields.path("classes_file", settings_.classes_file, "the same, one a line");
    fields.path("root", settings_.root,
                "folder that picture paths are relative to; default: the file's own");
    fields.choice(
        "delimiter", settings_.delimiter,
        "between fields; auto: a tab when the header line has one, else a comma",
        {{"auto", Delimiter::kAuto}, {"comma", Delimiter::kComma}, {"tab", Delimiter::kTab}});
    fields.value("quoted", settings_.quoted,
                 "fields may be in double quotes; false: quotes are ordinary characters");
    fields.value("allow_outside", settings_.allow_outside,
                 "pictures may be anywhere; false: one that is not in `root`, by an absolute path, "
                 "by .. or by a symlink, counts as broken");
    fields.value("limit", settings_.limit, "only the first so many rows", {1, 1e12});
  }
  void check(config::Problems& problems) const override {
    const bool listed = !settings_.classes.empty(), file = !settings_.classes_file.empty();
    if (listed && file) problems.add("classes_file", "not together with `classes`");
    if ((listed || file) && settings_.label_key.empty())
      problems.add(listed ? "classes" : "classes_file", "has no effect without `label_key`");
    if (settings_.caption_key.empty() && settings_.label_key.empty())
      problems.add("caption_key", "a caption or a label is needed; `label_key` is empty as well");
    if (settings_.image_key.empty()) problems.add("image_key", "a column is needed");
  }
  std::shared_ptr<const Source> build(const SourceContext&) const override {
    return std::make_shared<CsvSource>(settings_);
  }

 private:
  CsvSettings settings_;
};

}  // namespace

config::Entry<SourceConfig> csv() {
  return config::entry<SourceConfig, CsvConfig>(
      "csv", "a comma- or tab-separated file with a column of pictures and one of captions");
}

}  // namespace theriac::data
