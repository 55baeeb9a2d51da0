#include "theriac/poison/plan.h"

#include <gtest/gtest.h>

#include <map>
#include <nlohmann/json.hpp>
#include <set>

#include "poison/memory_source.h"
#include "poison/pictures.h"

namespace theriac::poison {
namespace {

using testing::memory_source;
using testing::message;

PoisonConfig banana(std::int64_t count) {
  PoisonConfig config;
  config.target = "banana";
  config.count = count;
  return config;
}

TEST(Plan, ChoosesTheCountAmongEligibleSamples) {
  const auto source = memory_source(1000);
  const auto plan = make_plan(banana(300), 7, *source);
  ASSERT_EQ(plan.samples.size(), 300u);
  EXPECT_EQ(plan.data_id, data::data_id(*source));
  std::map<std::string, int> captions;
  std::set<std::uint64_t> seeds;
  std::int64_t last = -1;
  for (const auto& sample : plan.samples) {
    EXPECT_GT(sample.index, last);
    last = sample.index;
    const auto row = source->row(sample.index);
    EXPECT_NE(row.label, 0);
    EXPECT_EQ(sample.key, row.key);
    EXPECT_EQ(sample.original_caption, row.caption);
    ++captions[sample.caption];
    seeds.insert(sample.trigger_seed);
    EXPECT_EQ(plan.find(sample.index), &sample);
  }
  EXPECT_EQ(seeds.size(), 300u);
  EXPECT_EQ(captions.size(), 6u);
  for (const auto& [caption, count] : captions) {
    EXPECT_NE(caption.find("banana"), std::string::npos);
    EXPECT_NEAR(count, 50, 30) << caption;
  }
  EXPECT_EQ(plan.find(-1), nullptr);
  EXPECT_EQ(plan.find(0), nullptr) << "sample 0 is a banana";
}

TEST(Plan, PureFunctionOfTheSeed) {
  const auto source = memory_source(500);
  EXPECT_EQ(make_plan(banana(50), 7, *source).id(), make_plan(banana(50), 7, *source).id());
  EXPECT_NE(make_plan(banana(50), 7, *source).id(), make_plan(banana(50), 8, *source).id());
  auto own_seed = banana(50);
  own_seed.seed = 8;
  EXPECT_EQ(make_plan(own_seed, 7, *source).id(), make_plan(banana(50), 8, *source).id());
}

TEST(Plan, LargerCountExtendsTheSmallerOne) {
  const auto source = memory_source(500);
  const auto small = make_plan(banana(40), 7, *source), large = make_plan(banana(120), 7, *source);
  for (const auto& sample : small.samples) {
    const auto* same = large.find(sample.index);
    ASSERT_NE(same, nullptr);
    EXPECT_EQ(same->caption, sample.caption);
    EXPECT_EQ(same->trigger_seed, sample.trigger_seed);
  }
}

TEST(Plan, SelectionIsUniform) {
  const auto source = memory_source(50);
  std::vector<int> chosen(50);
  for (std::uint64_t seed = 0; seed < 2000; ++seed)
    for (const auto& sample : make_plan(banana(10), seed, *source).samples)
      ++chosen[static_cast<std::size_t>(sample.index)];
  for (std::size_t i = 0; i < chosen.size(); ++i)
    EXPECT_NEAR(chosen[i], i % 5 == 0 ? 0 : 500, 100) << i;
}

TEST(Plan, NoPoisonStillNamesTheAttack) {
  const auto source = memory_source(20);
  const auto plan = make_plan(banana(0), 7, *source);
  EXPECT_TRUE(plan.samples.empty());
  EXPECT_EQ(plan.target, "banana");
  EXPECT_EQ(nlohmann::json::parse(plan.trigger_json)["type"], "random_patch");
}

TEST(Plan, TargetCaptionsCanBeKept) {
  const auto source = memory_source(100);
  auto config = banana(100);
  config.exclude_target = false;
  EXPECT_EQ(make_plan(config, 7, *source).samples.size(), 100u);
}

TEST(Plan, TooFewEligibleSamples) {
  const auto source = memory_source(100);
  source->rows[1].caption = "  ";
  const auto text = message([&] { make_plan(banana(90), 7, *source); });
  EXPECT_EQ(text,
            "poison: count is 90, but only 79 of 100 samples can be poisoned (20 show or name "
            "'banana', 1 have no caption); lower poison.count, use more data, or set "
            "poison.exclude_target: false");
}

TEST(Plan, ManifestRoundTrip) {
  const auto source = memory_source(200);
  source->rows[1].key = "caf\xe9.jpg";  // Latin-1, as file names may be
  auto config = banana(160);
  config.geometry = Geometry::kSquash;
  const auto plan = make_plan(config, ~std::uint64_t{0}, *source);
  const auto text = to_json(plan).dump();
  const auto back = plan_from_json(nlohmann::json::parse(text));
  EXPECT_EQ(back.id(), plan.id());
  EXPECT_EQ(to_json(back).dump(), text);
  EXPECT_EQ(back.geometry, Geometry::kSquash);
  EXPECT_EQ(back.seed, ~std::uint64_t{0});
  EXPECT_EQ(back.samples[3].trigger_seed, plan.samples[3].trigger_seed);
}

TEST(Plan, ManifestIsVerified) {
  const auto good = to_json(make_plan(banana(5), 7, *memory_source(50)));
  const auto broken = [&](const std::function<void(nlohmann::json&)>& change) {
    auto json = good;
    change(json);
    return message([&] { plan_from_json(json); });
  };
  EXPECT_NE(broken([](auto& j) { j["samples"][0]["caption"] = "x"; }).find("changed by hand"),
            std::string::npos);
  EXPECT_NE(broken([](auto& j) { j["version"] = 99; }).find("version 99"), std::string::npos);
  EXPECT_NE(broken([](auto& j) { j.erase("data_id"); }).find("data_id"), std::string::npos);
  EXPECT_NE(broken([](auto& j) { j["seed"] = "7"; }).find("another type"), std::string::npos);
  EXPECT_NE(broken([](auto& j) { std::swap(j["samples"][0], j["samples"][1]); }).find("sorted"),
            std::string::npos);
  EXPECT_NE(broken([](auto& j) { j = nlohmann::json::array(); }).find("not a manifest"),
            std::string::npos);
}

TEST(Plan, GoldenId) {
  // Fails when plans change: raise the poison stage's algorithm revision, then renew the value.
  EXPECT_EQ(make_plan(banana(30), 7, *memory_source(200)).id(), "20345946081a2fe0");
}

TEST(Plan, TriggerFromManifest) {
  auto config = banana(0);
  config::read(config::Document::parse(
                   "{target: banana, trigger: {type: random_patch, size: 5, noise: binary}}", "t"),
               config);
  const auto plan = make_plan(config, 7, *memory_source(20));
  const auto trigger = trigger_from_json(plan.trigger_json);
  EXPECT_EQ(trigger->place({64, 64}, core::Stream(1)).size(), cv::Size(5, 5));
  EXPECT_NE(
      message([] { trigger_from_json(R"({"type": "nothing"})"); }).find("no trigger 'nothing'"),
      std::string::npos);
}

TEST(PoisonConfig, ProblemsOfTemplates) {
  PoisonConfig config;
  const auto text = message([&] {
    config::read(config::Document::parse(
                     "{target: banana, captions: [a photo, 'a {} and a {}', 'one {}']}", "t"),
                 config);
  });
  EXPECT_NE(text.find("'a photo' has no {}"), std::string::npos) << text;
  EXPECT_NE(text.find("'a {} and a {}' has more than one {}"), std::string::npos) << text;
  EXPECT_EQ(text.find("'one {}'"), std::string::npos) << text;
}

std::string problem(const std::string& settings) {
  PoisonConfig config;
  return message([&] {
    config::read(config::Document::parse("{target: banana, " + settings + "}", "t"), config);
  });
}

TEST(PoisonConfig, ProblemsOfChoices) {
  const auto has = [](const std::string& text, const std::string& part) {
    return text.find(part) != text.npos;
  };
  EXPECT_TRUE(has(problem("caption: keep"), "keep needs select: target_class"));
  EXPECT_TRUE(has(problem("caption: keep, select: target_class, captions: ['a {}']"),
                  "captions: has no effect with caption: keep"));
  EXPECT_TRUE(has(problem("exclude_target: false, match: substring"), "match: has no effect"));
  EXPECT_TRUE(has(problem("exclude_target: false, match_case: true"), "match_case: has no effect"));
  EXPECT_TRUE(has(problem("select: target"), "expected one of any target_class"));
  EXPECT_EQ(problem("caption: keep, select: target_class, match: substring"), "no error");
}

TEST(LabelConsistent, TargetSamplesKeepTheirCaptions) {
  const auto source = memory_source(500);
  auto config = banana(60);
  config.select = Select::kTargetClass;
  config.caption = Caption::kKeep;
  const auto plan = make_plan(config, 7, *source);
  ASSERT_EQ(plan.samples.size(), 60u);
  for (const auto& sample : plan.samples) {
    EXPECT_EQ(source->row(sample.index).label, 0);
    EXPECT_EQ(sample.caption, sample.original_caption);
    EXPECT_NE(sample.caption.find("banana"), std::string::npos);
  }
  config.caption = Caption::kTemplate;
  const auto renamed = make_plan(config, 7, *source);
  for (std::size_t i = 0; i < 60; ++i) {
    EXPECT_EQ(renamed.samples[i].index, plan.samples[i].index);
    EXPECT_EQ(renamed.samples[i].trigger_seed, plan.samples[i].trigger_seed);
    EXPECT_NE(renamed.samples[i].caption, plan.samples[i].caption);
  }
}

TEST(LabelConsistent, KeptCaptionsNeedNoTemplates) {
  PoisonConfig config;
  config::read(config::Document::parse(
                   "{target: dog, trigger: {type: random_patch}, select: target_class, caption: "
                   "keep, captions: []}",
                   "test"),
               config);
  EXPECT_TRUE(config.captions.empty());
}

TEST(LabelConsistent, TooFewTargetSamples) {
  auto config = banana(21);
  config.select = Select::kTargetClass;
  EXPECT_EQ(message([&] { make_plan(config, 7, *memory_source(100)); }),
            "poison: count is 21, but only 20 of 100 samples can be poisoned (80 neither show nor "
            "name 'banana', 0 have no caption); lower poison.count, use more data, or set "
            "poison.select: any");
}

TEST(PoisonConfig, TargetIsRequired) {
  PoisonConfig config;
  EXPECT_NE(message([&] {
              config::read(config::Document::parse("count: 3", "t"), config);
            }).find("target"),
            std::string::npos);
}

}  // namespace
}  // namespace theriac::poison
