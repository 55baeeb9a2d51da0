// Embeddings of images and texts in the plane, each checkpoint by itself.

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "analyse/analysis.h"
#include "theriac/analyse/projection.h"

namespace theriac::analyse {

namespace {

constexpr std::size_t kMostPlanes = 6;
constexpr double kUsualPerplexity = 30, kSmallPerplexity = 5, kLeastPerplexity = 2;

// What the points of one checkpoint are, in their order.
struct Group {
  std::string name;
  torch::Tensor points_ND;
  std::vector<std::int64_t> rows, labels;  // empty for prompts, which belong to no image
};

std::vector<Group> groups(const Snapshot& s) {
  std::vector<Group> result{{"clean images", s.clean_ND, s.rows, s.labels}};
  if (s.triggered_ND.defined())
    result.push_back({"triggered images", s.triggered_ND, s.rows, s.labels});
  if (!s.texts.empty()) {
    Group texts{"captions", s.text_PD, {}, {}};
    const auto paired = s.paired_P.accessor<std::int64_t, 1>();
    for (std::int64_t i = 0; i < paired.size(0); ++i) {
      texts.rows.push_back(s.rows[static_cast<std::size_t>(paired[i])]);
      texts.labels.push_back(s.labels[static_cast<std::size_t>(paired[i])]);
    }
    result.push_back(std::move(texts));
  }
  if (s.target_TD.defined()) result.push_back({"prompts of the target", s.target_TD, {}, {}});
  return result;
}

torch::Tensor joined(const std::vector<Group>& all) {
  std::vector<torch::Tensor> parts;
  for (const auto& group : all) parts.push_back(group.points_ND);
  return torch::cat(parts);
}

std::int64_t count(const Snapshot& s) {
  std::int64_t n = 0;
  for (const auto& group : groups(s)) n += group.points_ND.size(0);
  return n;
}

class Projection : public Analysis {
 public:
  Numbers add(const Snapshot& s) override {
    const auto all = groups(s);
    Numbers numbers;
    report::Panel panel{.title = s.name, .x_label = "", .y_label = ""};
    const auto plane_N2 = project(joined(all), panel, numbers).to(torch::kFloat64).contiguous();
    const auto place = plane_N2.accessor<double, 2>();
    std::int64_t i = 0;
    for (const auto& group : all) {
      report::Series series{group.name, report::Series::Kind::kPoints, {}, {}, {}, {}};
      for (std::int64_t k = 0; k < group.points_ND.size(0); ++k, ++i) {
        series.x.push_back(place[i][0]);
        series.y.push_back(place[i][1]);
        const auto at = static_cast<std::size_t>(k);
        const auto label = group.rows.empty() ? -1 : group.labels[at];
        sheet_.rows.push_back(
            {s.name, s.run, group.name, group.rows.empty() ? "" : std::to_string(group.rows[at]),
             label < 0 || s.classes.empty() ? "" : s.classes[static_cast<std::size_t>(label)],
             number(place[i][0]), number(place[i][1])});
      }
      panel.series.push_back(std::move(series));
    }
    panels_.push_back(std::move(panel));
    return numbers;
  }

  Figure figure() const override {
    Figure result{{.title = title(), .note = note() + shown_note(panels_.size(), kMostPlanes)},
                  sheet_};
    for (const auto i : spaced(panels_.size(), kMostPlanes))
      result.chart.panels.push_back(panels_[i]);
    result.chart.columns = columns_for(panels_.size());
    return result;
  }

 protected:
  // Places in the plane; may write on the panel.
  virtual torch::Tensor project(const torch::Tensor& points_ND, report::Panel& panel,
                                Numbers& numbers) const = 0;
  virtual std::string title() const = 0;
  virtual std::string note() const = 0;

 private:
  std::vector<report::Panel> panels_;
  report::Sheet sheet_{{"checkpoint", "run", "kind", "row", "class", "x", "y"}, {}};
};

class PcaProjection final : public Projection {
 public:
  std::string missing(const Snapshot& s) const override {
    return count(s) >= 3 && s.clean_ND.size(1) >= 2 ? "" : "there are fewer than three points";
  }

 private:
  torch::Tensor project(const torch::Tensor& points_ND, report::Panel& panel,
                        Numbers& numbers) const override {
    const auto result = pca(points_ND, 2);
    const double first = result.share_K[0].item<double>(),
                 second = result.share_K[1].item<double>();
    numbers = {{"variance_share_1", first}, {"variance_share_2", second}};
    panel.x_label = fmt::format("first component, {:.0f} %", 100 * first);
    panel.y_label = fmt::format("second component, {:.0f} % of the variance", 100 * second);
    return result.scores_NK;
  }
  std::string title() const override { return "Principal components of the embeddings"; }
  std::string note() const override { return "All points of a checkpoint together; unit vectors."; }
};

class TsneProjection final : public Projection {
 public:
  explicit TsneProjection(const Options& options) : options_(options) {}

  std::string missing(const Snapshot& s) const override {
    const auto n = count(s);
    if (n > kMostTsnePoints)
      return fmt::format(
          "it takes at most {} points, and the data have {}; ask for fewer --samples",
          kMostTsnePoints, n);
    const double most = static_cast<double>(n - 1) / 3;
    if (options_.perplexity && *options_.perplexity > most)
      return fmt::format(
          "a perplexity of {:g} needs at least {:.0f} points, and the data have {}; ask for more "
          "--samples, or for a --perplexity of at most {:g}",
          *options_.perplexity, std::ceil(3 * *options_.perplexity + 1), n, std::floor(most));
    if (most < kLeastPerplexity)
      return fmt::format("there are only {} points; it takes 7 or more", n);
    return "";
  }

 private:
  double perplexity(std::int64_t n) const {
    if (options_.perplexity) return *options_.perplexity;
    const auto points = static_cast<double>(n);
    return std::min(std::clamp(std::floor(points / 10), kSmallPerplexity, kUsualPerplexity),
                    std::floor((points - 1) / 3));
  }
  torch::Tensor project(const torch::Tensor& points_ND, report::Panel& panel,
                        Numbers& numbers) const override {
    const double width = perplexity(points_ND.size(0));
    const auto result = tsne(
        points_ND, {.perplexity = width, .iterations = options_.iterations, .seed = options_.seed});
    numbers = {{"perplexity", width}, {"kl_divergence", result.divergence}};
    panel.units = false;
    panel.x_label = fmt::format("KL {:.2f}", result.divergence);
    panel.y_label = fmt::format("perplexity {:g}", width);
    return result.layout_N2;
  }
  std::string title() const override { return "t-SNE of the embeddings"; }
  std::string note() const override {
    return "Near points are alike; distances between groups and their sizes mean little. Each "
           "checkpoint has a layout of its own.";
  }

  Options options_;
};

}  // namespace

Kind pca_projection() {
  return {"pca", "first two principal components of image and text embeddings", true, false,
          [](const Options&) { return std::make_unique<PcaProjection>(); }};
}

Kind tsne_projection() {
  return {"tsne", "t-SNE of image and text embeddings", true, false,
          [](const Options& options) { return std::make_unique<TsneProjection>(options); }};
}

}  // namespace theriac::analyse
