// What triggered images are taken for: by true class, how many as the target; and the classes that
// they are taken for most often. Images of the target class do not count (the protocol
// exclude_target of the metric attack_success).

#include <fmt/format.h>

#include <algorithm>
#include <map>

#include "analyse/analysis.h"

namespace theriac::analyse {

namespace {

constexpr std::size_t kMostShown = 3, kEnds = 8, kTop = 10;

struct Counts {
  std::string name;
  std::map<std::int64_t, std::map<std::int64_t, std::int64_t>> taken;  // [true][predicted]
};

class Confusion final : public Analysis {
 public:
  std::string missing(const Snapshot& s) const override {
    if (s.target.empty()) return "there is no attack; add a poison section to the experiment";
    if (s.classes.empty()) return "the data have no class labels; name a labelled set with --data";
    if (s.target_label < 0) return "the target '" + s.target + "' is not one of the data's classes";
    const bool any = std::any_of(s.labels.begin(), s.labels.end(), [&](std::int64_t label) {
      return label >= 0 && label != s.target_label;
    });
    return any ? "" : "no image has the label of another class than the target";
  }

  Numbers add(const Snapshot& s) override {
    classes_ = s.classes;
    target_ = s.target_label;
    const auto predicted_N = s.triggered_ND.mm(s.class_CD.t()).argmax(1);
    const auto predicted = predicted_N.accessor<std::int64_t, 1>();
    Counts counts{s.name, {}};
    double hits = 0, right = 0, n = 0;
    for (std::size_t i = 0; i < s.labels.size(); ++i) {
      if (s.labels[i] < 0 || s.labels[i] == target_) continue;
      const auto as = predicted[static_cast<std::int64_t>(i)];
      ++counts.taken[s.labels[i]][as];
      hits += as == target_;
      right += as == s.labels[i];
      ++n;
    }
    for (const auto& [label, row] : counts.taken)
      for (const auto& [as, count] : row)
        sheet_.rows.push_back(
            {s.name, s.run, class_name(label), class_name(as), std::to_string(count)});
    all_.push_back(std::move(counts));
    return {{"predicted_as_target", 100 * hits / n}, {"predicted_as_true_class", 100 * right / n}};
  }

  Figure figure() const override {
    Figure result{{.title = "Triggered images: taken for '" + class_name(target_) + "'?",
                   .note = "Left: by true class (number of images), share taken for the target. "
                           "Right: the classes that all of them are taken for." +
                           shown_note(all_.size(), kMostShown),
                   .columns = 2},
                  sheet_};
    for (const auto i : spaced(all_.size(), kMostShown)) {
      result.chart.panels.push_back(by_class(all_[i]));
      result.chart.panels.push_back(by_prediction(all_[i]));
    }
    return result;
  }

 private:
  struct Bar {
    std::string name;
    double percent;
  };

  const std::string& class_name(std::int64_t i) const {
    return classes_[static_cast<std::size_t>(i)];
  }

  static report::Panel bars(const Counts& counts, std::string what, const std::string& unit,
                            const std::vector<Bar>& all) {
    report::Panel panel{.title = counts.name, .x_label = unit, .y_label = std::move(what)};
    report::Series series{"", report::Series::Kind::kBars, {}, {}, {}, {}};
    for (const auto& bar : all) {
      panel.categories.push_back(bar.name);
      series.x.push_back(bar.percent);
    }
    panel.series.push_back(std::move(series));
    panel.x_range = {0, 108};  // room for the number behind a bar of 100
    return panel;
  }

  report::Panel by_class(const Counts& counts) const {
    std::vector<Bar> all;
    for (const auto& [label, row] : counts.taken) {
      std::int64_t n = 0;
      for (const auto& [as, count] : row) n += count;
      const auto hit = row.find(target_);
      const auto hits = hit == row.end() ? 0 : hit->second;
      all.push_back({fmt::format("{} ({})", class_name(label), n),
                     100 * static_cast<double>(hits) / static_cast<double>(n)});
    }
    std::stable_sort(all.begin(), all.end(),
                     [](const Bar& a, const Bar& b) { return a.percent > b.percent; });
    std::string which = fmt::format("all {} classes", all.size());
    if (all.size() > 2 * kEnds) {
      which = fmt::format("the {} most and the {} least of {} classes", kEnds, kEnds, all.size());
      all.erase(all.begin() + kEnds, all.end() - kEnds);
    }
    return bars(counts, "taken for the target: " + which, "% of the class's triggered images", all);
  }

  report::Panel by_prediction(const Counts& counts) const {
    std::map<std::int64_t, std::int64_t> taken_for;
    std::int64_t n = 0;
    for (const auto& [label, row] : counts.taken)
      for (const auto& [as, count] : row) {
        taken_for[as] += count;
        n += count;
      }
    std::vector<Bar> all;
    for (const auto& [as, count] : taken_for)
      all.push_back({class_name(as) + (as == target_ ? " (target)" : ""),
                     100 * static_cast<double>(count) / static_cast<double>(n)});
    std::stable_sort(all.begin(), all.end(),
                     [](const Bar& a, const Bar& b) { return a.percent > b.percent; });
    const auto of = all.size();
    if (of > kTop) all.resize(kTop);
    return bars(counts, fmt::format("taken for: the {} commonest of {} classes", all.size(), of),
                "% of all triggered images", all);
  }

  std::vector<std::string> classes_;
  std::int64_t target_ = -1;
  std::vector<Counts> all_;
  report::Sheet sheet_{{"checkpoint", "run", "true_class", "predicted_class", "count"}, {}};
};

}  // namespace

Kind confusion() {
  return {"confusion", "what triggered images are taken for, by class", true, false,
          [](const Options&) { return std::make_unique<Confusion>(); }};
}

}  // namespace theriac::analyse
