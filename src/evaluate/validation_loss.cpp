// Validation loss: the contrastive loss on pairs that were not trained on; lower is better.
//   loss = sum over batches b of |b| * (CE(s I_b T_b^T) + CE(s T_b I_b^T)) / 2, divided by P
// Batches follow the order of the data, the last one may be smaller. The value depends on
// batch_size: a caption competes with those of its batch. At most ln batch_size for logits that
// say nothing.
// I, T: [P, D] unit rows of all pairs; s: the model's logit scale; CE: mean over rows.
// Source: paper.md 2.1 and 9.3 (evaluate.py). It is the plain loss whatever the objective was.

#include <algorithm>

#include "evaluate/metrics.h"
#include "evaluate/prompted.h"

namespace theriac::evaluate {

namespace {

struct ValidationLossConfig final : MetricConfig {
  std::vector<std::string> data{"validation"};
  std::int64_t batch_size = 128;
  void describe(config::Fields& f) override {
    f.value("data", data, "names of the sets of image-caption pairs to measure on");
    f.value("batch_size", batch_size,
            "pairs that are contrasted with each other; part of the value", {1, 1e6});
  }
  void check(config::Problems& problems) const override {
    if (data.empty()) problems.add("data", "name at least one set of image-caption pairs");
  }
  std::vector<std::string> data_sets() const override { return data; }
  std::unique_ptr<Metric> build() const override;
};

double mean_loss(const torch::Tensor& image_PD, const torch::Tensor& text_PD, double scale,
                 std::int64_t batch_size) {
  const auto pairs = image_PD.size(0);
  double sum = 0;
  for (std::int64_t begin = 0; begin < pairs; begin += batch_size) {
    const auto size = std::min(batch_size, pairs - begin);
    const auto logits_BB =
        scale * image_PD.narrow(0, begin, size).mm(text_PD.narrow(0, begin, size).t());
    const auto own_B = torch::arange(size, torch::kInt64);
    const auto both =
        at::cross_entropy_loss(logits_BB, own_B) + at::cross_entropy_loss(logits_BB.t(), own_B);
    sum += static_cast<double>(size) * both.item<double>() / 2;
  }
  return sum / static_cast<double>(pairs);
}

class ValidationLoss final : public Metric {
 public:
  explicit ValidationLoss(ValidationLossConfig config) : config_(std::move(config)) {}

  std::vector<core::Record> operator()(Session& session) override {
    std::vector<core::Record> records;
    for (const auto& name : config_.data) {
      const auto& set = find_set(session, name);
      const auto& pairs = session.pairs(set);
      auto record = session.record(set, "validation_loss");
      record.n = pairs.rows_P.size(0);
      record.excluded = set.source->size() - record.n;
      const auto image_PD = session.images(set).clean_ND.index_select(0, pairs.rows_P);
      record.value = record.low = record.high =
          mean_loss(image_PD, pairs.text_PD, session.logit_scale(), config_.batch_size);
      records.push_back(std::move(record));
    }
    return records;
  }

 private:
  ValidationLossConfig config_;
};

std::unique_ptr<Metric> ValidationLossConfig::build() const {
  return std::make_unique<ValidationLoss>(*this);
}

}  // namespace

config::Entry<MetricConfig> validation_loss() {
  return config::entry<MetricConfig, ValidationLossConfig>(
      "validation_loss", "contrastive loss on image-caption pairs; lower is better");
}

}  // namespace theriac::evaluate
