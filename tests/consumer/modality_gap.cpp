// Modality gap: the distance between the mean image embedding and the mean class vector.
// Source: Liang et al., NeurIPS 2022, section 2.

#include "components.h"
#include "theriac/evaluate/session.h"

namespace {

using namespace theriac;

struct Config final : evaluate::MetricConfig {
  void describe(config::Fields&) override {}
  std::unique_ptr<evaluate::Metric> build() const override;
};

class ModalityGap final : public evaluate::Metric {
 public:
  std::vector<core::Record> operator()(evaluate::Session& session) override {
    std::vector<core::Record> records;
    for (const auto& set : session.data()) {
      const auto& classes = session.classifier(set.source->classes(), {"a photo of a {}"});
      const auto image_D = session.images(set).clean_ND.mean(0);
      auto record = session.record(set, "modality_gap");
      record.n = session.images(set).clean_ND.size(0);
      record.value = record.low = record.high = (image_D - classes.mean(0)).norm().item<double>();
      records.push_back(std::move(record));
    }
    return records;
  }
};

std::unique_ptr<evaluate::Metric> Config::build() const { return std::make_unique<ModalityGap>(); }

}  // namespace

config::Entry<evaluate::MetricConfig> modality_gap() {
  return config::entry<evaluate::MetricConfig, Config>(
      "modality_gap", "distance between the means of images and classes (Liang et al. 2022)");
}
