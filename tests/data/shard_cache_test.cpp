#include "data/shard_cache.h"

#include "data/index_cache.h"
#include "theriac/core/files.h"

namespace theriac::data {
namespace {

class KeptShardIndex : public IndexCache {
 protected:
  // What is read; `made` counts how often the tar was gone through.
  ShardIndex index(const std::string& stamp, const std::string& reading = "jpg") {
    return kept_index(stamp, reading, [&] {
      ++made;
      ShardIndex result;
      for (std::uint64_t i = 0; i < rows; ++i)
        result.rows.push_back({1024 * i, 512 + 1024 * i, 0, static_cast<std::int32_t>(i % 7)});
      result.problem = "cut";
      return result;
    });
  }
  int made = 0;
  std::uint64_t rows = 1000;
};

TEST_F(KeptShardIndex, IsReadInsteadOfTheTar) {
  for (int i = 0; i < 2; ++i) {
    const auto found = index("/a.tar 1 2 3");
    ASSERT_EQ(found.rows.size(), 1000u);
    EXPECT_EQ(found.rows[999].image, 1024u * 999);
    EXPECT_EQ(found.rows[999].text, 512 + 1024u * 999);
    EXPECT_EQ(found.rows[999].label, 999 % 7);
    EXPECT_EQ(found.problem, "cut");
  }
  EXPECT_EQ(made, 1);
  index("/a.tar 1 2 4");              // another time or size
  index("/a.tar 1 2 3", "png\tjpg");  // read in another way
  EXPECT_EQ(made, 3);
  index("");  // changed just now
  index("");
  EXPECT_EQ(made, 5);
  EXPECT_EQ(files().size(), 3u);
  rows = 999;  // not worth it
  index("/small.tar");
  EXPECT_EQ(files().size(), 3u);
}

TEST_F(KeptShardIndex, IsIgnoredWhenBrokenAndWrittenAnew) {
  index("/a.tar");
  ASSERT_EQ(files().size(), 1u);
  const auto file = files().front();
  const std::string whole = core::read_file(file);
  std::string flipped = whole;
  flipped[whole.size() / 2] = static_cast<char>(flipped[whole.size() / 2] + 1);
  std::string other = whole;
  other[0] = other[0] == '0' ? '1' : '0';
  for (const std::string& broken :
       {std::string(), whole.substr(0, 60), whole.substr(0, 140), whole.substr(0, whole.size() - 1),
        whole + "x", flipped, other}) {
    core::write_file(file, broken);
    made = 0;
    EXPECT_EQ(index("/a.tar").rows.size(), 1000u);
    EXPECT_EQ(made, 1) << broken.size();
    EXPECT_EQ(core::read_file(file), whole);
  }
}

TEST_F(KeptShardIndex, WithoutACacheFolderNothingIsKept) {
  ::setenv("XDG_CACHE_HOME", "/proc/none", 1);
  index("/a.tar");
  index("/a.tar");
  EXPECT_EQ(made, 2);
}

}  // namespace
}  // namespace theriac::data
