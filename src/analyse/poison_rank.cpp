// Where the poisoned pairs stand among all training pairs sorted by similarity of image and text:
// rank 0 % is the least similar pair, 100 % the most similar. Of a training set too large to embed,
// clean and poisoned pairs are drawn apart and weigh as much as there are of them.
// AUROC: the chance that a poisoned pair is more similar than a clean one; 0.5 is no difference.

#include <fmt/format.h>

#include "analyse/analysis.h"
#include "theriac/analyse/measures.h"

namespace theriac::analyse {

namespace {

class PoisonRank final : public Analysis {
 public:
  std::string missing(const Snapshot& s) const override {
    if (!s.training) return s.training_lacks;
    if (s.training->poisoned.empty() || s.training->clean.empty())
      return "no usable clean or no usable poisoned pair is left in data.train";
    return "";
  }

  Numbers add(const Snapshot& s) override {
    const auto& pairs = *s.training;
    const auto below_clean = shares_below(pairs.poisoned, pairs.clean);
    const auto below_poisoned = shares_below(pairs.poisoned, pairs.poisoned);
    const double total = pairs.clean_total + pairs.poisoned_total;
    std::vector<double> ranks;  // percent
    for (std::size_t i = 0; i < below_clean.size(); ++i)
      ranks.push_back(
          100 * (below_clean[i] * pairs.clean_total + below_poisoned[i] * pairs.poisoned_total) /
          total);
    const double q1 = quantile(ranks, 0.25), median = quantile(ranks, 0.5),
                 q3 = quantile(ranks, 0.75), area = auroc(pairs.poisoned, pairs.clean);
    rank_.add(s, median, q1, q3);
    auroc_.add(s, area);
    sheet_.rows.push_back(
        {s.name, s.run, std::to_string(s.epoch), std::to_string(pairs.poisoned.size()),
         std::to_string(pairs.clean.size()), number(pairs.poisoned_total),
         number(pairs.clean_total), number(q1), number(median), number(q3), number(area)});
    return {{"rank_q1", q1}, {"rank_median", median}, {"rank_q3", q3}, {"auroc", area}};
  }

  Figure figure() const override {
    auto ranks = rank_.panel("Rank of the poisoned pairs, %"), areas = auroc_.panel("AUROC");
    ranks.y_range = {-3, 103};
    areas.y_range = {-0.03, 1.03};
    return {{.title = "Poisoned pairs among all training pairs, by similarity",
             .note = "Rank: 0 % is the least similar pair, 100 % the most similar; median and "
                     "quartiles. AUROC: chance that a poisoned pair is more similar than a clean "
                     "one.",
             .panels = {std::move(ranks), std::move(areas)},
             .columns = 2},
            sheet_};
  }

 private:
  Lines rank_, auroc_;
  report::Sheet sheet_{
      {"checkpoint", "run", "epoch", "poisoned_measured", "clean_measured", "poisoned_total",
       "clean_total", "rank_q1", "rank_median", "rank_q3", "auroc"},
      {}};
};

}  // namespace

Kind poison_rank() {
  return {"poison_rank", "rank of poisoned pairs among all training pairs, by similarity", false,
          true, [](const Options&) { return std::make_unique<PoisonRank>(); }};
}

}  // namespace theriac::analyse
