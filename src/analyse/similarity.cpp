// Histograms of cosine similarities.
//   matching pairs             an image and its own text
//   non-matching pairs         an image and every text that differs from its own
//   poisoned pairs             training pairs as poisoned: triggered image and planted caption
//   triggered to the target    triggered images of other classes and each prompt of the target
//   clean to the target        the same images without trigger: the control

#include <fmt/format.h>

#include <algorithm>
#include <map>

#include "analyse/analysis.h"
#include "theriac/analyse/measures.h"

namespace theriac::analyse {

namespace {

constexpr std::int64_t kBins = 100;  // over [-1, 1]
constexpr std::size_t kMostPanels = 6;
constexpr double kFewPairs = 200;  // below, single bins are noise: the figure joins two

struct Histogram {
  std::string name;
  torch::Tensor count_B;  // float64
  double mean = 0;

  Histogram(std::string what, const torch::Tensor& cosines) : name(std::move(what)) {
    const auto values = cosines.to(torch::kFloat64).flatten().clamp(-1, 1);
    count_B = torch::histc(values, kBins, -1, 1);
    mean = values.mean().item<double>();
  }
  // Percent in `bins` bins from `bin` on.
  double share(std::int64_t bin, std::int64_t bins = 1) const {
    return 100 * (count_B.narrow(0, bin, bins).sum() / count_B.sum()).item<double>();
  }
};

double edge(std::int64_t bin) { return -1 + 2 * static_cast<double>(bin) / kBins; }

torch::Tensor non_matching(const Snapshot& s, const torch::Tensor& image_PD) {
  std::map<std::string, std::int64_t> ids;
  std::vector<std::int64_t> id_of;
  for (const auto& text : s.texts)
    id_of.push_back(ids.emplace(text, static_cast<std::int64_t>(ids.size())).first->second);
  const auto id_P = torch::tensor(id_of, torch::kInt64);
  return image_PD.mm(s.text_PD.t()).masked_select(id_P.unsqueeze(1) != id_P.unsqueeze(0));
}

class Similarity final : public Analysis {
 public:
  std::string missing(const Snapshot& s) const override {
    return s.texts.empty() ? "the data have no captions or class labels; name a set of "
                             "image-caption pairs with --data"
                           : "";
  }

  Numbers add(const Snapshot& s) override {
    const auto image_PD = s.clean_ND.index_select(0, s.paired_P);
    std::vector<Histogram> all{{"matching pairs", (image_PD * s.text_PD).sum(1)}};
    if (const auto other = non_matching(s, image_PD); other.numel() > 0)
      all.emplace_back("non-matching pairs", other);
    if (s.training && !s.training->poisoned.empty())
      all.emplace_back("poisoned pairs", torch::tensor(s.training->poisoned, torch::kFloat64));
    if (s.target_TD.defined()) {
      const auto other_N = torch::tensor(s.labels, torch::kInt64) != s.target_label;
      const auto to_target = [&](const torch::Tensor& image_ND) {
        return image_ND.mm(s.target_TD.t()).index({other_N});
      };
      if (s.target_label < 0 || other_N.any().item<bool>()) {
        all.emplace_back("triggered to the target", to_target(s.triggered_ND));
        all.emplace_back("clean to the target", to_target(s.clean_ND));
      }
    }
    Numbers numbers;
    for (const auto& h : all) {
      auto key = "mean_" + h.name;
      std::replace_if(
          key.begin(), key.end(), [](char c) { return c == ' ' || c == '-'; }, '_');
      numbers.emplace_back(std::move(key), h.mean);
      for (std::int64_t b = 0; b < kBins; ++b)
        if (h.count_B[b].item<double>() > 0)
          sheet_.rows.push_back({s.name, s.run, h.name, number(edge(b)), number(edge(b + 1)),
                                 number(h.count_B[b].item<double>()), number(h.share(b))});
    }
    names_.push_back(s.name);
    histograms_.push_back(std::move(all));
    return numbers;
  }

  Figure figure() const override {
    const std::int64_t joined = few() ? 2 : 1;
    Figure result{
        {.title = "Cosine similarity of images and texts",
         .note = fmt::format("Share of the pairs in each {:g} of cosine. To the target: images of "
                             "other classes and each prompt of the target.",
                             edge(joined) - edge(0)) +
                 shown_note(names_.size(), kMostPanels)},
        sheet_};
    const auto [low, high] = occupied(joined);
    for (const auto i : spaced(names_.size(), kMostPanels)) {
      report::Panel panel{
          .title = names_[i], .x_label = "cosine similarity", .y_label = "share of the pairs, %"};
      for (const auto& h : histograms_[i]) panel.series.push_back(steps(h, low, high, joined));
      panel.x_range = {edge(low), edge(high)};
      result.chart.panels.push_back(std::move(panel));
    }
    result.chart.columns = columns_for(names_.size());
    return result;
  }

 private:
  bool few() const {
    for (const auto& all : histograms_)
      for (const auto& h : all)
        if (h.count_B.sum().item<double>() < kFewPairs) return true;
    return false;
  }

  // The bins that any of the histograms needs, with one to spare, in whole `joined` bins.
  std::pair<std::int64_t, std::int64_t> occupied(std::int64_t joined) const {
    std::int64_t low = kBins, high = 0;
    for (const auto& all : histograms_)
      for (const auto& h : all) {
        const auto filled = h.count_B.nonzero();
        low = std::min(low, filled.min().item<std::int64_t>());
        high = std::max(high, filled.max().item<std::int64_t>() + 1);
      }
    return {std::max<std::int64_t>(low - 1, 0) / joined * joined,
            std::min((high + joined) / joined * joined, kBins)};
  }

  static report::Series steps(const Histogram& h, std::int64_t low, std::int64_t high,
                              std::int64_t joined) {
    report::Series series{h.name, report::Series::Kind::kLine, {}, {}, {}, {}};
    for (auto b = low; b < high; b += joined) {
      const double share = h.share(b, joined);
      series.x.insert(series.x.end(), {edge(b), edge(b + joined)});
      series.y.insert(series.y.end(), {share, share});
      series.low.insert(series.low.end(), {0, 0});
      series.high.insert(series.high.end(), {share, share});
    }
    return series;
  }

  std::vector<std::string> names_;
  std::vector<std::vector<Histogram>> histograms_;
  report::Sheet sheet_{{"checkpoint", "run", "pairs", "from", "to", "count", "percent"}, {}};
};

}  // namespace

Kind similarity() {
  return {"similarity", "histograms of similarity: matching, other, poisoned and target pairs",
          true, true, [](const Options&) { return std::make_unique<Similarity>(); }};
}

}  // namespace theriac::analyse
