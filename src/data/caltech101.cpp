// Caltech-101: a folder of pictures for each of 101 objects and BACKGROUND_Google, 102 in all.
// The reference counts all 102 as classes (its linear probe has 102 outputs). Class numbers are
// places in the sorted order of the folders' names, upper case first; without the background the
// rest keeps that order.

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>

#include "data/class_list.h"
#include "data/labelled_files.h"
#include "data/sources.h"
#include "theriac/core/error.h"
#include "theriac/core/text.h"

namespace theriac::data {
namespace {

enum class Background { kKeep, kDrop };

constexpr const char* kBackgroundFolder = "BACKGROUND_Google";

// "Faces_easy" -> "faces easy", "BACKGROUND_Google" -> "background".
std::string spoken(const std::string& folder) {
  if (folder == kBackgroundFolder) return "background";
  std::string name = core::lower_ascii(repair_utf8(folder));
  std::replace(name.begin(), name.end(), '_', ' ');
  return name;
}

class Caltech101Config final : public SourceConfig {
 public:
  void describe(config::Fields& fields) override {
    fields.path("path", path_, "101_ObjectCategories, or the folder that holds it",
                config::Need::kRequired);
    fields.choice("background", background_,
                  "BACKGROUND_Google: keep: a class of its own, 102 in all, as in the reference; "
                  "drop: left out",
                  {{"keep", Background::kKeep}, {"drop", Background::kDrop}});
    fields.value("caption", caption_, "caption of each picture, {} is the class");
  }

  std::shared_ptr<const Source> build(const SourceContext&) const override {
    std::error_code unknown;
    std::filesystem::path root = path_;
    if (std::filesystem::is_directory(root / "101_ObjectCategories", unknown))
      root /= "101_ObjectCategories";
    std::vector<std::string> folders = list_folders("caltech101", root);
    std::sort(folders.begin(), folders.end());
    const auto found = std::find(folders.begin(), folders.end(), kBackgroundFolder);
    if (background_ == Background::kKeep && found == folders.end())
      throw Error(fmt::format(
          "caltech101: no {} in {}; give 101_ObjectCategories, or set `background: drop`",
          kBackgroundFolder, root.string()));
    if (background_ == Background::kDrop && found != folders.end()) folders.erase(found);
    const std::size_t expected = background_ == Background::kKeep ? 102 : 101;
    if (folders.size() != expected)
      throw Error(fmt::format(
          "caltech101: {} has {} folders of classes; expected {}. For a part of the set use "
          "`type: image_folder`",
          root.string(), folders.size(), expected));
    std::vector<std::string> classes;
    std::vector<LabelledFile> files;
    for (const std::string& folder : folders) {
      const std::size_t before = files.size();
      list_pictures("caltech101", root, folder, static_cast<std::int32_t>(classes.size()), files);
      if (files.size() == before)
        throw Error(fmt::format("caltech101: no pictures in {}", (root / folder).string()));
      classes.push_back(spoken(folder));
    }
    return std::make_shared<LabelledFiles>(root, std::move(files), std::move(classes), caption_);
  }

 private:
  std::string path_;
  Background background_ = Background::kKeep;
  std::string caption_ = "a photo of a {}";
};

}  // namespace

config::Entry<SourceConfig> caltech101() {
  return config::entry<SourceConfig, Caltech101Config>(
      "caltech101", "Caltech-101: pictures of 101 objects and a background");
}

}  // namespace theriac::data
