#include <gmock/gmock.h>

#include <algorithm>
#include <set>

#include "data/fixture.h"

namespace theriac::data {
namespace {

using ::testing::AllOf;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsSubsetOf;

class Numbers final : public Source {
 public:
  std::int64_t size() const override { return 100; }
  Row row(std::int64_t index) const override { return {std::to_string(index), "x", 0, 0}; }
  Sample get(std::int64_t index) const override { return {row(index), {}, {}, Bad::kNone, ""}; }
  const std::vector<std::string>& classes() const override { return classes_; }
  std::string where(std::int64_t index) const override { return "n" + std::to_string(index); }

 private:
  std::vector<std::string> classes_{"thing"};
};

class SubsetTest : public ::testing::Test {
 protected:
  SubsetTest() {
    context_.other = [](const std::string& name) -> std::shared_ptr<const Source> {
      if (name != "train") throw Error("data: no section \"" + name + "\"");
      return std::make_shared<Numbers>();
    };
    context_.poisoned = [](const std::string&) {
      return std::vector<std::int64_t>{3, 14, 15, 92, 65};
    };
  }
  std::vector<std::int64_t> indices(const std::string& more) {
    const auto source = build("{type: subset, of: train" + more + "}", context_);
    std::vector<std::int64_t> result;
    for (std::int64_t i = 0; i < source->size(); ++i) {
      result.push_back(source->origin(i));
      EXPECT_EQ(source->row(i).key, std::to_string(result.back()));
      EXPECT_EQ(source->where(i), "n" + source->row(i).key);
    }
    EXPECT_TRUE(std::is_sorted(result.begin(), result.end()));
    return result;
  }
  std::string error(const std::string& more) {
    return error_of("{type: subset, of: train" + more + "}", context_);
  }
  SourceContext context_;
};

TEST_F(SubsetTest, DrawsWithoutRepetitionAndGrows) {
  const auto ten = indices(", count: 10");
  EXPECT_EQ(std::set(ten.begin(), ten.end()).size(), 10u);
  EXPECT_EQ(ten, indices(", count: 10"));
  EXPECT_NE(ten, indices(", count: 10, seed: 2"));
  EXPECT_THAT(ten, IsSubsetOf(indices(", count: 20")));
  EXPECT_EQ(indices("").size(), 100u);
  EXPECT_THAT(indices(", count: 3, order: first"), ElementsAre(0, 1, 2));
}

TEST_F(SubsetTest, LeavesOutPoisonedSamples) {
  const auto poisoned = context_.poisoned("train");
  const auto count = [&](const std::vector<std::int64_t>& chosen) {
    return std::count_if(chosen.begin(), chosen.end(), [&](std::int64_t i) {
      return std::find(poisoned.begin(), poisoned.end(), i) != poisoned.end();
    });
  };
  EXPECT_EQ(indices(", exclude: poisoned").size(), 95u);
  EXPECT_EQ(count(indices(", exclude: poisoned, count: 90")), 0);
  const auto kept = indices(", exclude: poisoned, count: 50, keep_poisoned: 2");
  EXPECT_EQ(kept.size(), 50u);
  EXPECT_EQ(count(kept), 2);
}

TEST_F(SubsetTest, ErrorsHaveNumbers) {
  EXPECT_THAT(error(", count: 101"), AllOf(HasSubstr("101"), HasSubstr("data.train has 100")));
  EXPECT_THAT(error(", count: 96, exclude: poisoned"), HasSubstr("95 usable"));
  EXPECT_THAT(error(", count: 50, exclude: poisoned, keep_poisoned: 6"), HasSubstr("5 poisoned"));
  EXPECT_THAT(error(", keep_poisoned: 1"), HasSubstr("no effect"));
  EXPECT_THAT(error(", count: 1, exclude: poisoned, keep_poisoned: 2"), HasSubstr("at most"));
  EXPECT_THAT(error_of("{type: subset, of: trian}", context_), HasSubstr("trian"));
}

}  // namespace
}  // namespace theriac::data
