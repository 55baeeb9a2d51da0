#pragma once

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "theriac/config/document.h"
#include "theriac/evaluate/session.h"

namespace theriac::testing {

// Pictures of one colour each, with captions and labels given by the test.
class Colours final : public data::Source {
 public:
  Colours(std::vector<data::Row> rows, std::vector<std::string> classes)
      : rows_(std::move(rows)), classes_(std::move(classes)) {}
  std::int64_t size() const override { return static_cast<std::int64_t>(rows_.size()); }
  data::Row row(std::int64_t i) const override { return rows_[static_cast<std::size_t>(i)]; }
  data::Sample get(std::int64_t i) const override {
    data::Sample sample;
    sample.row = row(i);
    const double step = static_cast<double>(i);
    sample.pixels = cv::Mat(32, 32, CV_8UC3, cv::Scalar(40 * step, 255 - 30 * step, 90));
    return sample;
  }
  const std::vector<std::string>& classes() const override { return classes_; }
  std::string where(std::int64_t i) const override { return "colour " + std::to_string(i); }

 private:
  std::vector<data::Row> rows_;
  std::vector<std::string> classes_;
};

// One id a letter.
class Letters final : public text::Tokenizer {
 public:
  std::vector<std::int32_t> encode(std::string_view text, int context) const override {
    std::vector<std::int32_t> ids{1};
    for (const char c : text.substr(0, static_cast<std::size_t>(context - 2)))
      ids.push_back(static_cast<unsigned char>(c));
    ids.push_back(2);
    return ids;
  }
  std::vector<std::string> pieces(std::string_view) const override { return {}; }
  int vocabulary() const override { return 256; }
  int start_id() const override { return 1; }
  int end_id() const override { return 2; }
  int pad_id() const override { return 0; }
  std::string serialise() const override { return {}; }
  std::string id() const override { return "letters"; }
};

// A small model on hand-made data; metrics are run by name.
class MetricTest : public ::testing::Test {
 protected:
  MetricTest() {
    model::ModelConfig config;
    config::read(
        config::Document::parse("{preset: tiny_vit, image_size: 32, embedding: 16,"
                                " image: {type: vit, width: 16, layers: 1, heads: 2, patch: 16},"
                                " text: {width: 16, heads: 2, layers: 1, context: 32}}",
                                "test"),
        config);
    model_ = std::make_shared<model::Clip>(config, 256, 2, 5);
  }

  std::unique_ptr<evaluate::Session> session(std::vector<evaluate::DataSet> sets,
                                             const std::string& target = "") {
    std::optional<evaluate::Attack> attack;
    if (!target.empty()) {
      config::Choice<poison::TriggerConfig> trigger(&poison::table, "random_patch");
      config::read(config::Document::parse("{size: 8}", "test"), *trigger.section());
      attack = evaluate::Attack{target, trigger->build(), "{}", poison::Geometry::kCrop};
    }
    auto result = std::make_unique<evaluate::Session>(std::move(sets), attack,
                                                      evaluate::SessionOptions{}, torch::kCPU);
    result->set_model(model_, std::make_shared<Letters>(), "hash", 3, 30);
    return result;
  }

  static std::vector<core::Record> run(evaluate::Session& session, const std::string& type,
                                       const std::string& settings = "{}") {
    config::Choice<evaluate::MetricConfig> metric(&evaluate::table, type);
    config::read(config::Document::parse(settings, "test"), *metric.section());
    return evaluate::evaluate({metric}, session);
  }

  // The only record of that name.
  static core::Record find(const std::vector<core::Record>& records, const std::string& metric) {
    core::Record result;
    int found = 0;
    for (const auto& record : records)
      if (record.metric == metric) {
        result = record;
        ++found;
      }
    EXPECT_EQ(found, 1) << metric;
    return result;
  }

  std::shared_ptr<model::Clip> model_;
};

}  // namespace theriac::testing
