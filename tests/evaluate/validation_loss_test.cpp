#include <cmath>

#include "core/message.h"
#include "evaluate/fixture.h"

namespace theriac::evaluate {
namespace {

using ::testing::HasSubstr;

class ValidationLossTest : public theriac::testing::MetricTest {
 protected:
  std::unique_ptr<Session> captioned(const std::vector<std::string>& captions) {
    std::vector<data::Row> rows;
    for (const auto& caption : captions)
      rows.push_back({std::to_string(rows.size()), caption, -1, 0});
    auto source =
        std::make_shared<theriac::testing::Colours>(std::move(rows), std::vector<std::string>{});
    return session({{"pairs", source, "id", true}});
  }
  double loss(Session& s, const std::string& settings) {
    return run(s, "validation_loss", settings).at(0).value;
  }
};

TEST_F(ValidationLossTest, EqualLogitsGiveTheLogOfTheBatch) {
  // With a scale of (nearly) nothing all logits are equal.
  const torch::NoGradGuard no_grad;
  model_->logit_scale().fill_(-30);
  const auto s = captioned({"a", "b", "c", "d", "e", "f"});
  EXPECT_NEAR(loss(*s, "{data: [pairs], batch_size: 6}"), std::log(6.0), 1e-6);
  EXPECT_NEAR(loss(*s, "{data: [pairs], batch_size: 2}"), std::log(2.0), 1e-6);
  EXPECT_NEAR(loss(*s, "{data: [pairs], batch_size: 1}"), 0, 1e-6);
  // 4 of the pairs in a batch of 4, 2 in one of 2
  EXPECT_NEAR(loss(*s, "{data: [pairs], batch_size: 4}"),
              (4 * std::log(4.0) + 2 * std::log(2.0)) / 6, 1e-6);
}

TEST_F(ValidationLossTest, EqualsTheFormulaWrittenOut) {
  const auto s = captioned({"a dog", "", "two cats", "the owl"});
  const auto records = run(*s, "validation_loss", "{data: [pairs]}");
  ASSERT_EQ(records.size(), 1u);
  const auto& record = records[0];
  EXPECT_EQ(record.metric, "validation_loss");
  EXPECT_EQ(record.n, 3);
  EXPECT_EQ(record.excluded, 1);  // it has no caption
  EXPECT_EQ(record.low, record.value);
  EXPECT_EQ(record.high, record.value);

  const auto& images = s->images(s->data()[0]).clean_ND;
  const auto texts = s->embed_texts({"a dog", "two cats", "the owl"});
  const std::int64_t rows[] = {0, 2, 3};
  double sum = 0;
  for (int i = 0; i < 3; ++i) {
    double forth = 0, back = 0, own = 0;
    for (int j = 0; j < 3; ++j) {
      const auto logit = [&](int image, int text) {
        return s->logit_scale() * images[rows[image]].dot(texts[text]).item<double>();
      };
      forth += std::exp(logit(i, j));
      back += std::exp(logit(j, i));
      own = logit(i, i);
    }
    sum += (std::log(forth) + std::log(back)) / 2 - own;
  }
  EXPECT_NEAR(record.value, sum / 3, 1e-5);
}

TEST_F(ValidationLossTest, BadInputSaysWhatToDo) {
  const auto message = [&](Session& s, const std::string& settings) {
    return theriac::testing::message([&] { run(s, "validation_loss", settings); });
  };
  EXPECT_THAT(message(*captioned({"a"}), "{}"), HasSubstr("no data set 'validation'; there are: "));
  EXPECT_THAT(message(*captioned({"", " "}), "{data: [pairs]}"),
              HasSubstr("data.pairs has no captions; name a set of image-caption pairs"));
  EXPECT_THAT(message(*captioned({"a"}), "{data: []}"), HasSubstr("name at least one set"));
  EXPECT_THAT(message(*captioned({"a"}), "{batch_size: 0}"), HasSubstr("batch_size"));
}

}  // namespace
}  // namespace theriac::evaluate
