#include "theriac/experiment/contact_sheet.h"

#include <algorithm>
#include <opencv2/imgproc.hpp>

#include "theriac/core/random.h"
#include "theriac/loader/transform.h"

namespace theriac::experiment {

namespace {

constexpr int kTile = 160, kGap = 12, kText = 34, kColumns = 3;

void write_line(cv::Mat& sheet, const std::string& text, cv::Point at, double scale,
                const cv::Scalar& colour, int width) {
  std::string line = text;
  int baseline = 0;
  while (line.size() > 4 &&
         cv::getTextSize(line, cv::FONT_HERSHEY_SIMPLEX, scale, 1, &baseline).width > width)
    line = line.substr(0, line.size() - 4) + "...";
  cv::putText(sheet, line, at, cv::FONT_HERSHEY_SIMPLEX, scale, colour, 1, cv::LINE_AA);
}

cv::Mat tile(const cv::Mat& rgb) {
  cv::Mat scaled;
  const int method = rgb.cols <= kTile ? cv::INTER_NEAREST : cv::INTER_AREA;
  cv::resize(rgb, scaled, {kTile, kTile}, 0, 0, method);
  return scaled;
}

}  // namespace

cv::Mat contact_sheet(const data::Source& source, const poison::Plan& plan,
                      const poison::Trigger& trigger, const loader::View& view, int image_size,
                      int rows) {
  const int count = std::min<int>(rows, static_cast<int>(plan.samples.size()));
  const int columns_of_rows = count > 6 ? 2 : 1;
  const int down = (count + columns_of_rows - 1) / columns_of_rows;
  const int group = kColumns * (kTile + kGap) + kGap;
  const cv::Scalar ink(40, 40, 40), faint(120, 120, 120), red(190, 40, 40);
  cv::Mat sheet(kGap + 20 + down * (kTile + kText + kGap), columns_of_rows * group, CV_8UC3,
                cv::Scalar(250, 250, 250));
  for (int column = 0; column < columns_of_rows; ++column) {
    const char* heads[] = {"original", "poisoned", "augmented view"};
    for (int i = 0; i < kColumns; ++i)
      write_line(sheet, heads[i], {column * group + kGap + i * (kTile + kGap), 20}, 0.42, faint,
                 kTile);
  }
  for (int i = 0; i < count; ++i) {
    const auto& sample = plan.samples[plan.samples.size() * i / count];
    const auto decoded = data::pixels(source.get(sample.index));
    if (decoded.bad != data::Bad::kNone) continue;
    const cv::Mat original = loader::fit(decoded.rgb, image_size, plan.geometry);
    cv::Mat poisoned = original.clone();
    core::Stream mark(sample.trigger_seed);
    trigger.apply(poisoned, mark);
    auto random = core::stream(plan.seed, "contact sheet", 0, sample.index);
    const cv::Mat augmented = loader::augment(poisoned, view, random);
    const int x = (i / down) * group + kGap;
    const int y = kGap + 16 + (i % down) * (kTile + kText + kGap);
    int column = 0;
    for (const auto& picture : {original, poisoned, augmented})
      tile(picture).copyTo(sheet(cv::Rect(x + column++ * (kTile + kGap), y, kTile, kTile)));
    write_line(sheet, sample.original_caption, {x, y + kTile + 14}, 0.38, ink, group - 3 * kGap);
    write_line(sheet, "-> " + sample.caption, {x, y + kTile + 30}, 0.38, red, group - 3 * kGap);
  }
  return sheet;
}

Survival survival(const poison::Plan& plan, const poison::Trigger& trigger,
                  const loader::View& view, int image_size, std::uint64_t seed) {
  constexpr int kEpochs = 4;
  Survival result;
  const cv::Size size(image_size, image_size);
  for (const auto& sample : plan.samples) {
    const cv::Rect mark = trigger.place(size, core::Stream(sample.trigger_seed));
    if (mark.empty()) continue;
    for (int epoch = 0; epoch < kEpochs; ++epoch) {
      const double share =
          loader::visible(mark, size, view, core::stream(seed, "survival", epoch, sample.index));
      ++result.samples;
      result.mean += share;
      result.whole += share >= 0.9;
      result.half += share >= 0.5;
      result.gone += share < 0.1;
    }
  }
  if (result.samples > 0) result.mean /= static_cast<double>(result.samples);
  return result;
}

}  // namespace theriac::experiment
