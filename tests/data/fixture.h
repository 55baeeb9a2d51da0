#pragma once

#include <gtest/gtest.h>
#include <stdlib.h>

#include <filesystem>
#include <fstream>
#include <memory>
#include <opencv2/core.hpp>
#include <span>
#include <string>
#include <string_view>

#include "theriac/config/document.h"
#include "theriac/core/error.h"
#include "theriac/core/hash.h"
#include "theriac/data/source.h"

namespace theriac::data {

class Folder {
 public:
  Folder() {
    std::string name = (std::filesystem::temp_directory_path() / "theriac.XXXXXX").string();
    path_ = ::mkdtemp(name.data());
  }
  ~Folder() {
    std::error_code ignored;
    std::filesystem::remove_all(path_, ignored);
  }
  Folder(const Folder&) = delete;
  Folder& operator=(const Folder&) = delete;
  std::string operator/(const std::string& name) const { return (path_ / name).string(); }
  std::string write(const std::string& name, std::string_view bytes) const {
    std::filesystem::create_directories((path_ / name).parent_path());
    std::ofstream(path_ / name, std::ios::binary) << bytes;
    return (path_ / name).string();
  }
  std::string write(const std::string& name, std::span<const std::uint8_t> bytes) const {
    return write(name, {reinterpret_cast<const char*>(bytes.data()), bytes.size()});
  }

 private:
  std::filesystem::path path_;
};

// A picture whose rows and columns all differ.
inline cv::Mat picture(int width, int height) {
  cv::Mat rgb(height, width, CV_8UC3);
  for (int y = 0; y < height; ++y)
    for (int x = 0; x < width; ++x) {
      std::uint8_t* const out = rgb.ptr(y) + 3 * x;
      out[0] = static_cast<std::uint8_t>(200 - x);
      out[1] = static_cast<std::uint8_t>(40 + y);
      out[2] = static_cast<std::uint8_t>((x + y) / 2);
    }
  return rgb;
}

struct Holder final : config::Section {
  config::Choice<SourceConfig> source{&table};
  void describe(config::Fields& fields) override {
    fields.component("source", source, "the source under test", config::Need::kRequired);
  }
};

// The source of `yaml`, a flow map: "{type: csv, path: ...}".
inline std::shared_ptr<const Source> build(const std::string& yaml,
                                           const SourceContext& context = {}) {
  Holder holder;
  config::read(config::Document::parse("source: " + yaml, "test.yaml"), holder);
  return holder.source->build(context);
}

// The message of the Error that building throws, or "".
inline std::string error_of(const std::string& yaml, const SourceContext& context = {}) {
  try {
    build(yaml, context);
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), Exit::kUser);
    return error.what();
  }
  return {};
}

inline std::string sha256(const cv::Mat& rgb) {
  return core::sha256({reinterpret_cast<const char*>(rgb.data), rgb.total() * rgb.elemSize()});
}

}  // namespace theriac::data
