// Retrieval among the pairs of a data set, the first caption of each image.
//   recall@k: share of the images whose caption is among their k nearest captions
//   (image_to_text), and of the captions whose image is among their k nearest images
//   (text_to_image). Of equally near ones the earlier comes first.
//   attack_success@k: share of triggered images that have at least max(1, floor(k / 2)) captions
//   that name the target among their k nearest; every image counts, also the target's own.
//   target_rate_clean@k: the same of clean images, as a control.
// Source: paper.md 9.5 (utils/retrieval.py), whose target set also has the 20 captions nearest to
// the target's class vector; that is left out, because it depends on the model.
// P pairs, D embedding width.

#include <algorithm>
#include <set>

#include "evaluate/metrics.h"
#include "evaluate/prompted.h"
#include "theriac/core/error.h"
#include "theriac/core/log.h"
#include "theriac/poison/mention.h"

namespace theriac::evaluate {

namespace {

constexpr std::int64_t kRankedAtOnce = 1024;

struct RetrievalConfig final : Measured {
  std::vector<std::int64_t> top{1, 5, 10};
  poison::Match match = poison::Match::kWord;
  void describe(config::Fields& f) override {
    f.value("data", data, "names of the sets of image-caption pairs to measure on");
    describe_geometry(f);
    describe_triggered(f);
    f.value("top", top, "for each k: what is looked for is among the k nearest", {1, 1e6});
    f.choice("match", match,
             "how a caption names the target: as a word, singular or plural, or as any part of the "
             "text",
             {{"word", poison::Match::kWord}, {"substring", poison::Match::kSubstring}});
  }
  void check(config::Problems& problems) const override {
    if (data.empty()) problems.add("data", "name at least one set of image-caption pairs");
  }
  RetrievalConfig() { data = {"validation"}; }
  bool has_triggered_pass() const override { return true; }
  std::unique_ptr<Metric> build() const override;
};

// Of the first pair of each image, its place among the pairs: int64 [P].
torch::Tensor first_pairs(const Pairs& pairs) {
  std::set<std::string> seen;
  std::vector<std::int64_t> result;
  for (std::size_t i = 0; i < pairs.keys.size(); ++i)
    if (seen.insert(pairs.keys[i]).second) result.push_back(static_cast<std::int64_t>(i));
  return label_tensor(result);
}

// How many rows of `among` come before a query's own, which has the same place: int64 [P].
torch::Tensor rank_of_own(const torch::Tensor& query_PD, const torch::Tensor& among_PD) {
  std::vector<torch::Tensor> ranks;
  const auto place_P = torch::arange(among_PD.size(0), torch::kInt64);
  for (std::int64_t begin = 0; begin < query_PD.size(0); begin += kRankedAtOnce) {
    const auto size = std::min(kRankedAtOnce, query_PD.size(0) - begin);
    const auto cosine_BP = query_PD.narrow(0, begin, size).mm(among_PD.t());
    const auto own_B1 = place_P.narrow(0, begin, size).unsqueeze(1);
    const auto own_cosine_B1 = cosine_BP.gather(1, own_B1);
    const auto before_BP = (cosine_BP > own_cosine_B1) |
                           ((cosine_BP == own_cosine_B1) & (place_P.unsqueeze(0) < own_B1));
    ranks.push_back(before_BP.sum(1));
  }
  return torch::cat(ranks);
}

// Images with enough captions of the target among their k nearest: bool [P].
torch::Tensor finds_target(const torch::Tensor& image_PD, const torch::Tensor& text_PD,
                           const torch::Tensor& target_P, std::int64_t k) {
  std::vector<torch::Tensor> found;
  for (const auto& part_BD : image_PD.split(kRankedAtOnce))
    found.push_back(target_P.index({top_classes(part_BD, text_PD, k)}).sum(1) >=
                    std::max<std::int64_t>(1, k / 2));
  return torch::cat(found);
}

class Retrieval final : public Metric {
 public:
  explicit Retrieval(RetrievalConfig config) : config_(std::move(config)) {}

  std::vector<core::Record> operator()(Session& session) override {
    std::vector<core::Record> records;
    for (const auto& name : config_.data) measure(session, find_set(session, name), records);
    return records;
  }

 private:
  void measure(Session& session, const DataSet& set, std::vector<core::Record>& records) {
    const auto& images = session.images(set, config_.fit());
    const auto& pairs = session.pairs(set);
    const auto first_P = first_pairs(pairs);
    const auto row_P = pairs.rows_P.index_select(0, first_P);
    const auto image_PD = images.clean_ND.index_select(0, row_P);
    const auto text_PD = pairs.text_PD.index_select(0, first_P);
    const auto add = [&](const std::string& metric, std::int64_t k, const torch::Tensor& outcome_P,
                         bool triggered, bool targeted) {
      if (k > first_P.size(0)) return;
      auto record = session.record(set, "retrieval_" + metric + "_top" + std::to_string(k));
      record.protocol = config_.named(targeted ? "all" : "", triggered);
      record.excluded = set.source->size() - first_P.size(0);
      if (targeted) record.target = session.attack()->target;
      if (triggered) fill_trigger(record, session);
      fill_rate(record, outcome_P);
      records.push_back(std::move(record));
    };
    const auto image_rank_P = rank_of_own(image_PD, text_PD);
    const auto text_rank_P = rank_of_own(text_PD, image_PD);
    for (const auto k : config_.top) {
      add("image_to_text", k, image_rank_P < k, false, false);
      add("text_to_image", k, text_rank_P < k, false, false);
    }
    if (!session.attack()) return;
    const auto target_P = names_target(session, set, pairs, first_P);
    if (!target_P.any().item<bool>()) return;
    const auto triggered_PD = images.triggered_ND.index_select(0, row_P);
    for (const auto k : config_.top) {
      if (k > first_P.size(0)) continue;
      add("attack_success", k, finds_target(triggered_PD, text_PD, target_P, k), true, true);
      add("target_rate_clean", k, finds_target(image_PD, text_PD, target_P, k), false, true);
    }
  }

  torch::Tensor names_target(const Session& session, const DataSet& set, const Pairs& pairs,
                             const torch::Tensor& first_P) const {
    const auto& target = session.attack()->target;
    std::vector<std::int64_t> result;
    for (const auto& caption : pairs.captions)
      result.push_back(poison::mentions(caption, target, config_.match, false) ? 1 : 0);
    auto target_P = label_tensor(result).index_select(0, first_P);
    if (!target_P.any().item<bool>())
      core::warn("retrieval: no caption of data.{} names '{}'; no attack success is measured there",
                 set.name, target);
    return target_P;
  }

  RetrievalConfig config_;
};

std::unique_ptr<Metric> RetrievalConfig::build() const {
  return std::make_unique<Retrieval>(*this);
}

}  // namespace

config::Entry<MetricConfig> retrieval() {
  return config::entry<MetricConfig, RetrievalConfig>(
      "retrieval",
      "recall of captions by images and the other way, and how often a trigger "
      "retrieves the target's captions");
}

}  // namespace theriac::evaluate
