#include <gmock/gmock.h>

#include "report/markup_check.h"
#include "report/paper_fixture.h"
#include "report/paper_tables.h"
#include "theriac/core/error.h"
#include "theriac/report/paper.h"

namespace theriac::report {
namespace {

using ::testing::HasSubstr;

std::string problem(const std::string& bytes) {
  const PaperFiles f;
  try {
    read_paper_results({f.put("broken.json", bytes)});
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), Exit::kUser);
    return error.what();
  }
  return "no error";
}

TEST(PaperInput, EveryFaultSaysWhatWasExpected) {
  EXPECT_THAT(problem("file,key\n"), HasSubstr("broken.json: not JSON (byte"));
  EXPECT_THAT(problem(""), HasSubstr("not JSON"));
  EXPECT_THAT(problem("[1]"),
              HasSubstr("received a value of type array; expected {\"KEY\": [[ASR"));
  EXPECT_THAT(problem("{}"), HasSubstr("holds no keys"));
  EXPECT_THAT(problem(R"({"run": {"asr": [], "accuracy": []}})"),
              HasSubstr("key 'run': received a value of type object; expected {\"KEY\""));
  EXPECT_THAT(problem(R"({"k": [[0.1]]})"), HasSubstr("key 'k': received an array of 1;"));
  EXPECT_THAT(problem(R"({"k": [[0.1], [0.1, 0.2]]})"),
              HasSubstr("key 'k': 1 ASR values but 2 accuracies"));
  EXPECT_THAT(problem(R"({"k": [[0.1, 5], [0.1, 0.2]]})"),
              HasSubstr("key 'k': ASR 2 is 5; expected a fraction from 0 to 1"));
  EXPECT_THAT(problem(R"({"k": [[0.1], [-0.1]]})"), HasSubstr("accuracy 1 is -0.1"));
  EXPECT_THAT(problem(R"({"k": [[0.1], ["0.1"]]})"), HasSubstr("accuracy 1 is of type string"));
  EXPECT_THAT(problem(R"({"k": [[], []], "k": [[], []]})"), HasSubstr("'k' is there twice"));
}

TEST(PaperInput, FilesMustBeThereOnce) {
  const PaperFiles f;
  EXPECT_THROW(read_paper_results({}), Error);
  EXPECT_THROW(read_paper_results({"/nowhere.json"}), Error);
  EXPECT_THROW(read_paper_results({f.paths[0], f.paths[0]}), Error);
}

TEST(PaperInput, KeysOfOtherFormsAreCountedOnly) {
  const PaperFiles f;
  const auto file = f.put("cleaning_plot_data_CC6M.json", R"({"mine": [[0.04], [0.5]]})");
  const auto text = write_paper({file}, f.out());
  EXPECT_THAT(text, HasSubstr("No key of the files is one of the main results"));
  EXPECT_THAT(text, HasSubstr("mine names no pre-training and cleaning objective"));
  EXPECT_THAT(f.text("tables/best_under_bound.csv"),
              HasSubstr("cleaning_plot_data_CC6M.json,mine,1,5,50,4\n"));
}

TEST(PaperInput, OneKeyInTwoFilesKeepsBoth) {
  const PaperFiles f;
  const std::string key = "cleaning_poisoned_mmcl_clean_ssl_lr_";
  const auto a = f.put("a_CC3M.json", "{\"" + key + "\": [[0.04], [0.5]]}"),
             b = f.put("b_CC3M.json", "{\"" + key + "\": [[0.03], [0.6]]}");
  const auto rows = [&](const std::vector<std::filesystem::path>& files) {
    return csv_rows(paper_best_csv(read_paper_results(files)));
  };
  auto found = rows({a, b});
  ASSERT_EQ(found.size(), 8U);
  EXPECT_EQ(found[1][0], "a_CC3M.json");
  EXPECT_EQ(found[5][0], "b_CC3M.json");
  EXPECT_EQ(found[5][4], "60");
  // Files of one name are told apart by their folders.
  std::filesystem::create_directories(f.out() / "other");
  std::filesystem::copy_file(b, f.out() / "other" / "a_CC3M.json");
  found = rows({a, f.out() / "other" / "a_CC3M.json"});
  EXPECT_EQ(found[0][0], a.string());
  EXPECT_EQ(found[4][0], (f.out() / "other" / "a_CC3M.json").string());
}

TEST(PaperInput, OutMustBeAFolder) {
  const PaperFiles f;
  const auto file = f.put("ours_CC3M.json", R"({"k": [[0.04], [0.5]]})");
  try {
    write_paper({file}, file / "out");
    FAIL();
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), Exit::kCannotWrite);
    EXPECT_THAT(error.what(), HasSubstr("ours_CC3M.json"));
  }
}

TEST(PaperInput, WritesEveryFormAndKeepsWhatIsThere) {
  const PaperFiles f;
  const std::string key = "cleaning_poisoned_mmcl_clean_ssl_lr_";
  const auto file = f.put("ours & co_CC3M.json", "{\"" + key + "\": [[0.04, 0.2], [0.5, 0.6]]}");
  std::filesystem::create_directories(f.out());
  std::ofstream(f.out() / "mine.txt") << "mine";
  write_paper({file}, f.out());
  EXPECT_EQ(f.text("mine.txt"), "mine");
  EXPECT_THAT(f.text("tables/main.csv"),
              HasSubstr("CC3M,MMCL,SSL,2,none,50.00 @ 4.00,\"(+34.00, +212.5 %)\","));
  EXPECT_THAT(f.text("tables/main.md"),
              HasSubstr("| CC3M | MMCL | SSL | 2 | none | 50.00 @ 4.00 (+34.00, +212.5 %) |"));
  EXPECT_THAT(f.text("tables/main.tex"), HasSubstr("50.00 @ 4.00 {\\scriptsize (+34.00, +212.5"));
  EXPECT_EQ(markup_problem(f.text("figures/main_CC3M.svg")), "");
  EXPECT_THAT(f.text("figures/main_CC3M.csv"),
              HasSubstr("Pre-trained with MMCL,cleaned with SSL,2,20,60\n"));
  EXPECT_THAT(f.text("figures/README.md"), HasSubstr("theriac report --paper '"));
  const auto page = f.text("index.html");
  EXPECT_THAT(page, HasSubstr("ours &amp; co_CC3M.json"));
  EXPECT_THAT(page, HasSubstr("50.00 @ 4.00"));
}

}  // namespace
}  // namespace theriac::report
