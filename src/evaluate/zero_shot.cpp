// Zero-shot accuracy: the share of images whose label is among the k classes with the nearest
// class vectors; class vector = normalised mean of the normalised prompt embeddings.
// Source: Radford et al. 2021, "Learning Transferable Visual Models", sections 3.1.2 and 3.1.4.
// N images, C classes, D embedding width.

#include "evaluate/metrics.h"
#include "evaluate/prompted.h"

namespace theriac::evaluate {

namespace {

struct ZeroShotConfig final : Prompted {
  std::vector<std::int64_t> top{1, 5};
  void describe(config::Fields& f) override {
    Prompted::describe(f);
    f.value("top", top, "for each k: the label is among the k nearest classes", {1, 1e6});
  }
  std::unique_ptr<Metric> build() const override;
};

class ZeroShot final : public Metric {
 public:
  explicit ZeroShot(ZeroShotConfig config) : config_(std::move(config)) {}

  std::vector<core::Record> operator()(Session& session) override {
    std::vector<core::Record> records;
    for (const auto& set : chosen(session, config_.data)) {
      const auto& images = session.images(set, config_.fit());
      const auto& class_CD = config_.classifier(session, set);
      const auto label_N1 = label_tensor(images.labels).unsqueeze(1);
      for (const auto k : config_.top) {
        if (k > class_CD.size(0)) continue;
        auto record = session.record(set, "zero_shot_top" + std::to_string(k));
        record.protocol = config_.named("", false);
        record.prompts = config_.prompt_set();
        fill_rate(record, (top_classes(images.clean_ND, class_CD, k) == label_N1).any(1));
        records.push_back(std::move(record));
      }
    }
    return records;
  }

 private:
  ZeroShotConfig config_;
};

std::unique_ptr<Metric> ZeroShotConfig::build() const { return std::make_unique<ZeroShot>(*this); }

}  // namespace

config::Entry<MetricConfig> zero_shot() {
  return config::entry<MetricConfig, ZeroShotConfig>(
      "zero_shot", "accuracy of the nearest class vector, from prompts (Radford et al. 2021)");
}

}  // namespace theriac::evaluate
