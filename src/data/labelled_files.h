#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include "theriac/data/source.h"

namespace theriac::data {

struct LabelledFile {
  std::string path;  // below the root of the source
  std::uint64_t bytes;
  std::int32_t label;
};

// The names of the sub-folders of `root` that are not hidden, in no order. Throws Error.
std::vector<std::string> list_folders(std::string_view tag, const std::filesystem::path& root);

// Appends the .jpg, .jpeg, .png, .webp and .bmp files of root/folder, by name. Throws Error.
void list_pictures(std::string_view tag, const std::filesystem::path& root,
                   const std::string& folder, std::int32_t label, std::vector<LabelledFile>& files);

// Pictures in files of their own, each of one class; captions are made from the classes.
class LabelledFiles final : public Source {
 public:
  LabelledFiles(std::filesystem::path root, std::vector<LabelledFile> files,
                std::vector<std::string> classes, std::string caption);
  std::int64_t size() const override { return static_cast<std::int64_t>(files_.size()); }
  const std::vector<std::string>& classes() const override { return classes_; }
  std::string where(std::int64_t index) const override;
  Row row(std::int64_t index) const override;
  Sample get(std::int64_t index) const override;

 private:
  std::filesystem::path root_;
  std::vector<LabelledFile> files_;
  std::vector<std::string> classes_;
  std::string caption_;
};

}  // namespace theriac::data
