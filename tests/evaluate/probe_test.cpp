#include "evaluate/probe.h"

#include "core/message.h"
#include "evaluate/fixture.h"
#include "theriac/core/error.h"

namespace theriac::evaluate {
namespace {

using ::testing::HasSubstr;
using theriac::testing::Colours;
using theriac::testing::message;

class ProbeTest : public theriac::testing::MetricTest {
 protected:
  static std::shared_ptr<Colours> labelled(const std::vector<std::int64_t>& labels,
                                           std::vector<std::string> classes) {
    std::vector<data::Row> rows;
    for (const auto label : labels) rows.push_back({std::to_string(rows.size()), "", label, 0});
    return std::make_shared<Colours>(std::move(rows), std::move(classes));
  }
  // The classifier that a probe learns from these rows.
  static Classifier learn(const std::string& type, const std::string& settings,
                          const torch::Tensor& rows_MD, const std::vector<std::int64_t>& labels,
                          std::int64_t classes) {
    config::Choice<MetricConfig> metric(&table, type);
    config::read(config::Document::parse(settings, "test"), *metric.section());
    const auto& probe = dynamic_cast<const ProbeConfig&>(*metric);
    return probe.learn({split(rows_MD), torch::tensor(labels, torch::kInt64), classes}, 1);
  }
  static Features split(const torch::Tensor& rows_ND) {
    const auto length_N = rows_ND.norm(2, {1});
    return {rows_ND / length_N.unsqueeze(1), length_N};
  }
};

TEST_F(ProbeTest, NeighboursVoteAndNearnessBreaksTies) {
  const auto memory = torch::tensor({{1.f, 0.f}, {0.9f, 0.1f}, {0.f, 1.f}, {-1.f, 0.f}});
  const auto query = split(torch::tensor({{1.f, 0.05f}, {0.6f, 0.8f}}));
  const auto three = learn("knn", "{k: 3}", memory, {0, 1, 1, 2}, 3)(query);
  EXPECT_EQ(three.argmax(1)[0].item<std::int64_t>(), 1);  // 2 votes to 1, though 0 is nearest
  EXPECT_EQ(three[0][2].item<float>(), 0);                // no vote at all
  const auto two = learn("knn", "{k: 2}", memory, {0, 1, 1, 2}, 3)(query);
  EXPECT_EQ(two.argmax(1)[0].item<std::int64_t>(), 0);  // one vote each: the nearer one
  EXPECT_THAT(message([&] {
                learn("knn", "{}", memory, {0, 1, 1, 2}, 3);
              }),
              HasSubstr("knn.k: 50 neighbours of a memory with 4 pictures"));
}

TEST_F(ProbeTest, PrototypesAreMeansOfUnitRows) {
  const auto memory = torch::tensor({{9.f, 0.f}, {0.f, 1.f}, {-1.f, 0.f}});
  const auto scores = learn("prototypes", "{}", memory, {0, 0, 2},
                            3)(split(torch::tensor({{1.f, 1.f}, {-3.f, 0.f}})));
  EXPECT_NEAR(scores[0][0].item<float>(), 1, 1e-6);  // (1, 0) and (0, 1): length does not count
  EXPECT_NEAR(scores[1][2].item<float>(), 1, 1e-6);
  EXPECT_TRUE(torch::isinf(scores.select(1, 1)).all().item<bool>());  // no picture of class 1
}

TEST_F(ProbeTest, LinearProbeUsesLengthsAndEqualsItself) {
  // One direction, told apart by length only: unit rows could not do it.
  const auto memory = torch::tensor({{1.f, 1.f}, {1.2f, 1.2f}, {6.f, 6.f}, {7.f, 7.f}});
  const std::string settings = "{epochs: 2000, batch_size: 3, learning_rate: 0.05}";
  const auto query = split(torch::tensor({{0.9f, 0.9f}, {8.f, 8.f}}));
  const auto scores = learn("linear_probe", settings, memory, {0, 0, 1, 1}, 2)(query);
  EXPECT_TRUE(torch::equal(scores.argmax(1), torch::tensor({0, 1}, torch::kInt64)));
  EXPECT_TRUE(
      torch::equal(scores, learn("linear_probe", settings, memory, {0, 0, 1, 1}, 2)(query)));
  const auto none = learn("linear_probe", "{learning_rate: 0}", memory, {0, 0, 1, 1}, 2)(query);
  EXPECT_TRUE(torch::equal(none, torch::zeros_like(none)));
}

TEST_F(ProbeTest, TheMemoryOfTheSamePicturesIsAlwaysRight) {
  // Nearest of one: each picture finds itself, although the classes stand in another order.
  const auto s = session({{"test", labelled({0, 1, 2, 0}, {"dog", "cat", "owl"}), "id"},
                          {"memory", labelled({1, 2, 0, 1}, {"owl", "dog", "cat"}), "id", true}},
                         "cat");
  const auto records = run(*s, "knn", "{k: 1, top: [1, 2]}");
  const auto clean = find(records, "knn_top1");
  EXPECT_EQ(clean.value, 100);
  EXPECT_EQ(clean.n, 4);
  EXPECT_EQ(clean.data, "test");
  EXPECT_EQ(clean.trigger, "");
  EXPECT_EQ(find(records, "knn_top2").value, 100);
  for (const char* name : {"knn_true_label_under_trigger", "knn_attack_success",
                           "knn_attack_success_top2", "knn_true_label_under_trigger_top2"}) {
    const auto record = find(records, name);
    EXPECT_EQ(record.n, 3) << name;
    EXPECT_EQ(record.excluded, 1) << name;
    EXPECT_EQ(record.protocol, "exclude_target");
    EXPECT_EQ(record.target, "cat");
    EXPECT_NE(record.trigger, "");
  }
  EXPECT_LE(find(records, "knn_attack_success").value,
            find(records, "knn_attack_success_top2").value);
}

TEST_F(ProbeTest, BadMemoryIsNamed) {
  const auto text = [&](std::vector<DataSet> sets, const std::string& settings) {
    const auto s = session(std::move(sets));
    return message([&] { run(*s, "prototypes", settings); });
  };
  const DataSet test{"test", labelled({0, 1}, {"dog", "cat"}), "id"};
  EXPECT_THAT(text({test}, "{}"), HasSubstr("there is no data set 'memory'; there are: test"));
  EXPECT_THAT(text({test}, "{memory: test}"), HasSubstr("the only data set to measure on"));
  EXPECT_THAT(text({test, {"memory", labelled({0}, {}), "id", true}}, "{}"),
              HasSubstr("prototypes.memory: data.memory has no class labels"));
  EXPECT_THAT(
      text({test, {"memory", labelled({0, 1}, {"dog", "cats"}), "id", true}}, "{}"),
      HasSubstr("data.memory has no class 'cat', which data.test has; did you mean 'cats'"));
}

}  // namespace
}  // namespace theriac::evaluate
