#include "testing/synthetic.h"

#include <opencv2/core.hpp>
#include <string>
#include <vector>

#include "theriac/config/document.h"
#include "theriac/core/random.h"

namespace theriac::testing {

namespace {

class Synthetic final : public data::Source {
 public:
  Synthetic(std::int64_t count, int side) : count_(count), side_(side) {}
  std::int64_t size() const override { return count_; }
  data::Row row(std::int64_t index) const override {
    const auto label = index % static_cast<std::int64_t>(classes_.size());
    return {.key = std::to_string(index),
            .caption = "a photo of a " + classes_[static_cast<std::size_t>(label)],
            .label = label};
  }
  data::Sample get(std::int64_t index) const override {
    data::Sample sample{.row = row(index)};
    sample.pixels.create(side_, side_, CV_8UC3);
    core::stream(2, "synthetic", 0, static_cast<std::uint64_t>(index))
        .fill_bytes(sample.pixels.data, sample.pixels.total() * 3);
    return sample;
  }
  const std::vector<std::string>& classes() const override { return classes_; }
  std::string where(std::int64_t index) const override {
    return "picture " + std::to_string(index);
  }

 private:
  std::int64_t count_;
  int side_;
  std::vector<std::string> classes_ = {"banana", "apple", "car", "owl"};
};

class Bytes final : public text::Tokenizer {
 public:
  std::vector<std::int32_t> encode(std::string_view text, int context) const override {
    std::vector<std::int32_t> ids = {start_id()};
    for (const char c : text.substr(0, static_cast<std::size_t>(context - 2)))
      ids.push_back(3 + static_cast<unsigned char>(c));
    ids.push_back(end_id());
    return ids;
  }
  std::vector<std::string> pieces(std::string_view text) const override {
    std::vector<std::string> result;
    for (const char c : text) result.emplace_back(1, c);
    return result;
  }
  int vocabulary() const override { return 259; }
  int start_id() const override { return 1; }
  int end_id() const override { return 2; }
  int pad_id() const override { return 0; }
  std::string serialise() const override { return "bytes"; }
  std::string id() const override { return "bytes"; }
};

}  // namespace

std::shared_ptr<const data::Source> synthetic_source(std::int64_t count, int side) {
  return std::make_shared<Synthetic>(count, side);
}

std::shared_ptr<const text::Tokenizer> byte_tokenizer() { return std::make_shared<Bytes>(); }

std::shared_ptr<model::Clip> synthetic_model() {
  model::ModelConfig config;
  config::read(
      config::Document::parse("{preset: tiny_vit, image_size: 32, embedding: 16,"
                              " image: {type: vit, width: 16, layers: 1, heads: 2, patch: 16},"
                              " text: {width: 16, heads: 2, layers: 1, context: 32}}",
                              "synthetic model"),
      config);
  return std::make_shared<model::Clip>(config, 259, 2, 1);
}

}  // namespace theriac::testing
