#include "data/caption_files.h"

#include <fmt/format.h>

#include <nlohmann/json.hpp>
#include <optional>
#include <unordered_map>

#include "data/class_list.h"
#include "theriac/core/error.h"
#include "theriac/core/text.h"

namespace theriac::data {
namespace {

using nlohmann::json;

// What an object or array of the file is.
enum class Place {
  kOther,
  kRoot,
  kImages,
  kImage,
  kSentences,
  kSentence,
  kAnnotations,
  kAnnotation
};

struct Image {
  std::string filename, filepath, file_name, split;
  std::optional<std::int64_t> id;
  bool has_sentences = false, has_split = false;
  std::vector<std::string> captions;
};

struct Annotation {
  std::optional<std::int64_t> image;
  std::optional<std::string> caption;
};

class Handler final : public json::json_sax_t {
 public:
  Handler(const std::string& name, const CaptionFileOptions& options)
      : name_(name), options_(options) {}

  bool null() override { return true; }
  bool boolean(bool) override { return true; }
  bool number_integer(number_integer_t value) override { return number(value); }
  bool number_unsigned(number_unsigned_t value) override {
    return number(static_cast<std::int64_t>(value));
  }
  bool number_float(number_float_t, const string_t&) override { return true; }
  bool binary(binary_t&) override { return true; }

  bool string(string_t& value) override {
    switch (top()) {
      case Place::kImage:
        if (key_ == "filename") image_.filename = std::move(value);
        if (key_ == "filepath") image_.filepath = std::move(value);
        if (key_ == "file_name") image_.file_name = std::move(value);
        if (key_ == "split") {
          image_.split = std::move(value);
          image_.has_split = true;
        }
        break;
      case Place::kSentence:
        if (key_ == "raw" && image_.captions.size() < options_.captions_per_image)
          image_.captions.emplace_back(core::trim(value));
        break;
      case Place::kAnnotation:
        if (key_ == "caption") annotation_.caption = core::trim(value);
        break;
      default:
        break;
    }
    return true;
  }

  bool key(string_t& value) override {
    key_ = std::move(value);
    if (top() == Place::kRoot) root_keys_.push_back(key_);
    return true;
  }

  bool start_object(std::size_t) override {
    Place place = Place::kOther;
    if (places_.empty()) place = Place::kRoot;
    if (top() == Place::kImages) place = Place::kImage;
    if (top() == Place::kSentences) place = Place::kSentence;
    if (top() == Place::kAnnotations) place = Place::kAnnotation;
    if (place == Place::kImage) image_ = {};
    if (place == Place::kAnnotation) annotation_ = {};
    places_.push_back(place);
    return true;
  }

  bool end_object() override {
    const Place place = top();
    places_.pop_back();
    if (place == Place::kImage) finish_image();
    if (place == Place::kAnnotation) finish_annotation();
    return true;
  }

  bool start_array(std::size_t) override {
    Place place = Place::kOther;
    if (top() == Place::kRoot && key_ == "images") place = Place::kImages;
    if (top() == Place::kRoot && key_ == "annotations") place = Place::kAnnotations;
    if (top() == Place::kImage && key_ == "sentences") {
      place = Place::kSentences;
      image_.has_sentences = true;
    }
    places_.push_back(place);
    return true;
  }

  bool end_array() override {
    places_.pop_back();
    return true;
  }

  bool parse_error(std::size_t position, const std::string&,
                   const json::exception& error) override {
    std::string_view words = error.what();  // "[json.exception.parse_error.101] parse error at ..."
    words.remove_prefix(std::min(words.find("] ") + 2, words.size()));
    throw Error(fmt::format("retrieval: {} is not JSON, at byte {}: {}", name_, position,
                            repair_utf8(words.substr(0, 300))));
  }

  CaptionFile finish() {
    if (karpathy_ == coco_) refuse_shape();
    if (coco_) join_annotations();
    return std::move(result_);
  }

 private:
  Place top() const { return places_.empty() ? Place::kOther : places_.back(); }

  bool number(std::int64_t value) {
    if (top() == Place::kImage && key_ == "id") image_.id = value;
    if (top() == Place::kAnnotation && key_ == "image_id") annotation_.image = value;
    return true;
  }

  void finish_image() {
    ++images_;
    if (image_.has_sentences && image_.has_split && !image_.filename.empty()) {
      karpathy_ = true;
      ++result_.splits[image_.split];
      if (!options_.wanted(image_.split)) return;
      add(image_.filepath.empty() ? image_.filename : image_.filepath + "/" + image_.filename,
          std::move(image_.captions));
    } else if (image_.id && !image_.file_name.empty()) {
      coco_images_.emplace_back(*image_.id, std::move(image_.file_name));
    } else {
      throw Error(fmt::format(
          "retrieval: {}: picture {} of `images` has neither `filename`, `split` and `sentences` "
          "(Karpathy) nor `id` and `file_name` (COCO)",
          name_, images_));
    }
  }

  void finish_annotation() {
    if (!annotation_.image || !annotation_.caption) return;
    coco_ = true;
    auto& captions = captions_of_[*annotation_.image];
    if (captions.size() < options_.captions_per_image)
      captions.push_back(std::move(*annotation_.caption));
  }

  void add(std::string path, std::vector<std::string> captions) {
    if (captions.empty())
      ++result_.without_captions;
    else
      result_.pictures.push_back({std::move(path), std::move(captions)});
  }

  void join_annotations() {
    for (auto& [id, path] : coco_images_) {
      auto found = captions_of_.extract(id);
      add(std::move(path), found ? std::move(found.mapped()) : std::vector<std::string>());
    }
    if (!captions_of_.empty())
      throw Error(fmt::format(
          "retrieval: {}: a caption belongs to image_id {}, which `images` does not list once",
          name_, captions_of_.begin()->first));
  }

  [[noreturn]] void refuse_shape() const {
    throw Error(fmt::format(
        "retrieval: {} is JSON of another kind ({}); expected a Karpathy file, {}, or COCO's "
        "captions, {}",
        name_,
        root_keys_.empty() ? "no object with keys"
                           : "its keys are " + repair_utf8(core::join(root_keys_, ", ")),
        R"({"images": [{"filename", "split", "sentences": [{"raw"}]}]})",
        R"({"images": [{"id", "file_name"}], "annotations": [{"image_id", "caption"}]})"));
  }

  const std::string& name_;
  const CaptionFileOptions& options_;
  std::vector<Place> places_;
  std::string key_;
  std::vector<std::string> root_keys_;
  Image image_;
  Annotation annotation_;
  std::int64_t images_ = 0;
  bool karpathy_ = false, coco_ = false;
  std::vector<std::pair<std::int64_t, std::string>> coco_images_;
  std::unordered_map<std::int64_t, std::vector<std::string>> captions_of_;
  CaptionFile result_;
};

}  // namespace

CaptionFile read_caption_file(std::string_view json, const std::string& name,
                              const CaptionFileOptions& options) {
  Handler handler(name, options);
  nlohmann::json::sax_parse(json.begin(), json.end(), &handler);
  return handler.finish();
}

}  // namespace theriac::data
