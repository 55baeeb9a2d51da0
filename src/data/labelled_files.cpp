#include "data/labelled_files.h"

#include <fmt/format.h>

#include <algorithm>

#include "data/class_list.h"
#include "data/mapped_file.h"
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

template <class Visit>
void each_entry(std::string_view tag, const fs::path& folder, Visit visit) {
  std::error_code error;
  for (fs::directory_iterator it(folder, error), end; !error && it != end; it.increment(error))
    visit(*it);
  if (error)
    throw Error(fmt::format("{}: cannot read {}: {}", tag, folder.string(), error.message()));
}

}  // namespace

std::vector<std::string> list_folders(std::string_view tag, const fs::path& root) {
  std::vector<std::string> names;
  each_entry(tag, root, [&](const fs::directory_entry& entry) {
    std::error_code unknown;
    const std::string name = entry.path().filename().string();
    if (entry.is_directory(unknown) && !name.starts_with(".")) names.push_back(name);
  });
  return names;
}

void list_pictures(std::string_view tag, const fs::path& root, const std::string& folder,
                   std::int32_t label, std::vector<LabelledFile>& files) {
  const auto first = static_cast<std::ptrdiff_t>(files.size());
  each_entry(tag, root / folder, [&](const fs::directory_entry& entry) {
    if (!is_picture(entry.path())) return;
    std::error_code unknown;  // a broken link: get() says so
    const std::uintmax_t bytes = entry.file_size(unknown);
    const std::string name = entry.path().filename().string();
    files.push_back({folder.empty() ? name : folder + "/" + name, unknown ? 0 : bytes, label});
  });
  std::sort(files.begin() + first, files.end(),
            [](const LabelledFile& a, const LabelledFile& b) { return a.path < b.path; });
}

LabelledFiles::LabelledFiles(fs::path root, std::vector<LabelledFile> files,
                             std::vector<std::string> classes, std::string caption)
    : root_(std::move(root)),
      files_(std::move(files)),
      classes_(std::move(classes)),
      caption_(std::move(caption)) {}

std::string LabelledFiles::where(std::int64_t index) const {
  return repair_utf8(files_[static_cast<std::size_t>(index)].path);
}

Row LabelledFiles::row(std::int64_t index) const {
  const LabelledFile& file = files_[static_cast<std::size_t>(index)];
  return {where(index), fill(caption_, classes_[static_cast<std::size_t>(file.label)]), file.label,
          file.bytes};
}

Sample LabelledFiles::get(std::int64_t index) const {
  Sample sample;
  sample.row = row(index);
  sample.bad = read_picture(root_ / files_[static_cast<std::size_t>(index)].path, sample.encoded,
                            sample.detail);
  return sample;
}

}  // namespace theriac::data
