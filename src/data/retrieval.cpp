// Image-text retrieval sets: every caption of a picture is a sample, neighbours share the picture.
// Splits: Karpathy and Fei-Fei 2015, "Deep Visual-Semantic Alignments for Generating Image
// Descriptions"; training uses `train` and `restval` together.

#include <fmt/format.h>

#include <filesystem>

#include "data/caption_files.h"
#include "data/mapped_file.h"
#include "data/sources.h"
#include "theriac/core/error.h"
#include "theriac/core/log.h"

namespace theriac::data {
namespace {

namespace fs = std::filesystem;

enum class RetrievalSplit { kAuto, kTrain, kVal, kTest, kAll };

bool has(RetrievalSplit split, std::string_view name) {
  switch (split) {
    case RetrievalSplit::kTrain:
      return name == "train" || name == "restval";
    case RetrievalSplit::kVal:
      return name == "val";
    case RetrievalSplit::kAll:
      return true;
    default:
      return name == "test";
  }
}

struct RetrievalSettings {
  std::string path, root;
  RetrievalSplit split = RetrievalSplit::kAuto;
  std::int64_t captions_per_image = 5;
  std::optional<std::int64_t> limit;
};

CaptionFile read_set(const RetrievalSettings& settings, std::string_view json) {
  const CaptionFileOptions options{
      .wanted = [&](std::string_view name) { return has(settings.split, name); },
      .captions_per_image = static_cast<std::size_t>(settings.captions_per_image)};
  CaptionFile file = read_caption_file(json, settings.path, options);
  if (file.splits.empty() && settings.split != RetrievalSplit::kAuto &&
      settings.split != RetrievalSplit::kAll)
    throw Error(fmt::format(
        "retrieval: {} has COCO's form, a file per split; leave `split` out and give the file of "
        "the split",
        settings.path));
  if (file.pictures.empty()) {
    std::string splits;
    for (const auto& [name, count] : file.splits)
      splits += fmt::format("{}{} ({} pictures)", splits.empty() ? "" : ", ", name, count);
    throw Error(fmt::format("retrieval: {} has no picture with captions{}", settings.path,
                            splits.empty() ? "" : " in this `split`; its splits are: " + splits));
  }
  if (file.without_captions > 0)
    core::info("retrieval: {}: {} pictures have no captions and are left out", settings.path,
               file.without_captions);
  if (settings.limit && file.pictures.size() > static_cast<std::size_t>(*settings.limit))
    file.pictures.resize(static_cast<std::size_t>(*settings.limit));
  return file;
}

class RetrievalSource final : public Source {
 public:
  explicit RetrievalSource(const RetrievalSettings& settings)
      : name_(fs::path(settings.path).filename().string()),
        root_(settings.root.empty() ? fs::path(settings.path).parent_path()
                                    : fs::path(settings.root)) {
    const MappedFile file("retrieval", settings.path);
    pictures_ = read_set(settings, file.text()).pictures;
    for (std::size_t i = 0; i < pictures_.size(); ++i)
      for (std::size_t j = 0; j < pictures_[i].captions.size(); ++j)
        pairs_.push_back({static_cast<std::uint32_t>(i), static_cast<std::uint32_t>(j)});
  }

  std::int64_t size() const override { return static_cast<std::int64_t>(pairs_.size()); }
  const std::vector<std::string>& classes() const override { return classes_; }
  std::string where(std::int64_t index) const override {
    const Pair& pair = pairs_[static_cast<std::size_t>(index)];
    return fmt::format("{}: {}, caption {}", name_, pictures_[pair.picture].path, pair.caption + 1);
  }
  Row row(std::int64_t index) const override {
    const Pair& pair = pairs_[static_cast<std::size_t>(index)];
    const CaptionedPicture& picture = pictures_[pair.picture];
    return {.key = picture.path, .caption = picture.captions[pair.caption]};
  }
  Sample get(std::int64_t index) const override {
    Sample sample;
    sample.row = row(index);
    if (sample.row.caption.empty())
      sample.bad = Bad::kEmptyCaption;
    else
      sample.bad = read_picture(root_ / sample.row.key, sample.encoded, sample.detail);
    return sample;
  }

 private:
  struct Pair {
    std::uint32_t picture, caption;
  };
  std::string name_;
  fs::path root_;
  std::vector<CaptionedPicture> pictures_;
  std::vector<Pair> pairs_;
  std::vector<std::string> classes_;
};

class RetrievalSourceConfig final : public SourceConfig {
 public:
  void describe(config::Fields& fields) override {
    fields.path("path", settings_.path,
                "the JSON file: Karpathy's dataset_coco.json or dataset_flickr30k.json, or COCO's "
                "captions_val2014.json, captions_val2017.json",
                config::Need::kRequired);
    fields.path("root", settings_.root,
                "folder of the pictures (Karpathy's COCO: the one with train2014 and val2014); "
                "default: the file's own");
    fields.choice("split", settings_.split,
                  "of a Karpathy file: auto is test, train has restval in it; COCO's files are one "
                  "split each",
                  {{"auto", RetrievalSplit::kAuto},
                   {"train", RetrievalSplit::kTrain},
                   {"val", RetrievalSplit::kVal},
                   {"test", RetrievalSplit::kTest},
                   {"all", RetrievalSplit::kAll}});
    fields.value("captions_per_image", settings_.captions_per_image,
                 "the first so many captions of each picture", {1, 1000});
    fields.value("limit", settings_.limit, "only the first so many pictures", {1, 1e12});
  }
  std::shared_ptr<const Source> build(const SourceContext&) const override {
    return std::make_shared<RetrievalSource>(settings_);
  }

 private:
  RetrievalSettings settings_;
};

}  // namespace

config::Entry<SourceConfig> retrieval() {
  return config::entry<SourceConfig, RetrievalSourceConfig>(
      "retrieval", "pictures with several captions each: COCO and Flickr30k as JSON");
}

}  // namespace theriac::data
