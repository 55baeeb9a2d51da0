#include <gtest/gtest.h>

#include "config/example.h"
#include "theriac/config/document.h"
#include "theriac/core/error.h"
#include "theriac/core/files.h"
#include "theriac/core/random.h"

namespace theriac::config {
namespace {

namespace fs = std::filesystem;

const fs::path kBad = fs::path(THERIAC_SOURCE_DIR) / "tests/config/bad";

// The whole text that a person sees, with the file's folder taken away.
std::string complaint(const fs::path& path) {
  try {
    Document document = Document::load(path);
    document.set("train.batch_size=0");
    document.set("train.optimizer.lr=2");
    example::Experiment experiment;
    read(document, experiment);
  } catch (const Error& error) {
    std::string text = error.what();
    const std::string folder = kBad.string() + "/";
    for (std::size_t i; (i = text.find(folder)) != std::string::npos;) text.erase(i, folder.size());
    return text + "\n";
  }
  return "no error\n";
}

TEST(BadFiles, TextOfEveryMessage) {
  int files = 0;
  for (const auto& entry : fs::directory_iterator(kBad)) {
    if (entry.path().extension() != ".yaml") continue;
    fs::path expected = entry.path();
    expected.replace_extension(".expected");
    EXPECT_EQ(complaint(entry.path()), core::read_file(expected)) << entry.path();
    ++files;
  }
  EXPECT_GE(files, 2);
}

// Whatever the bytes are: a configuration or an Error, and never anything else.
TEST(BadFiles, MutationsNeverCrash) {
  std::vector<std::string> seeds = {
      core::read_file(kBad / "train.yaml"), core::read_file(kBad / "syntax.yaml"),
      "{\"name\": \"x\", \"train\": {\"batch_size\": 64}, \"tags\": []}"};
  const std::string alphabet("{}[]:,-&*!?|>'\"%@`#~\n\t \\<.0123456789eE+\x00\xff\xc3\xa4", 43);
  core::Stream random = core::stream(5, "fuzz");
  int accepted = 0;
  for (int round = 0; round < 1500; ++round) {
    std::string text = seeds[random.below(seeds.size())];
    for (std::uint64_t edits = 1 + random.below(6); edits > 0; --edits) {
      const std::size_t at = random.below(text.size() + 1);
      const std::size_t length = std::min<std::size_t>(random.below(12), text.size() - at);
      switch (random.below(4)) {
        case 0:
          text.erase(at, length);
          break;
        case 1:
          text.insert(at, text.substr(random.below(text.size() + 1), random.below(40)));
          break;
        case 2:
          text.insert(at, 1 + random.below(40), alphabet[random.below(alphabet.size())]);
          break;
        default:
          if (at < text.size()) text[at] = alphabet[random.below(alphabet.size())];
      }
    }
    try {
      Document document = Document::parse(text, "fuzz");
      document.set("train.batch_size=3");
      example::Experiment experiment;
      problems(document, experiment);
      ++accepted;
    } catch (const Error& error) {
      EXPECT_STRNE(error.what(), "");
    }
  }
  EXPECT_GT(accepted, 100);
  EXPECT_LT(accepted, 1450);
}

}  // namespace
}  // namespace theriac::config
