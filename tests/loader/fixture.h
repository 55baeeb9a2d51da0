#pragma once

#include <torch/types.h>

#include <memory>
#include <opencv2/core.hpp>
#include <string>
#include <utility>
#include <vector>

#include "poison/memory_source.h"
#include "theriac/config/document.h"
#include "theriac/loader/loader.h"

namespace theriac::testing {

inline loader::LoaderConfig settings(std::int64_t workers, std::int64_t cache_mib = 1) {
  loader::LoaderConfig config;
  config.workers = workers;
  config.cache_mib = cache_mib;
  return config;
}

// One id a letter, so that tests can read captions back.
class LetterTokenizer final : public text::Tokenizer {
 public:
  std::vector<std::int32_t> encode(std::string_view text, int context) const override {
    std::vector<std::int32_t> ids{2};
    for (const char c : text.substr(0, static_cast<std::size_t>(context - 2)))
      ids.push_back(static_cast<unsigned char>(c));
    ids.push_back(3);
    return ids;
  }
  std::vector<std::string> pieces(std::string_view text) const override {
    return {std::string(text)};
  }
  int vocabulary() const override { return 256; }
  int start_id() const override { return 2; }
  int end_id() const override { return 3; }
  int pad_id() const override { return 0; }
  std::string serialise() const override { return "letters"; }
  std::string id() const override { return "letters"; }
};

inline std::string text_of(const torch::Tensor& tokens, std::int64_t row) {
  std::string text;
  for (std::int64_t i = 0; i < tokens.size(1); ++i) {
    const auto id = tokens[row][i].item<std::int64_t>();
    if (id > 3) text += static_cast<char>(id);
  }
  return text;
}

inline std::string bytes_of(const torch::Tensor& tensor) {
  if (!tensor.defined()) return "undefined";
  const auto flat = tensor.contiguous();
  return {static_cast<const char*>(flat.const_data_ptr()), flat.nbytes()};
}

inline loader::Dataset poisoned_dataset(std::shared_ptr<MemorySource> source,
                                        std::int64_t poisons) {
  poison::PoisonConfig config;
  config::read(config::Document::parse(
                   "{target: banana, trigger: {type: random_patch, size: 6, noise: binary}}", "t"),
               config);
  config.count = poisons;
  auto plan = std::make_shared<poison::Plan>(poison::make_plan(config, 5, *source));
  return {.source = std::move(source),
          .tokenizer = std::make_shared<LetterTokenizer>(),
          .plan = std::move(plan),
          .trigger = config.trigger->build(),
          .image_size = 16,
          .context = 40};
}

}  // namespace theriac::testing
