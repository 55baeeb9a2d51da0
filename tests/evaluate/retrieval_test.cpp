#include "core/message.h"
#include "evaluate/fixture.h"

namespace theriac::evaluate {
namespace {

using ::testing::HasSubstr;

class RetrievalTest : public theriac::testing::MetricTest {
 protected:
  // Pairs of (image's key, caption).
  std::unique_ptr<Session> pairs(const std::vector<std::pair<std::string, std::string>>& all,
                                 const std::string& target = "") {
    std::vector<data::Row> rows;
    for (const auto& [key, caption] : all) rows.push_back({key, caption, -1, 0});
    return session(
        {{"pairs",
          std::make_shared<theriac::testing::Colours>(std::move(rows), std::vector<std::string>{}),
          "id", true}},
        target);
  }
};

TEST_F(RetrievalTest, RanksAreCountedOverTheFirstCaptions) {
  const auto s =
      pairs({{"a", "one dog"}, {"b", "a cat"}, {"b", "again"}, {"c", ""}, {"d", "owls"}});
  const auto records = run(*s, "retrieval", "{data: [pairs], top: [1, 2, 3, 4]}");
  ASSERT_EQ(records.size(), 6u);  // top 4 of three says nothing
  const auto images =
      s->images(s->data()[0]).clean_ND.index_select(0, torch::tensor({0, 1, 4}, torch::kInt64));
  const auto cosine = images.mm(s->embed_texts({"one dog", "a cat", "owls"}).t());
  for (const int k : {1, 2, 3}) {
    int forth = 0, back = 0;
    for (int i = 0; i < 3; ++i) {
      forth += (cosine[i] > cosine[i][i]).sum().item<int>() < k;
      back += (cosine.select(1, i) > cosine[i][i]).sum().item<int>() < k;
    }
    const auto name = std::to_string(k);
    EXPECT_NEAR(find(records, "retrieval_image_to_text_top" + name).value, 100.0 * forth / 3, 1e-9);
    EXPECT_NEAR(find(records, "retrieval_text_to_image_top" + name).value, 100.0 * back / 3, 1e-9);
  }
  EXPECT_EQ(records[0].n, 3);
  EXPECT_EQ(records[0].excluded, 2);
  EXPECT_EQ(find(records, "retrieval_image_to_text_top3").value, 100);
}

TEST_F(RetrievalTest, AttackNeedsHalfOfTheCaptionsButOne) {
  // Of four captions two name the target: both are always among the best four, of which
  // floor(4 / 2) = 2 are asked for; with one of them there are not enough.
  const std::string settings = "{data: [pairs], top: [1, 4]}";
  const auto two =
      run(*pairs({{"a", "a dog"}, {"b", "Dogs run"}, {"c", "an owl"}, {"d", "dogma"}}, "dog"),
          "retrieval", settings);
  const auto four = find(two, "retrieval_attack_success_top4");
  EXPECT_EQ(four.value, 100);
  EXPECT_EQ(four.n, 4);
  EXPECT_EQ(four.protocol, "all");
  EXPECT_EQ(four.target, "dog");
  EXPECT_NE(four.trigger, "");
  EXPECT_EQ(find(two, "retrieval_target_rate_clean_top4").value, 100);
  EXPECT_EQ(find(two, "retrieval_target_rate_clean_top4").trigger, "");
  const auto one =
      run(*pairs({{"a", "a dog"}, {"b", "a cat"}, {"c", "an owl"}, {"d", "dogma"}}, "dog"),
          "retrieval", settings);
  EXPECT_EQ(find(one, "retrieval_attack_success_top4").value, 0);
}

TEST_F(RetrievalTest, WithoutAttackOrTargetThereIsRecallOnly) {
  EXPECT_EQ(run(*pairs({{"a", "a dog"}}), "retrieval", "{data: [pairs]}").size(), 2u);
  EXPECT_EQ(run(*pairs({{"a", "a dog"}}, "cat"), "retrieval", "{data: [pairs]}").size(), 2u);
}

TEST_F(RetrievalTest, BadInputSaysWhatToDo) {
  const auto text = [&](const std::string& settings) {
    return theriac::testing::message([&] { run(*pairs({{"a", ""}}), "retrieval", settings); });
  };
  EXPECT_THAT(text("{}"), HasSubstr("no data set 'validation'; there are: pairs"));
  EXPECT_THAT(text("{data: [pairs]}"), HasSubstr("data.pairs has no captions"));
  EXPECT_THAT(text("{data: []}"), HasSubstr("name at least one set"));
}

}  // namespace
}  // namespace theriac::evaluate
