#include "theriac/evaluate/session.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "theriac/config/document.h"
#include "theriac/core/base64.h"
#include "theriac/core/error.h"

// Metrics on hand-made data: eight images of two classes, a text tower that is never trained. What
// is tested is counting: labels, exclusions, intervals, outcomes.

namespace theriac::evaluate {
namespace {

using ::testing::HasSubstr;

class Squares final : public data::Source {
 public:
  explicit Squares(std::vector<std::string> classes) : classes_(std::move(classes)) {}
  std::int64_t size() const override { return 8; }
  data::Row row(std::int64_t i) const override {
    return {std::to_string(i), "", i % static_cast<std::int64_t>(classes_.size()), 0};
  }
  data::Sample get(std::int64_t i) const override {
    data::Sample sample;
    sample.row = row(i);
    if (i < missing) {
      sample.bad = data::Bad::kMissingFile;
      return sample;
    }
    sample.pixels =
        cv::Mat(32, 32, CV_8UC3, cv::Scalar(i % 2 ? 255 : 0, 20.0 * static_cast<double>(i), 0));
    return sample;
  }
  const std::vector<std::string>& classes() const override { return classes_; }
  std::string where(std::int64_t i) const override { return "square " + std::to_string(i); }

  std::int64_t missing = 0;  // so many at the start cannot be read

 private:
  std::vector<std::string> classes_;
};

class Words final : public text::Tokenizer {
 public:
  std::vector<std::int32_t> encode(std::string_view text, int) const override {
    return {1, static_cast<std::int32_t>(3 + text.size() % 20), 2};
  }
  std::vector<std::string> pieces(std::string_view) const override { return {}; }
  int vocabulary() const override { return 24; }
  int start_id() const override { return 1; }
  int end_id() const override { return 2; }
  int pad_id() const override { return 0; }
  std::string serialise() const override { return {}; }
  std::string id() const override { return "words"; }
};

class SessionTest : public ::testing::Test {
 protected:
  SessionTest() {
    model::ModelConfig config;
    config::read(config::Document::parse("{preset: tiny_rn, image_size: 32}", "test"), config);
    model_ = std::make_shared<model::Clip>(config, 24, 2, 5);
  }
  std::unique_ptr<Session> session(std::vector<std::string> classes, bool attacked = true) {
    std::optional<Attack> attack;
    if (attacked) {
      config::Choice<poison::TriggerConfig> trigger(&poison::table, "random_patch");
      config::read(config::Document::parse("{size: 8}", "test"), *trigger.section());
      attack = Attack{"cat", trigger->build(), "{}", poison::Geometry::kCrop};
    }
    auto source = std::make_shared<Squares>(std::move(classes));
    auto result = std::make_unique<Session>(std::vector<DataSet>{{"test", source, "id"}}, attack,
                                            SessionOptions{}, torch::kCPU);
    result->set_model(model_, std::make_shared<Words>(), "hash", 3, 30);
    return result;
  }
  std::vector<core::Record> run(Session& session, const std::string& type,
                                const std::string& settings = "{}") {
    config::Choice<MetricConfig> metric(&table, type);
    config::read(config::Document::parse(settings, "test"), *metric.section());
    return evaluate({metric}, session);
  }
  std::shared_ptr<model::Clip> model_;
};

TEST_F(SessionTest, RecordSaysWhatWasMeasured) {
  const auto s_owner = session({"dog", "cat"});
  Session& s = *s_owner;
  const auto records = run(s, "zero_shot");
  ASSERT_EQ(records.size(), 1u);  // top 5 of two classes says nothing
  EXPECT_EQ(records[0].metric, "zero_shot_top1");
  EXPECT_EQ(records[0].n, 8);
  EXPECT_EQ(records[0].checkpoint, "hash");
  EXPECT_EQ(records[0].epoch, 3);
  EXPECT_LE(records[0].low, records[0].value);
  EXPECT_GE(records[0].high, records[0].value);
}

TEST_F(SessionTest, UnusableImagesAreLeftOutUpToAFraction) {
  auto source = std::make_shared<Squares>(std::vector<std::string>{"dog", "cat"});
  source->missing = 2;
  const auto measure = [&](double fraction) {
    Session s({{"test", source, "id"}}, {}, {.max_bad_fraction = fraction}, torch::kCPU);
    s.set_model(model_, std::make_shared<Words>(), "hash", 3, 30);
    return run(s, "zero_shot");
  };
  EXPECT_EQ(measure(0.25)[0].n, 6);
  try {
    measure(0.2);
    FAIL();
  } catch (const Error& error) {
    EXPECT_THAT(error.what(),
                HasSubstr("data.test: 2 of 8 images cannot be used (2 missing file)"));
  }
}

TEST_F(SessionTest, TargetClassIsExcludedAndCounted) {
  const auto s_owner = session({"dog", "cat"});
  Session& s = *s_owner;
  for (const auto& record : run(s, "attack_success")) {
    const bool all = record.metric == "attack_success_all";
    EXPECT_EQ(record.n, all ? 8 : 4) << record.metric;
    EXPECT_EQ(record.excluded, all ? 0 : 4) << record.metric;
    EXPECT_EQ(record.protocol, all ? "all" : "exclude_target");
    EXPECT_EQ(record.target, "cat");
  }
  const auto all = run(s, "attack_success", "{protocol: all}");
  EXPECT_EQ(all[0].n, 8);
  EXPECT_EQ(all[0].protocol, "all");
  EXPECT_EQ(all[1].metric, "attack_success_exclude_target");
  EXPECT_EQ(all[1].n, 4);
}

TEST_F(SessionTest, ValuesAgreeWithOutcomesComputedByHand) {
  const auto s_owner = session({"dog", "cat"});
  Session& s = *s_owner;
  const auto& images = s.images(s.data()[0]);
  const auto& classes = s.classifier({"dog", "cat"}, {"a photo of a {}"});
  const auto predicted = images.triggered_ND.mm(classes.t()).argmax(1);
  int hits = 0;
  for (int i = 0; i < 8; i += 2) hits += predicted[i].item<std::int64_t>() == 1;
  const auto records = run(s, "attack_success", "{prompts: ['a photo of a {}']}");
  EXPECT_DOUBLE_EQ(records[0].value, 25.0 * hits);
  const std::string bits = core::from_base64(records[0].outcomes);
  ASSERT_EQ(bits.size(), 1u);
  EXPECT_EQ(__builtin_popcount(static_cast<unsigned char>(bits[0])), hits);
}

TEST_F(SessionTest, ConstantModelHasFullSuccessAndPerfectOneHasNone) {
  core::Record record;
  fill_rate(record, torch::ones({1000}, torch::kBool));
  EXPECT_EQ(record.value, 100);
  EXPECT_NEAR(record.low, 99.617, 1e-3);
  fill_rate(record, torch::zeros({1000}, torch::kBool));
  EXPECT_EQ(record.value, 0);
  EXPECT_NEAR(record.high, 0.383, 1e-3);
}

TEST_F(SessionTest, TriggersAreTheSameForAllCheckpoints) {
  const auto s_owner = session({"dog", "cat"});
  Session& s = *s_owner;
  const auto first = s.images(s.data()[0]).triggered_ND.clone();
  s.set_model(model_, std::make_shared<Words>(), "other", 4, 40);
  EXPECT_TRUE(torch::equal(first, s.images(s.data()[0]).triggered_ND));
  const auto again_owner = session({"dog", "cat"});
  Session& again = *again_owner;
  EXPECT_TRUE(torch::equal(first, again.images(again.data()[0]).triggered_ND));
}

TEST_F(SessionTest, TopKNamesItsRecordsAndGrowsWithK) {
  const auto s = session({"dog", "cat", "owl", "car"});
  const auto records = run(*s, "attack_success", "{top: [1, 3, 4, 5]}");
  std::vector<std::string> names;
  for (const auto& record : records)
    if (record.metric.starts_with("attack_success")) names.push_back(record.metric);
  EXPECT_THAT(names, ::testing::ElementsAre("attack_success", "attack_success_all",
                                            "attack_success_top3", "attack_success_all_top3",
                                            "attack_success_top4", "attack_success_all_top4"));
  EXPECT_LE(records[0].value, records[4].value);
  EXPECT_EQ(records[8].value, 100);  // 4 of 4 classes
}

TEST_F(SessionTest, GeometriesAreSettingsAndAreSaid) {
  const auto s = session({"dog", "cat"});
  const auto records = run(*s, "attack_success", "{geometry: squash, triggered_geometry: squash}");
  EXPECT_EQ(records[0].protocol, "exclude_target, squash");
  EXPECT_EQ(records[3].metric, "target_rate_clean");
  EXPECT_EQ(records[3].protocol, "exclude_target, squash");
  EXPECT_EQ(run(*s, "zero_shot")[0].protocol, "");
}

TEST_F(SessionTest, CleanImagesAreTakenFromBothPasses) {
  const auto s = session({"dog", "cat"});
  const auto* both = &s->images(s->data()[0]);
  EXPECT_EQ(&s->clean_images(s->data()[0]), both);
  const auto other = session({"dog", "cat"});
  EXPECT_FALSE(other->clean_images(other->data()[0]).triggered_ND.defined());
  EXPECT_TRUE(other->images(other->data()[0]).triggered_ND.defined());
  EXPECT_TRUE(torch::equal(other->images(other->data()[0]).clean_ND, both->clean_ND));
}

TEST_F(SessionTest, PromptSetOfImagenetIsEightyTemplates) {
  const auto s = session({"dog", "owl"});
  EXPECT_THAT(
      run(*s, "zero_shot", "{prompts: [imagenet], articles: literal}")[0].prompts,
      ::testing::AllOf(::testing::StartsWith("80 prompts, "), ::testing::EndsWith(", literal")));
}

TEST_F(SessionTest, ModelKeepsItsModeAndItsStatistics) {
  const auto s_owner = session({"dog", "cat"});
  Session& s = *s_owner;
  model_->train();
  std::vector<torch::Tensor> before;
  for (const auto& buffer : model_->buffers()) before.push_back(buffer.clone());
  s.images(s.data()[0]);
  EXPECT_TRUE(model_->is_training());
  for (std::size_t i = 0; i < before.size(); ++i)
    EXPECT_TRUE(torch::equal(before[i], model_->buffers()[i]));
}

TEST_F(SessionTest, BadInputSaysWhatToDo) {
  const auto message = [&](Session& s, const std::string& type,
                           const std::string& settings) -> std::string {
    try {
      run(s, type, settings);
    } catch (const Error& e) {
      return e.what();
    }
    return "no error";
  };
  const auto no_target_owner = session({"dog", "cow"});
  Session& no_target = *no_target_owner;
  EXPECT_THAT(message(no_target, "attack_success", "{}"),
              HasSubstr("'cat' is not a class of data.test"));
  const auto clean_owner = session({"dog", "cat"}, false);
  Session& clean = *clean_owner;
  EXPECT_THAT(message(clean, "attack_success", "{}"), HasSubstr("add a poison section"));
  EXPECT_THAT(message(clean, "zero_shot", "{data: [tset]}"), HasSubstr("there are: test"));
  EXPECT_THAT(message(clean, "zero_shot", "{prompts: ['a photo']}"), HasSubstr("has no {}"));
}

TEST(Base64, RoundTripsAndRefusesDamage) {
  for (const std::string bytes : {"", "a", "ab", "abc", "abcd"})
    EXPECT_EQ(core::from_base64(core::to_base64(bytes)), bytes);
  EXPECT_EQ(core::to_base64("Man"), "TWFu");
  EXPECT_EQ(core::to_base64("M"), "TQ==");
  for (const char* bad : {"TQ=", "T===", "TQ==TQ==", "T@==", "=QAA"})
    EXPECT_THROW(core::from_base64(bad), Error) << bad;
}

}  // namespace
}  // namespace theriac::evaluate
