#include "theriac/core/text.h"

#include <gtest/gtest.h>

#include "core/temporary.h"
#include "theriac/core/error.h"
#include "theriac/core/files.h"
#include "theriac/core/hash.h"

namespace theriac::core {
namespace {

TEST(Text, SplitJoinTrimLower) {
  EXPECT_EQ(split("a,,b", ','), (std::vector<std::string>{"a", "", "b"}));
  EXPECT_EQ(split("", ','), std::vector<std::string>{""});
  EXPECT_EQ(join({"a", "b"}, ", "), "a, b");
  EXPECT_EQ(join({}, ", "), "");
  EXPECT_EQ(trim(" \t a b\r\n"), "a b");
  EXPECT_EQ(trim(" \n"), "");
  EXPECT_EQ(lower_ascii("AbC \xc3\x84"), "abc \xc3\x84");
}

TEST(Text, Utf8) {
  for (const char* good : {"", "plain", "\xc3\xa4", "\xe2\x82\xac", "\xf0\x9f\x8d\x8c",
                           "\xed\x9f\xbf", "\xf4\x8f\xbf\xbf"})
    EXPECT_TRUE(valid_utf8(good)) << good;
  for (const char* bad : {"\x80", "\xc3", "\xc0\xaf", "\xe0\x80\x80", "\xed\xa0\x80", "\xe2\x82",
                          "\xf4\x90\x80\x80", "\xff", "a\xc3(", "\xf0\x9f\x8d"})
    EXPECT_FALSE(valid_utf8(bad)) << bad;
}

TEST(Text, NearestSuggestsOnlyWhatIsNear) {
  const std::vector<std::string> keys = {"batch_size", "epochs", "lr", "learning_rate"};
  EXPECT_EQ(nearest("batch_siz", keys), "batch_size");
  EXPECT_EQ(nearest("BATCH_SIZE", keys), "batch_size");
  EXPECT_EQ(nearest("epcohs", keys), "epochs");
  EXPECT_EQ(nearest("learnig_rat", keys), "learning_rate");
  EXPECT_EQ(nearest("momentum", keys), "");
  EXPECT_EQ(nearest("x", keys), "");
  EXPECT_EQ(nearest("", keys), "");
  EXPECT_EQ(nearest(std::string(100000, 'x'), keys), "");
}

// FIPS 180-4 examples.
TEST(Hash, PublishedVectors) {
  EXPECT_EQ(sha256(""), "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
  EXPECT_EQ(sha256("abc"), "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
  Sha256 hash;
  for (int i = 0; i < 1000; ++i) hash.update(std::string(1000, 'a'));
  EXPECT_EQ(hash.hex(), "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0");
}

TEST(Text, ShellQuotingGivesTheSameWordBack) {
  EXPECT_EQ(shell_quoted("a/b-c_d.e=1,2"), "a/b-c_d.e=1,2");
  EXPECT_EQ(shell_quoted(""), "''");
  EXPECT_EQ(shell_quoted("a b"), "'a b'");
  EXPECT_EQ(shell_quoted("it's $HOME"), "'it'\\''s $HOME'");
}

TEST(Hash, FileEqualsItsBytes) {
  const theriac::testing::TemporaryFolder folder;
  const std::string bytes(300000, 'q');
  write_file(folder / "file", bytes);
  EXPECT_EQ(sha256_file(folder / "file"), sha256(bytes));
  EXPECT_THROW(sha256_file(folder / "none"), Error);
  EXPECT_THROW(sha256_file(folder.path()), Error);
}

}  // namespace
}  // namespace theriac::core
