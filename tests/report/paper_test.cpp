#include <gmock/gmock.h>

#include "report/paper_figures.h"
#include "report/paper_fixture.h"
#include "report/paper_tables.h"

namespace theriac::report {
namespace {

using ::testing::HasSubstr;

const PaperResults& published() {
  static const PaperFiles files;
  static const PaperResults results = read_paper_results(files.paths);
  return results;
}

// Texts of a row with the remarks, from column `first` on.
std::vector<std::string> texts(const std::vector<Entry>& row, std::size_t first) {
  std::vector<std::string> result;
  for (std::size_t i = first; i < row.size(); ++i)
    result.push_back(row[i].small.empty() ? row[i].text : row[i].text + " " + row[i].small);
  return result;
}

// Rows as "data, pre-training, cleaning | column | ...", for comparisons that show what differs.
std::vector<std::string> lines(const Table& table) {
  std::vector<std::string> result;
  for (const auto& row : table.rows)
    result.push_back(core::join({row[0].text, row[1].text, row[2].text}, ", ") + " | " +
                     core::join(texts(row, 3), " | "));
  return result;
}

// "Highest accuracy % with ASR below a bound", recomputed from the published lists by hand once.
TEST(Paper, MainTableToTheDigit) {
  EXPECT_THAT(
      lines(paper_main_table(published())),
      ::testing::ElementsAre(
          "CC3M, MMCL, MMCL | 273 | 11.65 @ 0.38 (-4.35, -27.2 %) | 12.43 @ 3.86 (-3.57, -22.3 %) "
          "| 12.62 @ 6.42 (-3.38, -21.1 %) | 12.62 @ 6.42 (-3.38, -21.1 %)",
          "CC3M, MMCL, SSL | 168 | 11.42 @ 0.89 (-4.58, -28.6 %) | 12.50 @ 3.19 (-3.50, -21.9 %) | "
          "12.50 @ 3.19 (-3.50, -21.9 %) | 12.50 @ 3.19 (-3.50, -21.9 %)",
          "CC3M, MMCL, CleanCLIP | 273 | 16.41 @ 0.66 (+0.41, +2.6 %) | 16.49 @ 4.92 (+0.49, +3.1 "
          "%) | 17.22 @ 8.68 (+1.22, +7.6 %) | 17.46 @ 16.72 (+1.46, +9.1 %)",
          "CC3M, MMCL+SSL, MMCL | 273 | 13.41 @ 0.71 (-3.63, -21.3 %) | 13.41 @ 0.71 (-3.63, -21.3 "
          "%) | 13.94 @ 8.85 (-3.10, -18.2 %) | 14.61 @ 11.89 (-2.43, -14.2 %)",
          "CC3M, MMCL+SSL, SSL | 168 | 0.61 @ 0.00 (-16.43, -96.4 %) | 0.61 @ 0.00 (-16.43, -96.4 "
          "%) | 0.61 @ 0.00 (-16.43, -96.4 %) | 10.81 @ 15.04 (-6.23, -36.5 %)",
          "CC3M, MMCL+SSL, CleanCLIP | 273 | 13.39 @ 0.97 (-3.65, -21.4 %) | 14.16 @ 3.02 (-2.88, "
          "-16.9 %) | 15.11 @ 6.17 (-1.93, -11.3 %) | 15.11 @ 6.17 (-1.93, -11.3 %)",
          "CC6M, MMCL, MMCL | 160 | none | none | none | none",
          "CC6M, MMCL, SSL | 480 | 21.75 @ 0.81 (-2.01, -8.5 %) | 23.56 @ 4.85 (-0.20, -0.8 %) | "
          "24.01 @ 9.56 (+0.25, +1.0 %) | 24.29 @ 16.06 (+0.53, +2.2 %)",
          "CC6M, MMCL, CleanCLIP | 480 | none | 24.04 @ 4.19 (+0.28, +1.2 %) | 24.96 @ 9.07 "
          "(+1.20, "
          "+5.0 %) | 25.06 @ 12.57 (+1.30, +5.5 %)",
          "CC6M, MMCL+SSL, MMCL | 160 | none | none | none | none",
          "CC6M, MMCL+SSL, SSL | 640 | 6.46 @ 0.79 (-17.40, -72.9 %) | 6.82 @ 2.37 (-17.04, -71.4 "
          "%) | 6.82 @ 2.37 (-17.04, -71.4 %) | 9.34 @ 13.46 (-14.52, -60.9 %)",
          "CC6M, MMCL+SSL, CleanCLIP | 640 | 13.05 @ 0.11 (-10.81, -45.3 %) | 13.05 @ 0.11 "
          "(-10.81, "
          "-45.3 %) | 13.05 @ 0.11 (-10.81, -45.3 %) | 13.05 @ 0.11 (-10.81, -45.3 %)"));
}

// Of several measurements with the same lowest ASR the most accurate one is named.
TEST(Paper, ExtremesToTheDigit) {
  EXPECT_THAT(
      lines(paper_extremes_table(published())),
      ::testing::ElementsAre(
          "CC3M, MMCL, MMCL | 273 | 0.00 (2.16) | 17.01 @ 99.80 | 14.31 @ 41.72 | 98.28 "
          "(15.63)",
          "CC3M, MMCL, SSL | 168 | 0.00 (0.37) | 17.06 @ 64.64 | 15.80 @ 48.14 | 40.72 "
          "(15.01)",
          "CC3M, MMCL, CleanCLIP | 273 | 0.00 (13.49) | 17.58 @ 56.48 | 17.52 @ 45.34 | "
          "0.25 (15.94)",
          "CC3M, MMCL+SSL, MMCL | 273 | 0.00 (4.18) | 18.29 @ 93.90 | 15.70 @ 43.63 | 59.80 "
          "(16.33)",
          "CC3M, MMCL+SSL, SSL | 168 | 0.00 (0.13) | 17.47 @ 97.94 | 12.39 @ 36.86 | 78.30 "
          "(16.34)",
          "CC3M, MMCL+SSL, CleanCLIP | 273 | 0.00 (0.37) | 18.51 @ 85.98 | 16.14 @ 47.52 | "
          "42.41 (16.12)",
          "CC6M, MMCL, MMCL | 160 | 99.88 (24.69) | 24.93 @ 99.96 | none | 99.88 (24.69)",
          "CC6M, MMCL, SSL | 480 | 0.01 (15.89) | 24.60 @ 88.74 | 24.45 @ 49.39 | 2.41 "
          "(22.77)",
          "CC6M, MMCL, CleanCLIP | 480 | 2.16 (22.03) | 25.06 @ 12.57 | 25.06 @ 12.57 | "
          "3.32 (23.57)",
          "CC6M, MMCL+SSL, MMCL | 160 | 77.47 (23.86) | 25.48 @ 95.84 | none | 77.47 "
          "(23.86)",
          "CC6M, MMCL+SSL, SSL | 640 | 0.00 (0.46) | 25.07 @ 99.35 | 12.88 @ 42.75 | 94.28 "
          "(22.93)",
          "CC6M, MMCL+SSL, CleanCLIP | 640 | 0.00 (1.69) | 25.55 @ 99.28 | 13.05 @ 0.11 | "
          "98.22 (23.54)"));
}

TEST(Paper, LearningRatesOfTheGrids) {
  const auto rows = lines(paper_rates_table(published()));
  EXPECT_EQ(rows.size(), 2 * (13 + 8 + 13) + 8 + 12 + 12 + 8 + 16 + 16U);
  // Rate, final accuracy, final ASR, lowest ASR, highest accuracy, best within 5 %.
  for (const char* row :
       {"CC6M, MMCL, CleanCLIP | 1e-9 | 24.45 | 94.79 | 93.96 | 24.52 | none",
        "CC6M, MMCL, CleanCLIP | 5e-9 | 24.47 | 94.99 | 93.07 | 24.49 | none",
        "CC6M, MMCL, CleanCLIP | 1e-8 | 24.41 | 95.61 | 91.42 | 24.52 | none",
        "CC6M, MMCL, CleanCLIP | 5e-8 | 24.59 | 85.57 | 84.83 | 24.59 | none",
        "CC6M, MMCL, CleanCLIP | 1e-7 | 24.49 | 74.75 | 74.75 | 24.59 | none",
        "CC6M, MMCL, CleanCLIP | 3e-7 | 24.59 | 51.28 | 43.26 | 24.68 | none",
        "CC6M, MMCL, CleanCLIP | 7e-7 | 24.76 | 24.65 | 24.21 | 24.88 | none",
        "CC6M, MMCL, CleanCLIP | 1e-6 | 24.94 | 23.34 | 21.33 | 24.99 | none",
        "CC6M, MMCL, CleanCLIP | 3e-6 | 24.92 | 15.08 | 10.98 | 25.06 | none",
        "CC6M, MMCL, CleanCLIP | 7e-6 | 24.78 | 13.44 | 8.67 | 25.01 | none",
        "CC6M, MMCL, CleanCLIP | 1e-5 | 24.65 | 9.92 | 6.12 | 24.99 | none",
        "CC6M, MMCL, CleanCLIP | 3e-5 | 24.10 | 6.07 | 2.16 | 24.63 | 24.04 @ 4.19",
        "CC6M, MMCL+SSL, CleanCLIP | 1e-9 | 24.91 | 99.43 | 99.33 | 24.98 | none",
        "CC6M, MMCL+SSL, CleanCLIP | 1e-7 | 24.86 | 99.45 | 99.39 | 25.02 | none",
        "CC6M, MMCL+SSL, CleanCLIP | 1e-6 | 25.21 | 99.58 | 99.35 | 25.31 | none",
        "CC6M, MMCL+SSL, CleanCLIP | 3e-6 | 25.47 | 99.35 | 99.11 | 25.48 | none",
        "CC6M, MMCL+SSL, CleanCLIP | 7e-6 | 25.45 | 99.14 | 98.98 | 25.53 | none",
        "CC6M, MMCL+SSL, CleanCLIP | 1e-5 | 25.38 | 98.79 | 98.29 | 25.55 | none",
        "CC6M, MMCL+SSL, CleanCLIP | 3e-5 | 25.09 | 98.80 | 93.34 | 25.17 | none",
        "CC6M, MMCL+SSL, CleanCLIP | 1e-4 | 21.06 | 76.81 | 3.75 | 21.68 | 9.83 @ 3.75",
        "CC6M, MMCL+SSL, CleanCLIP | 3e-4 | 12.80 | 0.02 | 0.00 | 13.05 | 13.05 @ 0.11",
        "CC6M, MMCL+SSL, CleanCLIP | 1e-3 | 1.67 | 0.01 | 0.00 | 1.70 | 1.70 @ 0.01",
        "CC6M, MMCL+SSL, CleanCLIP | 3e-3 | 0.10 | 0.00 | 0.00 | 0.14 | 0.14 @ 0.00",
        "CC6M, MMCL, SSL | 3e-5 | 15.80 | 0.29 | 0.01 | 20.51 | 20.51 @ 0.73",
        "CC6M, MMCL+SSL, SSL | 1e-5 | 24.49 | 96.40 | 42.75 | 24.98 | none",
        "CC6M, MMCL+SSL, SSL | 3e-5 | 21.46 | 93.55 | 3.97 | 24.24 | 4.63 @ 3.97",
        "CC6M, MMCL+SSL, SSL | 1e-4 | 5.16 | 0.02 | 0.00 | 13.41 | 6.82 @ 2.37",
        "CC6M, MMCL+SSL, MMCL | 1e-7 | 24.07 | 81.32 | 77.47 | 24.08 | none",
        "CC6M, MMCL+SSL, MMCL | 3e-5 | 25.30 | 96.97 | 96.82 | 25.41 | none",
        "CC3M, MMCL, CleanCLIP | 8e-5 | 16.52 | 5.23 | 2.67 | 16.57 | 16.49 @ 4.92",
        "CC3M, MMCL, CleanCLIP | 1e-4 | 16.28 | 0.54 | 0.25 | 16.41 | 16.41 @ 0.66",
        "CC3M, MMCL, MMCL | 2e-4 | 13.95 | 54.87 | 32.98 | 16.00 | none",
        "CC3M, MMCL+SSL, CleanCLIP | 2.5e-4 | 15.08 | 7.96 | 3.02 | 17.04 | 14.16 @ 3.02",
        "CC3M, MMCL+SSL, CleanCLIP | 3.5e-4 | 14.01 | 1.69 | 1.18 | 17.04 | 14.05 @ 1.64",
        "CC3M, MMCL+SSL, SSL | 8e-5 | 12.24 | 71.98 | 70.75 | 17.03 | none"})
    EXPECT_THAT(rows, ::testing::Contains(row));
}

TEST(Paper, BestUnderBoundIsACsvOfPercent) {
  const auto csv = paper_best_csv(published());
  EXPECT_TRUE(csv.starts_with("file,key,points,bound,accuracy,asr\n"));
  const auto rows = csv_rows(csv);
  ASSERT_EQ(rows.size(), 12 * 4U);
  EXPECT_THAT(rows[9], ::testing::ElementsAre("cleaning_plot_data_CC3M_pretrained_1500.json",
                                              "cleaning_poisoned_mmcl_clean_mmcl_ssl_lr_", "273",
                                              "5", "16.494", "4.92292"));
  EXPECT_THAT(rows[24],
              ::testing::ElementsAre("cleaning_plot_data_CC6M_pretrained_3000.json",
                                     "cleaning_poisoned_cc6m_mmcl_3000poison_clean_mmcl_lr_", "160",
                                     "1", "", ""));
}

TEST(Paper, FiguresOfTheMainResults) {
  std::vector<std::string> names;
  for (const auto& [name, figure] : paper_figures(published())) names.push_back(name);
  EXPECT_THAT(names, ::testing::ElementsAre("main_CC3M", "six_CC3M", "main_CC6M", "six_CC6M",
                                            "runs_CC3M_mmcl", "runs_CC3M_mmcl_ssl",
                                            "runs_CC6M_mmcl", "runs_CC6M_mmcl_ssl"));
  const auto figures = paper_figures(published());
  EXPECT_EQ(figures[0].second.panels.size(), 2U);
  EXPECT_EQ(figures[1].second.panels.size(), 6U);
  EXPECT_EQ(figures[7].second.panels.size(), 16U);  // 4 x 4
  EXPECT_EQ(figures[6].second.panels.size(), 12U);  // 3 x 4
  EXPECT_EQ(figures[7].second.panels.back().title, "3e-3");
  EXPECT_THAT(to_svg(draw(figures[0].second)), HasSubstr(">before cleaning</text>"));
}

constexpr const char* kMain = "cleaning_poisoned_cc6m_mmcl_3000poison_clean_mmcl_ssl_lr_";

TEST(Paper, PoisonedCleaningSetsAndMorePairsHaveTheirOwn) {
  const PaperFiles f;
  const std::string more = std::string(kMain) + "cleaningdata_poison_";
  const auto left = f.put("cleaning_plot_data_CC6M_pretrained_3000_cleaned_100k_poisoned.json",
                          "{\"" + more + "1\": [[0.5, 0.04, 0.3], [0.2, 0.25, 0.1]], \"" + more +
                              "10\": [[0.3], [0.1]], \"" + more + "5\": []}");
  const auto pairs =
      f.put("cleaning_plot_data_CC6M_pretrained_3000_cleaned_200k.json",
            R"({"cleaning_poisoned_cc6m_mmcl_ssl_3000poison_clean_ssl_lr_": [[0.1], [0.2]]})");
  const auto results = read_paper_results({f.paths[1], left, pairs});
  std::vector<std::string> names;
  for (const auto& [name, figure] : paper_figures(results)) names.push_back(name);
  EXPECT_THAT(names, ::testing::IsSupersetOf({"poisoned_CC6M", "pairs_CC6M"}));
  // The row without poison is that of the main results.
  EXPECT_THAT(
      lines(paper_poisoned_table(results)),
      ::testing::ElementsAre(
          "CC6M, MMCL, 0 | 480 | 24.04 @ 4.19 | 24.96 @ 9.07 | 25.06 @ 12.57 | 2.16 (22.03) "
          "| 25.06 (12.57)",
          "CC6M, MMCL, 1 | 3 | 25.00 @ 4.00 | 25.00 @ 4.00 | 25.00 @ 4.00 | 4.00 (25.00) | "
          "25.00 (4.00)",
          "CC6M, MMCL, 5 | 0 | none | none | none | none | none",
          "CC6M, MMCL, 10 | 1 | none | none | none | 30.00 (10.00) | 10.00 (30.00)"));
  // The list of one pair has swallowed that of ten: used as it is, and said.
  ASSERT_EQ(results.notes.size(), 1U);
  EXPECT_THAT(results.notes[0],
              HasSubstr("the 3 measurements of " + more + "1 contain all 1 of " + more + "10"));
  EXPECT_THAT(paper_best_csv(results), HasSubstr("poison_1,3,5,25,4\n"));
}

}  // namespace
}  // namespace theriac::report
