#include "evaluate/probe.h"

#include <algorithm>

#include "theriac/core/error.h"
#include "theriac/core/text.h"

namespace theriac::evaluate {

namespace {

std::int64_t index_of(const std::vector<std::string>& classes, const std::string& name) {
  const auto found = std::find(classes.begin(), classes.end(), name);
  return found == classes.end() ? -1 : found - classes.begin();
}

// For each class of the memory its number in the measured set. Both have the same classes.
std::vector<std::int64_t> matched(const std::string& probe, const DataSet& memory,
                                  const DataSet& set) {
  const auto& known = memory.source->classes();
  const auto missing = [&](const DataSet& where, const std::string& name, const DataSet& other) {
    const auto near = core::nearest(name, where.source->classes());
    throw Error(probe + ": data." + where.name + " has no class '" + name + "', which data." +
                other.name + " has" + (near.empty() ? "" : "; did you mean '" + near + "'?") +
                "; the memory and what is measured need the same classes");
  };
  for (const auto& name : set.source->classes())
    if (index_of(known, name) < 0) missing(memory, name, set);
  std::vector<std::int64_t> result;
  for (const auto& name : known) {
    result.push_back(index_of(set.source->classes(), name));
    if (result.back() < 0) missing(set, name, memory);
  }
  return result;
}

class Probe final : public Metric {
 public:
  Probe(std::string name, std::shared_ptr<const ProbeConfig> config)
      : name_(std::move(name)), config_(std::move(config)) {}

  std::vector<core::Record> operator()(Session& session) override {
    std::vector<core::Record> records;
    const auto& memory = find_set(session, config_->memory);
    if (memory.source->classes().empty())
      throw Error(name_ + ".memory: data." + memory.name +
                  " has no class labels; use emoji, image_folder, or csv with label_key");
    for (const auto& set : chosen(session, config_->data))
      if (set.name != memory.name) measure(session, memory, set, records);
    if (records.empty())
      throw Error(name_ + ".memory: data." + memory.name +
                  " is the only data set to measure on; give the memory a set of its own");
    return records;
  }

 private:
  static Features features(const Session& session, const torch::Tensor& unit_ND,
                           const torch::Tensor& length_N) {
    return {unit_ND.to(session.device()), length_N.to(session.device())};
  }

  void measure(Session& session, const DataSet& memory, const DataSet& set,
               std::vector<core::Record>& records) {
    const auto& images = session.images(set, config_->fit());
    const auto& known = session.clean_images(memory, config_->fit());
    const auto number = label_tensor(matched(name_, memory, set));
    const auto classify = config_->learn(
        {features(session, known.clean_ND, known.clean_length_N),
         number.index_select(0, label_tensor(known.labels)).to(session.device()), number.size(0)},
        session.seed());
    const auto label_N = label_tensor(images.labels);
    const auto clean_NC = classify(features(session, images.clean_ND, images.clean_length_N)).cpu();
    torch::Tensor triggered_NC;
    if (session.attack())
      triggered_NC =
          classify(features(session, images.triggered_ND, images.triggered_length_N)).cpu();
    for (const auto k : config_->top) {
      if (k > number.size(0)) continue;
      auto record = session.record(set, name_ + "_top" + std::to_string(k));
      record.protocol = config_->named("", false);
      fill_rate(record, (top_columns(clean_NC, k) == label_N.unsqueeze(1)).any(1));
      records.push_back(std::move(record));
      if (triggered_NC.defined())
        add_triggered(session, set, top_columns(triggered_NC, k), label_N, records);
    }
  }

  // A data set without the target class, on which the attack aims at nothing, has no target rate.
  void add_triggered(const Session& session, const DataSet& set, const torch::Tensor& best_Nk,
                     const torch::Tensor& label_N, std::vector<core::Record>& records) const {
    const auto target = index_of(set.source->classes(), session.attack()->target);
    const auto other_N = label_N != target;
    const auto add = [&](const char* what, const torch::Tensor& outcome_N) {
      auto record = session.record(set, at_top(name_ + what, best_Nk.size(1)));
      record.protocol = config_->named("exclude_target", true);
      record.excluded = (~other_N).sum().item<std::int64_t>();
      record.target = session.attack()->target;
      fill_trigger(record, session);
      fill_rate(record, outcome_N.masked_select(other_N));
      records.push_back(std::move(record));
    };
    add("_true_label_under_trigger", (best_Nk == label_N.unsqueeze(1)).any(1));
    if (target >= 0) add("_attack_success", (best_Nk == target).any(1));
  }

  std::string name_;
  std::shared_ptr<const ProbeConfig> config_;
};

}  // namespace

void ProbeConfig::describe(config::Fields& f) {
  f.value("memory", memory,
          "name of the labelled set that classes are learned from, with the same classes; usually "
          "one of data.extra");
  Measured::describe(f);
  describe_triggered(f);
  f.value("top", top, "for each k: the label, or the target, is among the k best classes",
          {1, 1e6});
}

std::vector<std::string> ProbeConfig::data_sets() const {
  auto result = data;
  result.push_back(memory);
  return result;
}

std::unique_ptr<Metric> make_probe(std::string name, std::shared_ptr<const ProbeConfig> config) {
  return std::make_unique<Probe>(std::move(name), std::move(config));
}

}  // namespace theriac::evaluate
