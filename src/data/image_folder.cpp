#include <fmt/format.h>

#include <algorithm>
#include <map>

#include "data/class_list.h"
#include "data/labelled_files.h"
#include "data/sources.h"
#include "theriac/core/error.h"

namespace theriac::data {
namespace {

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

std::string name_of(const std::string& folder, const std::map<std::string, std::string>& names,
                    const std::string& classes_file) {
  if (classes_file.empty()) {
    std::string name = repair_utf8(folder);
    std::replace(name.begin(), name.end(), '_', ' ');
    return name;
  }
  const auto found = names.find(folder);
  if (found == names.end())
    throw Error(
        fmt::format("image_folder: folder \"{}\" is not named in {}", folder, classes_file));
  return found->second;
}

class ImageFolderConfig final : public SourceConfig {
 public:
  void describe(config::Fields& fields) override {
    fields.path("path", path_, "folder with one sub-folder per class", config::Need::kRequired);
    fields.path("classes_file", classes_file_,
                "lines \"folder class name\"; default: the folders' names, _ for a space");
    fields.value("caption", caption_, "caption of each picture, {} is the class");
  }
  std::shared_ptr<const Source> build(const SourceContext&) const override {
    std::vector<std::string> folders = list_folders("image_folder", path_);
    if (folders.empty())
      throw Error(fmt::format("image_folder: {} has no sub-folders; one folder per class is needed",
                              path_));
    sort_folders(folders);
    const auto names =
        classes_file_.empty() ? std::map<std::string, std::string>() : read_names(classes_file_);
    std::vector<std::string> classes;
    std::vector<LabelledFile> files;
    for (const std::string& folder : folders) {
      const auto label = static_cast<std::int32_t>(classes.size());
      classes.push_back(name_of(folder, names, classes_file_));
      list_pictures("image_folder", path_, folder, label, files);
    }
    if (files.empty())
      throw Error(
          fmt::format("image_folder: no .jpg, .jpeg, .png, .webp or .bmp in the {} folders of {}",
                      folders.size(), path_));
    return std::make_shared<LabelledFiles>(path_, std::move(files), std::move(classes), caption_);
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
