// CIFAR-100, binary version: records of one byte with the coarse class, one with the fine class and
// 3 x 32 x 32 bytes, the planes of red, green and blue by rows.
// https://www.cs.toronto.edu/~kriz/cifar.html

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>

#include "data/class_list.h"
#include "data/mapped_file.h"
#include "data/sources.h"
#include "theriac/core/error.h"
#include "theriac/data/prompts.h"

namespace theriac::data {
namespace {

enum class CifarSplit { kTrain, kTest };
enum class CifarLabels { kFine, kCoarse };

constexpr int kSide = 32;
constexpr std::size_t kPlane = kSide * kSide, kRecord = 2 + 3 * kPlane;

class Cifar100 final : public Source {
 public:
  Cifar100(const std::filesystem::path& folder, CifarSplit split, CifarLabels labels,
           std::string caption)
      : split_(split == CifarSplit::kTrain ? "train" : "test"),
        path_((folder / (split_ + ".bin")).string()),
        file_("cifar100", path_),
        fine_(labels == CifarLabels::kFine),
        caption_(std::move(caption)) {
    const std::string names =
        (folder / (fine_ ? "fine_label_names.txt" : "coarse_label_names.txt")).string();
    classes_ = read_lines("cifar100", names);
    for (std::string& name : classes_) std::replace(name.begin(), name.end(), '_', ' ');
    const std::size_t expected = fine_ ? 100 : 20;
    if (classes_.size() != expected)
      throw Error(fmt::format("cifar100: {} has {} class names; expected {}", names,
                              classes_.size(), expected));
    const std::size_t bytes = file_.text().size();
    if (bytes == 0 || bytes % kRecord != 0)
      throw Error(fmt::format(
          "cifar100: {} has {} bytes, which is no whole number of records of {}; the binary "
          "version is expected, complete and decompressed",
          path_, bytes, kRecord));
    for (std::int64_t i = 0; i < size(); ++i)
      if (label(i) >= static_cast<std::int64_t>(expected))
        throw Error(fmt::format("cifar100: {}: picture {} has class {}; expected 0 to {}", path_, i,
                                label(i), expected - 1));
  }

  std::int64_t size() const override {
    return static_cast<std::int64_t>(file_.text().size() / kRecord);
  }
  const std::vector<std::string>& classes() const override { return classes_; }
  std::string where(std::int64_t index) const override {
    return fmt::format("{}.bin: picture {}", split_, index);
  }
  Row row(std::int64_t index) const override {
    const std::int64_t number = label(index);
    return {fmt::format("{}/{:05}", split_, index),
            fill(caption_, classes_[static_cast<std::size_t>(number)]), number, 3 * kPlane};
  }
  Sample get(std::int64_t index) const override {
    Sample sample;
    sample.row = row(index);
    sample.pixels.create(kSide, kSide, CV_8UC3);
    const char* const planes = record(index) + 2;
    for (std::size_t i = 0; i < 3 * kPlane; ++i)
      sample.pixels.data[i] = static_cast<std::uint8_t>(planes[i % 3 * kPlane + i / 3]);
    return sample;
  }

 private:
  const char* record(std::int64_t index) const {
    return file_.text().data() + static_cast<std::size_t>(index) * kRecord;
  }
  std::int64_t label(std::int64_t index) const {
    return static_cast<unsigned char>(record(index)[fine_ ? 1 : 0]);
  }

  std::string split_, path_;
  MappedFile file_;
  bool fine_;
  std::string caption_;
  std::vector<std::string> classes_;
};

class Cifar100Config final : public SourceConfig {
 public:
  void describe(config::Fields& fields) override {
    fields.path("path", path_,
                "folder of the binary version: train.bin, test.bin, fine_label_names.txt",
                config::Need::kRequired);
    fields.choice("split", split_, "which pictures",
                  {{"train", CifarSplit::kTrain}, {"test", CifarSplit::kTest}});
    fields.choice("labels", labels_, "the 100 fine classes or the 20 coarse ones",
                  {{"fine", CifarLabels::kFine}, {"coarse", CifarLabels::kCoarse}});
    fields.value("caption", caption_, "caption of each picture, {} is the class");
  }
  std::shared_ptr<const Source> build(const SourceContext&) const override {
    return std::make_shared<Cifar100>(path_, split_, labels_, caption_);
  }

 private:
  std::string path_;
  CifarSplit split_ = CifarSplit::kTest;
  CifarLabels labels_ = CifarLabels::kFine;
  std::string caption_ = "a photo of a {}";
};

}  // namespace

config::Entry<SourceConfig> cifar100() {
  return config::entry<SourceConfig, Cifar100Config>(
      "cifar100", "CIFAR-100 from its binary version: 32 x 32 pixels, 100 classes");
}

}  // namespace theriac::data
