#include "data/imagenet_labels.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>

#include "data/csv_table.h"
#include "data/mapped_file.h"
#include "theriac/core/error.h"
#include "theriac/core/files.h"
#include "theriac/core/text.h"

namespace theriac::data {
namespace {

namespace fs = std::filesystem;

struct LabelLine {
  std::int64_t line;
  std::string image, label;  // image: "" in a file of labels alone
};

std::vector<LabelLine> read_table(const std::string& path) {
  const MappedFile file("imagenet", path);
  const CsvTable table(file.text(), "imagenet: " + path, {',', true});
  const auto column = [&](std::initializer_list<const char*> names) {
    for (std::size_t i = 0; i < table.header().size(); ++i)
      for (const char* name : names)
        if (table.header()[i] == name) return i;
    throw Error(fmt::format("imagenet: {}:1: no column \"{}\"; the columns are: {}", path,
                            *names.begin(), core::join(table.header(), ", ")));
  };
  const std::size_t image = column({"image", "images", "ImageId"});
  const std::size_t label = column({"label", "labels", "PredictionString"});
  std::vector<LabelLine> lines;
  std::vector<std::string> fields;
  for (std::int64_t i = 0; i < table.size(); ++i) {
    table.read(i, fields);
    if (fields.size() <= std::max(image, label) || fields[image].empty())
      throw Error(
          fmt::format("imagenet: {}:{}: a picture and a label are needed", path, table.line(i)));
    // LOC_val_solution.csv: the wnid, then a box.
    lines.push_back({table.line(i), fields[image], core::split(fields[label], ' ')[0]});
  }
  return lines;
}

std::vector<LabelLine> read_list(const std::string& path, const std::string& text) {
  std::vector<LabelLine> lines;
  std::int64_t number = 0;
  for (const std::string& raw : core::split(text, '\n')) {
    ++number;
    const std::string_view line = core::trim(raw);
    if (line.empty()) continue;
    const std::size_t gap = line.find_last_of(" \t");
    const bool named = gap != std::string_view::npos;
    lines.push_back({number, named ? std::string(core::trim(line.substr(0, gap))) : std::string(),
                     std::string(named ? line.substr(gap + 1) : line)});
    if (lines.front().image.empty() == named)
      throw Error(fmt::format("imagenet: {}:{}: expected {}, as in the first line, received \"{}\"",
                              path, number, named ? "a label alone" : "\"image label\"", line));
  }
  return lines;
}

// The number at the end of "ILSVRC2012_val_00000017.JPEG", or 0.
std::size_t picture_number(const std::string& path) {
  const std::string stem = fs::path(path).stem().string();
  const std::size_t start = stem.find_last_not_of("0123456789") + 1;
  std::size_t number = 0;
  std::from_chars(stem.data() + start, stem.data() + stem.size(), number);
  return number;
}

class Numbers {
 public:
  Numbers(const std::string& path, const std::vector<LabelLine>& lines, const ImageNetFiles& more)
      : path_(path), devkit_(!more.devkit.empty()) {
    std::vector<std::string> seen;
    bool zero = false, named = false;
    for (const LabelLine& line : lines) {
      if (is_wnid(line.label)) seen.push_back(line.label);
      zero = zero || line.label == "0";
      named = named || !line.image.empty();
    }
    if (seen.empty() && !devkit_ && !zero && !named)
      throw Error(fmt::format(
          "imagenet: {}: its numbers are the devkit's, which has classes in an order of its own; "
          "give the devkit's data/meta.mat with `devkit`, or labels as wnids",
          path));
    if (!seen.empty() || devkit_) {
      ids_ = devkit_ ? read_devkit(more.devkit) : std::vector<std::string>();
      wnids_ = imagenet_wnids(more.wnids, devkit_ ? ids_ : seen);
    }
  }

  std::int32_t operator()(const LabelLine& line) const {
    if (is_wnid(line.label)) return place(line, line.label);
    const std::int32_t first = devkit_ ? 1 : 0;
    std::int32_t value = -1;
    const char* const end = line.label.data() + line.label.size();
    const auto [rest, error] = std::from_chars(line.label.data(), end, value);
    if (error != std::errc() || rest != end || value < first || value >= first + kImageNetClasses)
      throw Error(
          fmt::format("imagenet: {}:{}: expected a wnid or a number from {} to {}, received \"{}\"",
                      path_, line.line, first, first + kImageNetClasses - 1, line.label));
    return devkit_ ? place(line, ids_[static_cast<std::size_t>(value - 1)]) : value;
  }

 private:
  std::int32_t place(const LabelLine& line, const std::string& wnid) const {
    const auto found = std::lower_bound(wnids_.begin(), wnids_.end(), wnid);
    if (found == wnids_.end() || *found != wnid)
      throw Error(fmt::format("imagenet: {}:{}: {} is not one of the 1,000 classes", path_,
                              line.line, wnid));
    return static_cast<std::int32_t>(found - wnids_.begin());
  }

  std::string path_;
  bool devkit_;
  std::vector<std::string> ids_, wnids_;
};

// Paths of another machine become names in `root`; names without a suffix get ".JPEG".
void settle_paths(const fs::path& root, std::vector<LabelledFile>& files) {
  std::error_code unknown;
  const std::string first = files.front().path;
  const bool names = !fs::exists(root / first, unknown) && fs::path(first).has_parent_path();
  for (LabelledFile& file : files) {
    if (names) file.path = fs::path(file.path).filename().string();
    if (!fs::path(file.path).has_extension()) file.path += ".JPEG";
  }
}

}  // namespace

bool is_wnid(std::string_view text) {
  return text.size() == 9 && text[0] == 'n' &&
         text.find_first_not_of("0123456789", 1) == std::string_view::npos;
}

std::vector<std::string> imagenet_wnids(const std::string& file, std::vector<std::string> seen) {
  if (!file.empty()) {
    seen.clear();
    for (const std::string& line : core::split(core::read_file(file), '\n'))
      if (const auto start = line.substr(0, 9); is_wnid(start)) seen.push_back(start);
  }
  std::sort(seen.begin(), seen.end());
  seen.erase(std::unique(seen.begin(), seen.end()), seen.end());
  if (seen.size() != static_cast<std::size_t>(kImageNetClasses))
    throw Error(fmt::format(
        "imagenet: {} wnids {}; class numbers need all 1,000: give a file that has them at the "
        "start of its lines, such as LOC_synset_mapping.txt, with `wnids`",
        seen.size(), file.empty() ? "in the data" : "in " + file));
  return seen;
}

std::vector<LabelledFile> read_imagenet_labels(const fs::path& root, const std::string& labels,
                                               const ImageNetFiles& more) {
  const std::string text = core::read_file(labels);
  const bool table = text.substr(0, text.find('\n')).find(',') != std::string::npos;
  const auto lines = table ? read_table(labels) : read_list(labels, text);
  if (lines.empty()) throw Error(fmt::format("imagenet: {} has no labels", labels));
  const Numbers number(labels, lines, more);
  std::vector<LabelledFile> files;
  if (!lines.front().image.empty()) {
    for (const LabelLine& line : lines) files.push_back({line.image, 0, number(line)});
    settle_paths(root, files);
    return files;
  }
  list_pictures("imagenet", root, "", 0, files);
  if (files.empty())
    throw Error(
        fmt::format("imagenet: no pictures in {}, which {} is about", root.string(), labels));
  for (LabelledFile& file : files) {
    const std::size_t place = picture_number(file.path);
    if (place == 0 || place > lines.size())
      throw Error(fmt::format(
          "imagenet: {} has {} labels and none for {}; names end in the number of the label, as "
          "ILSVRC2012_val_00000001.JPEG",
          labels, lines.size(), file.path));
    file.label = number(lines[place - 1]);
  }
  return files;
}

}  // namespace theriac::data
