#include <fmt/format.h>

#include <algorithm>
#include <filesystem>
#include <map>

#include "data/class_list.h"
#include "data/mapped_file.h"
#include "data/sources.h"
#include "theriac/core/error.h"
#include "theriac/core/text.h"
#include "theriac/data/prompts.h"

namespace theriac::data {
namespace {

namespace fs = std::filesystem;

bool is_picture(const fs::path& path) {
  const std::string extension = core::lower_ascii(path.extension().string());
  for (const char* known : {".jpg", ".jpeg", ".png", ".webp", ".bmp"})
    if (extension == known) return !path.filename().string().starts_with(".");
  return false;
}

// By name; folders that are all numbers (ImageNetV2) by number: "10" comes after "2".
void sort_folders(std::vector<std::string>& names) {
  const auto is_number = [](const std::string& name) {
    return name.find_first_not_of("0123456789") == std::string::npos;
  };
  if (std::all_of(names.begin(), names.end(), is_number))
    std::sort(names.begin(), names.end(), [](const auto& a, const auto& b) {
      return std::make_pair(a.size(), a) < std::make_pair(b.size(), b);
    });
  else
    std::sort(names.begin(), names.end());
}

// Lines "folder class name"; a comma or a tab may stand between.
std::map<std::string, std::string> read_names(const std::string& path) {
  std::map<std::string, std::string> names;
  for (const std::string& line : read_lines("image_folder", path)) {
    const std::size_t end = line.find_first_of("\t, ");
    const std::size_t start = line.find_first_not_of("\t, ", end);
    if (start == std::string::npos)
      throw Error(fmt::format(
          "image_folder: {}: expected \"folder class name\" on each line, received \"{}\"", path,
          line));
    names[line.substr(0, end)] = line.substr(start);
  }
  return names;
}

class ImageFolder final : public Source {
 public:
  ImageFolder(const std::string& path, const std::string& classes_file, std::string caption)
      : path_(path), caption_(std::move(caption)) {
    std::error_code error;
    std::vector<std::string> folders;
    for (fs::directory_iterator it(path_, error), end; !error && it != end; it.increment(error))
      if (it->is_directory() && !it->path().filename().string().starts_with("."))
        folders.push_back(it->path().filename().string());
    if (error) throw Error(fmt::format("image_folder: cannot read {}: {}", path, error.message()));
    if (folders.empty())
      throw Error(
          fmt::format("image_folder: {} has no sub-folders; one folder per class is needed", path));
    sort_folders(folders);
    const auto names =
        classes_file.empty() ? std::map<std::string, std::string>() : read_names(classes_file);
    for (const std::string& folder : folders) add_class(folder, names, classes_file);
    if (items_.empty())
      throw Error(
          fmt::format("image_folder: no .jpg, .jpeg, .png, .webp or .bmp in the {} folders of {}",
                      folders.size(), path));
  }

  std::int64_t size() const override { return static_cast<std::int64_t>(items_.size()); }
  const std::vector<std::string>& classes() const override { return classes_; }
  std::string where(std::int64_t index) const override { return key(item(index)); }
  Row row(std::int64_t index) const override {
    const Item& it = item(index);
    return {key(it), fill(caption_, classes_[it.label]), static_cast<std::int64_t>(it.label),
            it.bytes};
  }
  Sample get(std::int64_t index) const override {
    Sample sample;
    sample.row = row(index);
    const Item& it = item(index);
    sample.bad = read_picture(path_ / folders_[it.label] / it.name, sample.encoded, sample.detail);
    return sample;
  }

 private:
  struct Item {
    std::string name;
    std::uint64_t bytes;
    std::uint32_t label;
  };

  const Item& item(std::int64_t index) const { return items_[static_cast<std::size_t>(index)]; }
  std::string key(const Item& it) const { return repair_utf8(folders_[it.label] + "/" + it.name); }

  void add_class(const std::string& folder, const std::map<std::string, std::string>& names,
                 const std::string& classes_file) {
    std::string name = repair_utf8(folder);
    std::replace(name.begin(), name.end(), '_', ' ');
    if (!classes_file.empty()) {
      const auto found = names.find(folder);
      if (found == names.end())
        throw Error(
            fmt::format("image_folder: folder \"{}\" is not named in {}", folder, classes_file));
      name = found->second;
    }
    const auto label = static_cast<std::uint32_t>(classes_.size());
    classes_.push_back(std::move(name));
    folders_.push_back(folder);
    const std::size_t first = items_.size();
    std::error_code error;
    for (fs::directory_iterator it(path_ / folder, error), end; !error && it != end;
         it.increment(error)) {
      if (!is_picture(it->path())) continue;
      std::error_code unknown;  // a broken link: get() says so
      const std::uintmax_t bytes = it->file_size(unknown);
      items_.push_back({it->path().filename().string(), unknown ? 0 : bytes, label});
    }
    if (error)
      throw Error(fmt::format("image_folder: cannot read {}: {}", (path_ / folder).string(),
                              error.message()));
    std::sort(items_.begin() + static_cast<std::ptrdiff_t>(first), items_.end(),
              [](const Item& a, const Item& b) { return a.name < b.name; });
  }

  fs::path path_;
  std::string caption_;
  std::vector<std::string> classes_, folders_;
  std::vector<Item> items_;
};

class ImageFolderConfig final : public SourceConfig {
 public:
  void describe(config::Fields& fields) override {
    fields.path("path", path_, "folder with one sub-folder per class", config::Need::kRequired);
    fields.path("classes_file", classes_file_,
                "lines \"folder class name\"; default: the folders' names, _ for a space");
    fields.value("caption", caption_, "caption of each picture, {} is the class");
  }
  std::shared_ptr<const Source> build(const SourceContext&) const override {
    return std::make_shared<ImageFolder>(path_, classes_file_, caption_);
  }

 private:
  std::string path_, classes_file_;
  std::string caption_ = "a photo of a {}";
};

}  // namespace

config::Entry<SourceConfig> image_folder() {
  return config::entry<SourceConfig, ImageFolderConfig>(
      "image_folder", "a folder with one sub-folder of pictures per class");
}

}  // namespace theriac::data
