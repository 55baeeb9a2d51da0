#include "report/table.h"

#include <gmock/gmock.h>

#include "report/entries.h"

namespace theriac::report {
namespace {

using ::testing::HasSubstr;

Table sample() {
  Table t{"sample", "A | title", "Note with a_name.", {}, {}};
  t.columns = {
      {"Model"}, {"ASR ≤ 5 %", true, 0, with_interval("asr")}, {"Plain", true}, {"A / B", true}};
  t.columns.back().csv = {"a", "b"};
  t.about = {{"reported_on", "test"}};
  t.rows = {{{"mmcl_ssl, a|b", ""},
             rate_entry(12.34, 10, 15.06),
             count_entry(1),
             pair_entry("1.0", " / ", "-2.0")},
            {{"x \"y\"", ""}, missing("none"), difference_entry(-20.31, -30, 4), missing()}};
  return t;
}

TEST(Table, EveryFormHasTheSameDigits) {
  const Table t = sample();
  for (const auto& text : {to_text(t), to_markdown(t), to_latex(t), to_csv(t), to_html(t)})
    for (const char* number : {"12.3", "10.0", "15.1", "20.3"})
      EXPECT_THAT(text, HasSubstr(number));
}

TEST(Table, MarkdownKeepsItsCells) {
  EXPECT_EQ(to_markdown(sample()),
            "**A \\| title**\n\n| Model | ASR ≤ 5 % | Plain | A / B |\n|---|---:|---:|---:|\n"
            "| mmcl\\_ssl, a\\|b | 12.3 [10.0, 15.1] | 1 | 1.0 / -2.0 |\n"
            "| x \"y\" | none | -20.3 [-30.0, 4.0] | – |\n\nNote with a\\_name.\n");
}

// Ready for any program: one number in a column, nothing where there is none.
TEST(Table, CsvHasOneNumberInAColumn) {
  EXPECT_EQ(to_csv(sample()),
            "model,asr,asr_low,asr_high,plain,a,b,reported_on\n"
            "\"mmcl_ssl, a|b\",12.3,10.0,15.1,1,1.0,-2.0,test\n"
            "\"x \"\"y\"\"\",,,,-20.3,,,test\n");
}

TEST(Table, TextIsCutOnlyWhereItDoesNotFit) {
  Table t{"t", "T", "", {{"Model"}, {"Rule"}, {"Seeds", true}, {"Missing", true, 2}}, {}};
  t.rows = {{{"m"}, {"best accuracy, ASR ≤ 10 %"}, {"3"}, {"1 of 3"}}};
  const std::string whole = "m      best accuracy, ASR ≤ 10 %      3   1 of 3\n";
  EXPECT_THAT(to_text(t), HasSubstr(whole));
  EXPECT_THAT(to_text(t, 48), HasSubstr(whole));
  EXPECT_THAT(to_text(t, 40), HasSubstr("m      best acc… ≤ 10 %      3   1 of 3\n"));
  EXPECT_THAT(to_text(t, 24), ::testing::Not(HasSubstr("1 of 3")));
}

TEST(Table, SignsOfDifferences) {
  EXPECT_EQ(signed_points(0.04), "+0.0");
  EXPECT_EQ(signed_points(-0.04), "+0.0");
  EXPECT_EQ(signed_points(-0.06), "-0.1");
  EXPECT_EQ(difference_entry(19.4, 1, 30).text, "+19.4");
  EXPECT_EQ(difference_entry(19.4, 1, 30).fields.front(), "19.4");
}

TEST(Table, LatexIsBooktabs) {
  const auto tex = to_latex(sample());
  EXPECT_THAT(tex, HasSubstr("\\begin{tabular}{lrrr}\n\\toprule\nModel & ASR $\\leq$ 5 \\% & "
                             "Plain & A / B \\\\\n\\midrule\nmmcl\\_ssl, a|b & 12.3 "
                             "{\\scriptsize [10.0, 15.1]} & 1 & 1.0 / $-2.0$ \\\\\n"));
  EXPECT_THAT(tex, HasSubstr("& $-20.3$ {\\scriptsize [$-30.0$, 4.0]} & -- \\\\\n"));
  EXPECT_THAT(tex, HasSubstr("\\end{tabular}\n\n\\smallskip\n{\\footnotesize\\noindent Note with "
                             "a\\_name.\\par}\n"));
}

TEST(Table, LatexHasNoCharacterThatNeedsAPackage) {
  Table t{"t", "T", "", {{"1e-3, learning-rate"}}, {{{"✓ met 5e-4"}}, {{"✗ missed"}}}};
  const auto tex = to_latex(t);
  EXPECT_THAT(tex, HasSubstr("$\\surd$ met 5e-4"));
  EXPECT_THAT(tex, HasSubstr("$\\times$ missed"));
  EXPECT_THAT(tex, ::testing::Not(HasSubstr("footnotesize")));
}

}  // namespace
}  // namespace theriac::report
