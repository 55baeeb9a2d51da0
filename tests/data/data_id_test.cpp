#include <gmock/gmock.h>

#include <atomic>

#include "data/index_cache.h"
#include "theriac/core/files.h"

namespace theriac::data {
namespace {

// So many rows that their id is worth keeping; counts how often a row is read.
class Numbered final : public Source {
 public:
  Numbered(std::string stamp, std::string word, std::int64_t size = 100'000)
      : stamp_(std::move(stamp)), word_(std::move(word)), size_(size) {}
  std::int64_t size() const override { return size_; }
  Row row(std::int64_t) const override {
    ++read;
    return {.key = "k", .caption = word_};
  }
  Sample get(std::int64_t) const override { return {}; }
  const std::vector<std::string>& classes() const override { return classes_; }
  std::string where(std::int64_t) const override { return {}; }
  std::string stamp() const override { return stamp_; }
  mutable std::atomic<std::int64_t> read = 0;

 private:
  std::string stamp_, word_;
  std::int64_t size_;
  std::vector<std::string> classes_;
};

using KeptId = IndexCache;

TEST_F(KeptId, IsReadInsteadOfTheRows) {
  const Numbered first("file 1", "a"), again("file 1", "a"), changed("file 2", "b");
  const std::string id = data_id(first);
  EXPECT_EQ(id.size(), 16u);
  EXPECT_EQ(first.read, first.size());
  EXPECT_EQ(data_id(again), id);
  EXPECT_EQ(again.read, 0);
  EXPECT_NE(data_id(changed), id);
  EXPECT_EQ(data_id(Numbered("", "a")), id);
  EXPECT_EQ(files().size(), 2u);
}

TEST_F(KeptId, FewRowsAndRowsWithoutAStampAreNotKept) {
  data_id(Numbered("", "a"));
  data_id(Numbered("file", "a", 99'999));
  EXPECT_TRUE(files().empty());
}

TEST_F(KeptId, DamagedFilesAreMadeAnew) {
  const Numbered source("file", "a");
  const std::string id = data_id(source);
  const auto file = files().at(0);
  const std::string whole = core::read_file(file);
  for (const std::string& bytes :
       {std::string(), whole.substr(0, 40), std::string(whole.size(), 'x'), whole + "more"}) {
    core::write_file(file, bytes);
    EXPECT_EQ(data_id(source), id);
    EXPECT_EQ(core::read_file(file), whole);
  }
}

TEST_F(KeptId, ACacheThatCannotBeWrittenChangesNothing) {
  folder_.write("cache", "a file where the folder should be");
  EXPECT_EQ(data_id(Numbered("file", "a")), data_id(Numbered("", "a")));
}

}  // namespace
}  // namespace theriac::data
