// ImageNet's validation set in the layouts that people have. Class numbers are places in the sorted
// order of the 1,000 wnids. The reference's labels.csv gives all pictures of class 517 the label
// 134 and all of 639 the label 638; `merge_labels: reference` does the same to any layout, so that
// accuracies can be compared with published ones.

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <charconv>

#include "data/imagenet_labels.h"
#include "data/sources.h"
#include "theriac/core/assets.h"
#include "theriac/core/error.h"
#include "theriac/core/files.h"
#include "theriac/core/log.h"
#include "theriac/core/text.h"

namespace theriac::data {
namespace {

namespace fs = std::filesystem;

enum class MergeLabels { kNone, kReference };

constexpr std::array<std::pair<std::int32_t, std::int32_t>, 2> kMerged = {{{517, 134}, {639, 638}}};

// Files of labels by the names that they have where they come from.
constexpr std::array kLabelFiles = {"labels.csv", "LOC_val_solution.csv", "val.txt",
                                    "ILSVRC2012_validation_ground_truth.txt",
                                    "imagenet_2012_validation_synset_labels.txt"};

std::vector<std::string> imagenet_names(const std::string& given) {
  const fs::path path = given.empty() ? core::asset("imagenet_classes.txt") : fs::path(given);
  std::error_code unknown;
  if (given.empty() && !fs::exists(path, unknown))
    throw Error(fmt::format(
        "imagenet: no {}; run scripts/fetch_assets.sh, or give the class names with `classes_file`",
        path.string()));
  std::vector<std::string> names;  // two names are there twice: "missile" and "sunglasses"
  for (const std::string& line : core::split(core::read_file(path), '\n'))
    if (const auto name = core::trim(line); !name.empty()) names.emplace_back(name);
  if (names.size() != static_cast<std::size_t>(kImageNetClasses))
    throw Error(fmt::format("imagenet: {} has {} class names; expected 1,000, one a line",
                            path.string(), names.size()));
  return names;
}

// The number of a folder "0" to "999" (ImageNetV2), or -1.
std::int32_t folder_number(const std::string& name) {
  std::int32_t number = -1;
  const auto [end, error] = std::from_chars(name.data(), name.data() + name.size(), number);
  const bool whole = error == std::errc() && end == name.data() + name.size();
  return whole && number >= 0 && number < kImageNetClasses ? number : -1;
}

std::vector<LabelledFile> read_class_folders(const fs::path& root, std::vector<std::string> folders,
                                             const std::string& wnids_file) {
  std::vector<LabelledFile> files;
  std::sort(folders.begin(), folders.end());
  const auto wnids =
      is_wnid(folders.front()) ? imagenet_wnids(wnids_file, folders) : std::vector<std::string>();
  for (const std::string& folder : folders) {
    const auto found = std::lower_bound(wnids.begin(), wnids.end(), folder);
    const std::int32_t label = wnids.empty() ? folder_number(folder)
                               : found != wnids.end() && *found == folder
                                   ? static_cast<std::int32_t>(found - wnids.begin())
                                   : -1;
    if (label < 0)
      throw Error(fmt::format("imagenet: {} is not a folder of one of the 1,000 classes",
                              (root / folder).string()));
    list_pictures("imagenet", root, folder, label, files);
  }
  if (files.empty())
    throw Error(fmt::format("imagenet: no pictures in the {} folders of {}", folders.size(),
                            root.string()));
  return files;
}

// A file that is merged already cannot be taken apart again.
void warn_of_merged(const std::vector<LabelledFile>& files, const std::string& path) {
  std::array<int, kImageNetClasses> count{};
  for (const LabelledFile& file : files) ++count[static_cast<std::size_t>(file.label)];
  const bool merged = std::all_of(kMerged.begin(), kMerged.end(), [&](const auto& pair) {
    return count[static_cast<std::size_t>(pair.first)] == 0 &&
           count[static_cast<std::size_t>(pair.second)] == 100;
  });
  if (merged)
    core::warn(
        "imagenet: {} labels classes 517 and 639 as 134 and 638, as the reference's labels.csv "
        "does; accuracies are comparable with published ones and up to 0.2 points off",
        path);
}

class ImageNetConfig final : public SourceConfig {
 public:
  void describe(config::Fields& fields) override {
    fields.path("path", path_,
                "folder of the pictures: one sub-folder per wnid (or 0 to 999), or flat with a "
                "file of labels",
                config::Need::kRequired);
    fields.path("labels", labels_,
                "file of labels: a table image,label, lines \"image label\", or a label a line; "
                "default: labels.csv and other usual names in `path`, else sub-folders");
    fields.path("devkit", files_.devkit,
                "the devkit's meta.mat, for the numbers of ILSVRC2012_validation_ground_truth.txt");
    fields.path("wnids", files_.wnids,
                "file with all wnids at the start of its lines, needed where the data has some of "
                "the classes only");
    fields.path("classes_file", classes_file_,
                "1,000 class names, one a line; default: what scripts/fetch_assets.sh fetched");
    fields.choice("merge_labels", merge_,
                  "reference: class 517 counts as 134 and 639 as 638, as in the paper's labels.csv",
                  {{"none", MergeLabels::kNone}, {"reference", MergeLabels::kReference}});
    fields.value("caption", caption_, "caption of each picture, {} is the class");
  }

  std::shared_ptr<const Source> build(const SourceContext&) const override {
    auto names = imagenet_names(classes_file_);
    const std::string labels = labels_.empty() ? find_labels() : labels_;
    std::vector<LabelledFile> files = labels.empty()
                                          ? read_class_folders(path_, class_folders(), files_.wnids)
                                          : read_imagenet_labels(path_, labels, files_);
    if (merge_ == MergeLabels::kReference)
      for (LabelledFile& file : files)
        for (const auto& [from, to] : kMerged)
          if (file.label == from) file.label = to;
    if (merge_ == MergeLabels::kNone) warn_of_merged(files, labels.empty() ? path_ : labels);
    return std::make_shared<LabelledFiles>(path_, std::move(files), std::move(names), caption_);
  }

 private:
  std::string find_labels() const {
    std::error_code unknown;
    for (const char* name : kLabelFiles)
      if (fs::exists(fs::path(path_) / name, unknown)) return (fs::path(path_) / name).string();
    return {};
  }

  std::vector<std::string> class_folders() const {
    std::vector<std::string> folders = list_folders("imagenet", path_);
    std::erase_if(folders,
                  [](const auto& name) { return !is_wnid(name) && folder_number(name) < 0; });
    if (folders.empty())
      throw Error(fmt::format(
          "imagenet: {} has neither sub-folders named by wnids (n01440764) or numbers nor a file "
          "of labels ({}); give the file with `labels`",
          path_, fmt::join(kLabelFiles, ", ")));
    return folders;
  }

  std::string path_, labels_, classes_file_;
  ImageNetFiles files_;
  MergeLabels merge_ = MergeLabels::kNone;
  std::string caption_ = "a photo of a {}";
};

}  // namespace

config::Entry<SourceConfig> imagenet() {
  return config::entry<SourceConfig, ImageNetConfig>(
      "imagenet", "ImageNet's validation pictures with their 1,000 classes");
}

}  // namespace theriac::data
