#include "theriac/data/labels.h"

#include <gmock/gmock.h>

#include <fstream>

#include "core/message.h"
#include "core/temporary.h"

namespace theriac::data {
namespace {

using ::testing::HasSubstr;
using ::testing::Pair;
using ::testing::UnorderedElementsAre;
using namespace theriac::testing;

class Labels : public ::testing::Test {
 protected:
  auto read(const std::string& text) {
    const auto path = (folder_ / "l.csv").string();
    std::ofstream(path) << text;
    return read_labels("here", path);
  }
  std::string refused(const std::string& text) {
    return message([&] { read(text); });
  }
  TemporaryFolder folder_;
};

TEST_F(Labels, AreReadByColumnName) {
  EXPECT_THAT(read("name,label,key\nx,3,\"a,b.png\"\ny, 0 ,c.png\nz,3,\"a,b.png\"\n"),
              UnorderedElementsAre(Pair("a,b.png", 3), Pair("c.png", 0)));
}

TEST_F(Labels, ErrorsNameFileLineAndReason) {
  EXPECT_THAT(refused("path,label\na,1\n"), HasSubstr("l.csv has no column \"key\" (found: path"));
  EXPECT_THAT(refused("key,label\na,1\nb,banana\n"), HasSubstr("l.csv:3: the label is \"banana\""));
  EXPECT_THAT(refused("key,label\na,-1\n"), HasSubstr("expected a class id"));
  EXPECT_THAT(refused("key,label\na,1\na,2\n"), HasSubstr("key \"a\" has label 2 here and 1"));
  EXPECT_THAT(refused("key,label\na\n"), HasSubstr("1 fields, the first line has 2"));
  EXPECT_THAT(refused("key,label\n"), HasSubstr("has no rows"));
}

}  // namespace
}  // namespace theriac::data
