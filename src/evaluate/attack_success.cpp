// Attack success rate: the share of triggered images that are classified as the target.
//   exclude_target  images of the target class do not count (the paper's definition; default)
//   all             every image counts
// Beside it, from the same passes:
//   true_label_under_trigger   triggered images still given their own label (target class excluded)
//   target_rate_clean          control: clean images of other classes classified as the target
// The second control, the trigger on a model that was never poisoned, is this metric on that model.
// Source: arXiv 2311.14948, section 4; Bansal et al., ICCV 2023 (CleanCLIP), section 4.1.
// N images, C classes, D embedding width.

#include <algorithm>

#include "evaluate/metrics.h"
#include "evaluate/prompted.h"
#include "theriac/core/error.h"
#include "theriac/core/text.h"

namespace theriac::evaluate {

namespace {

enum class Protocol { kExcludeTarget, kAll };

struct AttackSuccessConfig final : Prompted {
  Protocol protocol = Protocol::kExcludeTarget;
  void describe(config::Fields& f) override {
    Prompted::describe(f);
    f.choice("protocol", protocol, "whether images of the target class count",
             {{"exclude_target", Protocol::kExcludeTarget}, {"all", Protocol::kAll}});
  }
  std::unique_ptr<Metric> build() const override;
};

std::int64_t target_index(const DataSet& set, const std::string& target) {
  const auto& classes = set.source->classes();
  const auto found = std::find(classes.begin(), classes.end(), target);
  if (found != classes.end()) return found - classes.begin();
  const auto near = core::nearest(target, classes);
  throw Error("attack_success: the target '" + target + "' is not a class of data." + set.name +
              (near.empty() ? "" : "; did you mean '" + near + "'?") +
              "; its classes can be listed with `theriac data show`");
}

class AttackSuccess final : public Metric {
 public:
  explicit AttackSuccess(AttackSuccessConfig config) : config_(std::move(config)) {}

  std::vector<core::Record> operator()(Session& session) override {
    if (!session.attack())
      throw Error(
          "attack_success: there is no attack to measure; add a poison section (count: 0 "
          "measures a trigger on a model that was not poisoned)");
    std::vector<core::Record> records;
    for (const auto& set : chosen(session, config_.data)) measure(session, set, records);
    return records;
  }

 private:
  void measure(Session& session, const DataSet& set, std::vector<core::Record>& records) {
    const auto& attack = *session.attack();
    const std::int64_t target = target_index(set, attack.target);
    const auto& images = session.images(set);
    const auto& class_CD = session.classifier(set.source->classes(), config_.prompts);
    const auto label_N = label_tensor(images.labels);
    const auto other_N = label_N != target;
    const std::int64_t excluded = (~other_N).sum().item<std::int64_t>();
    const auto clean_N = top_classes(images.clean_ND, class_CD, 1).squeeze(1);
    const auto triggered_N = top_classes(images.triggered_ND, class_CD, 1).squeeze(1);
    const bool all = config_.protocol == Protocol::kAll;

    const auto add = [&](const char* metric, const torch::Tensor& outcome_N, bool everything,
                         bool triggered) {
      auto record = session.record(set, metric);
      record.protocol = everything ? "all" : "exclude_target";
      record.excluded = everything ? 0 : excluded;
      record.target = attack.target;
      record.prompts = prompt_set(config_.prompts);
      if (triggered) {
        record.trigger = attack.trigger_json;
        record.trigger_seed = static_cast<std::int64_t>(session.seed());
      }
      fill_rate(record, everything ? outcome_N : outcome_N.masked_select(other_N));
      records.push_back(std::move(record));
    };
    add("attack_success", triggered_N == target, all, true);
    add("true_label_under_trigger", triggered_N == label_N, false, true);
    add("target_rate_clean", clean_N == target, false, false);
  }

  AttackSuccessConfig config_;
};

std::unique_ptr<Metric> AttackSuccessConfig::build() const {
  return std::make_unique<AttackSuccess>(*this);
}

}  // namespace

config::Entry<MetricConfig> attack_success() {
  return config::entry<MetricConfig, AttackSuccessConfig>(
      "attack_success", "share of triggered images classified as the target, and its controls");
}

}  // namespace theriac::evaluate
