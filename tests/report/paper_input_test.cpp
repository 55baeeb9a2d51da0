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

// Poisoned cleaning sets and 200,000 pairs are drawn and tabled; ablations, whose keys say no
// objective, are listed and counted.
TEST(PaperInput, EveryKindOfTheAuthorsFilesComesOut) {
  const PaperFiles f;
  const auto key = [](const std::string& model, const std::string& cleaning, int left) {
    return "\"cleaning_poisoned_" + model + "_clean_" + cleaning + "_lr_" +
           (left < 0 ? "" : "cleaningdata_poison_" + std::to_string(left)) + "\"";
  };
  std::string six = "{";
  for (const char* model : {"cc6m_mmcl_3000poison", "cc6m_mmcl_ssl_3000poison"})
    for (const int left : {2, 5, 25})
      six += (six.size() > 1 ? ", " : "") + key(model, "mmcl_ssl", left) + ": [[0.9, 0.0" +
             std::to_string(left) + "], [0.2, 0.15]]";
  const auto poisoned6 =
      f.put("cleaning_plot_data_CC6M_pretrained_3000_cleaned_100k_poisoned.json", six + "}");
  const auto poisoned3 =
      f.put("cleaning_plot_data_CC3M_cleaned_100k_poisoned.json",
            "{" + key("mmcl", "mmcl_ssl", 5) + ": [[0.4637, 0.7], [0.1782, 0.1890]], " +
                key("mmcl_ssl", "mmcl_ssl", 10) + ": [[0.9714], [0.1797]], " +
                key("mmcl", "mmcl_ssl", 1) + ": []}");
  const auto pairs =
      f.put("cleaning_plot_data_CC6M_pretrained_3000_cleaned_200k.json",
            "{" + key("cc6m_mmcl_ssl_3000poison", "ssl", -1) + ": [[0.001], [0.0708]], " +
                key("cc6m_mmcl_ssl_3000poison", "mmcl_ssl", -1) + ": [[0.0934], [0.1863]]}");
  const std::vector<std::string> unknown = {
      "cleaning_poisoned_cc6m_mmcl_ssl_3000poison_clean_mmcl_ssl_lr_weight_decay_50",
      "cleaning_poisoned_cc6m_mmcl_ssl_3000poison_clean_shrink_and_perturb_lr_",
      "cleaning_poisoned_cc6m_mmcl_ssl_3000poison_clean_mmcl_ssl_lr_inmodal_weight_8"};
  std::string ablations = "{";
  for (const auto& name : unknown)
    ablations += (ablations.size() > 1 ? ", \"" : "\"") + name + "\": [[0.02, 0.9], [0.1, 0.2]]";
  const auto other = f.put("cleaning_plot_data_CC6M_ablations.json", ablations + "}");
  const auto text =
      write_paper({f.paths[0], f.paths[1], poisoned6, poisoned3, pairs, other}, f.out());
  for (const char* file :
       {"figures/poisoned_CC6M.svg", "figures/poisoned_CC3M.svg", "figures/pairs_CC6M.svg",
        "figures/pairs_CC6M.csv", "tables/poisoned_cleaning.csv", "tables/poisoned_cleaning.tex"})
    EXPECT_TRUE(std::filesystem::exists(f.out() / file)) << file;
  const auto table = f.text("tables/poisoned_cleaning.csv");
  for (const char* row :
       {"\nCC6M,MMCL,25,2,15.00,2.50,15.00,2.50,15.00,2.50,2.50,15.00,20.00,90.00\n",
        "\nCC6M,MMCL+SSL,2,2,15.00,2.00,", "\nCC3M,MMCL,5,2,,,,,,,46.37,17.82,18.90,70.00\n",
        "\nCC3M,MMCL+SSL,10,1,,,,,,,97.14,17.97,17.97,97.14\n", "\nCC3M,MMCL,1,0,,,,,,,,,,\n"})
    EXPECT_THAT(table, HasSubstr(row));
  const auto page = f.text("index.html"), best = f.text("tables/best_under_bound.csv");
  for (const auto& name : unknown) {
    EXPECT_THAT(text, HasSubstr(name + " names no pre-training and cleaning objective"));
    EXPECT_THAT(page, HasSubstr(name));
    EXPECT_THAT(best, HasSubstr("cleaning_plot_data_CC6M_ablations.json," + name + ",2,5,10,2\n"));
  }
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
  EXPECT_THAT(f.text("tables/main.csv"), HasSubstr("CC3M,MMCL,SSL,2,,,,,50.00,4.00,34.00,212.5,"));
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
