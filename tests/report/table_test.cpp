#include "report/table.h"

#include <gmock/gmock.h>

namespace theriac::report {
namespace {

using ::testing::HasSubstr;

Table sample() {
  Table t{"sample", "A | title", "Note with a_name.", {}, {}};
  t.columns = {{"Model"}, {"ASR ≤ 5 %", true}, {"Plain", true}};
  t.rows = {{{"mmcl_ssl, a|b", ""}, {"12.3", "[10.0, 15.1]"}, {"1", ""}},
            {{"x \"y\"", ""}, {"none", ""}, {"2", ""}}};
  return t;
}

TEST(Table, EveryFormHasTheSameDigits) {
  const Table t = sample();
  for (const auto& text : {to_text(t), to_markdown(t), to_latex(t), to_csv(t), to_html(t)}) {
    EXPECT_THAT(text, HasSubstr("12.3"));
    EXPECT_THAT(text, HasSubstr("10.0, 15.1"));
    EXPECT_THAT(text, HasSubstr("none"));
  }
}

TEST(Table, MarkdownKeepsItsCells) {
  EXPECT_EQ(to_markdown(sample()),
            "**A \\| title**\n\n| Model | ASR ≤ 5 % | Plain |\n|---|---:|---:|\n"
            "| mmcl\\_ssl, a\\|b | 12.3 [10.0, 15.1] | 1 |\n| x \"y\" | none | 2 |\n\n"
            "Note with a\\_name.\n");
}

TEST(Table, CsvHasAColumnForRemarks) {
  EXPECT_EQ(to_csv(sample()),
            "Model,ASR ≤ 5 %,\"ASR ≤ 5 %, remark\",Plain\n"
            "\"mmcl_ssl, a|b\",12.3,\"[10.0, 15.1]\",1\n\"x \"\"y\"\"\",none,,2\n");
}

TEST(Table, LatexIsBooktabs) {
  EXPECT_THAT(to_latex(sample()),
              HasSubstr("\\begin{tabular}{lrr}\n\\toprule\nModel & ASR $\\leq$ 5 \\% & "
                        "Plain \\\\\n\\midrule\nmmcl\\_ssl, a|b & 12.3 "
                        "{\\scriptsize [10.0, 15.1]} & 1 \\\\\n"));
}

}  // namespace
}  // namespace theriac::report
