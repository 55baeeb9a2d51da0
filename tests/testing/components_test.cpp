// Every component of every table keeps its contract; broken ones are noticed.
#include <gmock/gmock.h>

#include <opencv2/core.hpp>

#include "theriac/testing/testing.h"

namespace {

using testing::HasSubstr;
using testing::IsEmpty;
namespace check = theriac::testing;

TEST(Components, Objectives) {
  ASSERT_FALSE(theriac::objective::table().entries().empty());
  for (const auto& entry : theriac::objective::table().entries())
    EXPECT_THAT(check::check_objective(entry), IsEmpty());
}

TEST(Components, Triggers) {
  ASSERT_FALSE(theriac::poison::table().entries().empty());
  for (const auto& entry : theriac::poison::table().entries())
    EXPECT_THAT(check::check_trigger(entry), IsEmpty());
}

TEST(Components, Metrics) {
  ASSERT_FALSE(theriac::evaluate::table().entries().empty());
  for (const auto& entry : theriac::evaluate::table().entries())
    EXPECT_THAT(check::check_metric(entry), IsEmpty());
}

// Only the first pair counts: order matters, and so it must not pass.
struct FirstPair final : theriac::objective::TermConfig {
  struct Term final : theriac::objective::Term {
    theriac::loader::Views views() const override { return {}; }
    theriac::objective::Losses operator()(const theriac::objective::Embeddings& e) override {
      const auto loss = (e.image_BD[0] * e.text_BD[0]).sum();
      return {.total = loss, .parts = {{"first_pair", loss}}};
    }
  };
  void describe(theriac::config::Fields&) override {}
  std::unique_ptr<theriac::objective::Term> build() const override {
    return std::make_unique<Term>();
  }
};

TEST(Checks, ABrokenObjectiveIsNoticed) {
  const auto broken = check::check_objective(
      theriac::config::entry<theriac::objective::TermConfig, FirstPair>("first_pair", "wrong"));
  EXPECT_THAT(broken, testing::UnorderedElementsAre(HasSubstr("order of the pairs"),
                                                    HasSubstr("not detached")));
  EXPECT_THAT([&] { check::require("first_pair", broken); },
              testing::ThrowsMessage<std::runtime_error>(HasSubstr("order of the pairs")));
  EXPECT_NO_THROW(check::require("first_pair", {}));
}

struct Elsewhere final : theriac::poison::TriggerConfig {
  struct Trigger final : theriac::poison::Trigger {
    void apply(cv::Mat& rgb, theriac::core::Stream&) const override {
      rgb.at<cv::Vec3b>(9, 9) = cv::Vec3b(1, 2, 3);
    }
    cv::Rect place(cv::Size, theriac::core::Stream) const override { return {0, 0, 4, 4}; }
  };
  void describe(theriac::config::Fields&) override {}
  std::unique_ptr<theriac::poison::Trigger> build() const override {
    return std::make_unique<Trigger>();
  }
};

TEST(Checks, ABrokenTriggerIsNoticed) {
  const auto broken = check::check_trigger(
      theriac::config::entry<theriac::poison::TriggerConfig, Elsewhere>("elsewhere", "wrong"));
  EXPECT_THAT(broken, testing::Contains(HasSubstr("pixels outside of place() changed")));
}

}  // namespace
