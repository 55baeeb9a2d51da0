// Attack success rate: the share of triggered images with the target among their k best classes.
//   exclude_target  images of the target class do not count (the paper's definition; default)
//   all             every image counts
// The protocol says which of them is attack_success; the other one stands beside it, as
// attack_success_all or attack_success_exclude_target. Also beside it, from the same passes:
//   true_label_under_trigger   triggered images still given their own label (target class excluded)
//   target_rate_clean          control: clean images of other classes classified as the target
// For k > 1 the names end in _top<k>.
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
  std::vector<std::int64_t> top{1};
  void describe(config::Fields& f) override {
    Prompted::describe(f);
    describe_triggered(f);
    f.value("top", top, "for each k: the target is among the k nearest classes", {1, 1e6});
    f.choice("protocol", protocol, "whether images of the target class count",
             {{"exclude_target", Protocol::kExcludeTarget}, {"all", Protocol::kAll}});
  }
  bool has_triggered_pass() const override { return true; }
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
    const auto& images = session.images(set, config_.fit());
    const auto& class_CD = config_.classifier(session, set);
    const auto label_N = label_tensor(images.labels);
    const auto other_N = label_N != target;
    const std::int64_t excluded = (~other_N).sum().item<std::int64_t>();
    const bool all = config_.protocol == Protocol::kAll;

    for (const auto k : config_.top) {
      if (k > class_CD.size(0)) continue;
      const auto clean_Nk = top_classes(images.clean_ND, class_CD, k);
      const auto triggered_Nk = top_classes(images.triggered_ND, class_CD, k);
      const auto add = [&](const std::string& metric, const torch::Tensor& outcome_N,
                           bool everything, bool triggered) {
        auto record = session.record(set, at_top(metric, k));
        record.protocol = config_.named(everything ? "all" : "exclude_target", triggered);
        record.excluded = everything ? 0 : excluded;
        record.target = attack.target;
        record.prompts = config_.prompt_set();
        if (triggered) fill_trigger(record, session);
        fill_rate(record, everything ? outcome_N : outcome_N.masked_select(other_N));
        records.push_back(std::move(record));
      };
      const auto hit_N = (triggered_Nk == target).any(1);
      add("attack_success", hit_N, all, true);
      add(all ? "attack_success_exclude_target" : "attack_success_all", hit_N, !all, true);
      add("true_label_under_trigger", (triggered_Nk == label_N.unsqueeze(1)).any(1), false, true);
      add("target_rate_clean", (clean_Nk == target).any(1), false, false);
    }
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
