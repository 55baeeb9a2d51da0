#include <gmock/gmock.h>
#include <zlib.h>

#include "report/drawing.h"
#include "report/pdf_text.h"

namespace theriac::report {
namespace {

using ::testing::HasSubstr;

Drawing small() {
  Drawing d;
  d.width = 120;
  d.height = 80;
  d.title = "A (small) ≤ drawing";
  d.box(10, 10, 30, 20, kGood, 0.25);
  d.line({{0, 80}, {120, 0}}, kInk, 2).dashed = true;
  d.circle({60, 40}, 10, series(0)).stroke = kInk;
  d.text({100, 70}, "ASR ≤ 5 %", kInk, 10, 1).bold = true;
  return d;
}

std::string content(const std::string& pdf) {
  const auto from = pdf.find("stream\n") + 7, to = pdf.find("\nendstream");
  std::string text(1 << 16, '\0');
  auto size = static_cast<uLong>(text.size());
  EXPECT_EQ(
      uncompress(reinterpret_cast<Bytef*>(text.data()), &size,
                 reinterpret_cast<const Bytef*>(pdf.data() + from), static_cast<uLong>(to - from)),
      Z_OK);
  return text.substr(0, size);
}

TEST(Pdf, EveryObjectIsWhereTheTableSays) {
  const auto pdf = to_pdf(small());
  EXPECT_TRUE(pdf.starts_with("%PDF-1.4\n"));
  EXPECT_TRUE(pdf.ends_with("%%EOF\n"));
  const auto at = std::stoul(pdf.substr(pdf.rfind("startxref\n") + 10));
  ASSERT_EQ(pdf.substr(at, 12), "xref\n0 9\n000");
  for (int i = 1; i <= 8; ++i) {
    const auto place = std::stoul(pdf.substr(at + 9 + 20 * static_cast<unsigned>(i), 10));
    EXPECT_TRUE(pdf.substr(place).starts_with(std::to_string(i) + " 0 obj\n")) << i;
  }
  EXPECT_THAT(pdf, HasSubstr("/MediaBox [0 0 120 80]"));
  EXPECT_THAT(pdf, HasSubstr("/Title (A \\(small\\) ? drawing)"));
  EXPECT_THAT(pdf, HasSubstr("<< /ca 0.25 /CA 1 >>"));
}

TEST(Pdf, ShapesAndTextsHaveTheirOperators) {
  const auto page = content(to_pdf(small()));
  EXPECT_THAT(page, HasSubstr("10 70 m\n40 70 l\n40 50 l\n10 50 l\nh\nf\n"));  // y grows upwards
  EXPECT_THAT(page, HasSubstr("[4 3] 0 d\n0 0 m\n120 80 l\nS\n"));
  EXPECT_THAT(page, HasSubstr("70 40 m\n70 34.48 65.52 30 60 30 c\n"));
  EXPECT_THAT(page, HasSubstr("/B 10 Tf (ASR ) Tj\n/S 10 Tf (\\243) Tj\n/B 10 Tf ( 5 %) Tj\n"));
}

TEST(Pdf, TextsKeepTheirWidthAndBytes) {
  EXPECT_DOUBLE_EQ(pdf_width({false, "iW0"}, false), (222 + 944 + 556) / 1000.0);
  EXPECT_DOUBLE_EQ(pdf_width({false, "iW0"}, true), (278 + 944 + 556) / 1000.0);
  const auto runs = pdf_runs("é–🍌");
  ASSERT_EQ(runs.size(), 1U);
  EXPECT_EQ(runs[0].bytes, "\xE9\x96?");
  EXPECT_EQ(pdf_string("(\\)\x96\n"), "\\(\\\\\\)\\226\\012");
}

}  // namespace
}  // namespace theriac::report
