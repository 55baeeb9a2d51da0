#include <fmt/format.h>

#include <sstream>

#include "report/escape.h"
#include "report/expectation.h"
#include "report/figures.h"
#include "report/tables.h"

namespace theriac::report {

namespace {

class Csv {
 public:
  Csv& add(const std::string& text) {
    out_ += (fresh_ ? "" : ",") + csv_field(text);
    fresh_ = false;
    return *this;
  }
  Csv& add(const char* text) { return add(std::string(text)); }
  Csv& add(double value) { return add(fmt::format("{:.6g}", value)); }
  Csv& add(std::int64_t value) { return add(std::to_string(value)); }
  Csv& add(std::size_t value) { return add(std::to_string(value)); }
  Csv& add(const Measurement* record) {
    if (!record) return add("").add("").add("").add("");
    return add(record->value).add(record->low).add(record->high).add(record->n);
  }
  Csv& add_rounded(const Measurement* record) {
    if (!record) return add(record);
    return add(percent(record->value))
        .add(percent(record->low))
        .add(percent(record->high))
        .add(record->n);
  }
  Csv& rate_header(const std::string& name) {
    return add(name).add(name + "_low").add(name + "_high").add(name + "_n");
  }
  void end() {
    out_ += '\n';
    fresh_ = true;
  }
  std::string take() { return std::move(out_); }

 private:
  std::string out_;
  bool fresh_ = true;
};

}  // namespace

namespace {

void best_line(Csv& csv, const Experiment& e, const Best& b) {
  const bool found = b.choice && b.within > 0;
  csv.add(b.group->label).add(b.method).add(b.bound).add(b.chosen_on).add(b.candidates);
  csv.add(b.within).add(found ? b.choice->cell->name : "");
  csv.add(found ? std::to_string(b.choice->epoch) : "").add(e.plan.report_data);
  csv.add(b.choice && !found ? percent(b.choice->attack->value) : "");
  csv.add_rounded(found && b.result ? b.result->accuracy : nullptr);
  csv.add_rounded(found && b.result ? b.result->attack : nullptr);
  csv.add_rounded(b.before ? b.before->accuracy : nullptr);
  csv.add_rounded(b.before ? b.before->attack : nullptr).add("no").end();
}

// A control is not chosen: no bound and no candidates.
void control_line(Csv& csv, const Experiment& e, const Cell& cell) {
  const Group& group = e.groups[cell.group];
  const auto after = newest(cell, e.plan.report_data), before = start(group, e.plan.report_data);
  csv.add(group.label).add(cell.method).add("").add("").add("").add("").add(cell.name);
  csv.add(after ? std::to_string(after->epoch) : "").add(e.plan.report_data).add("");
  for (const auto& p : {after, before})
    csv.add_rounded(p ? p->accuracy : nullptr).add_rounded(p ? p->attack : nullptr);
  csv.add("yes").end();
}

}  // namespace

std::string best_csv(const Experiment& e) {
  std::vector<std::vector<Best>> bounds;
  for (const double bound : kBounds) bounds.push_back(best_under(e, bound));
  const auto& first = bounds.front();
  const std::string lowest = "lowest_attack_success_on_" +
                             (first.empty() ? e.plan.selection_data : first.front().chosen_on);
  Csv csv;
  for (const char* name : {"pretraining", "method", "bound", "chosen_on", "candidates", "within",
                           "cell", "epoch", "reported_on"})
    csv.add(name);
  csv.add(lowest);
  for (const char* name :
       {"accuracy", "attack_success", "accuracy_before", "attack_success_before"})
    csv.rate_header(name);
  csv.add("control").end();
  for (const auto& all : bounds)
    for (const auto& b : all) best_line(csv, e, b);
  for (const auto& cell : e.cells)
    if (cell.control) control_line(csv, e, cell);
  return csv.take();
}

std::string final_csv(const Experiment& e) {
  constexpr const char* kMetrics[] = {kAccuracy, "zero_shot_top5", kAttack,
                                      "true_label_under_trigger", "target_rate_clean"};
  Csv csv;
  csv.add("cell");
  for (const auto& axis : e.plan.axes) csv.add(axis.name);
  csv.add("stage").add("state").add("epoch").add("data");
  for (const char* metric : kMetrics) csv.rate_header(metric);
  csv.end();
  for (std::size_t i = 0; i < e.cells.size(); ++i)
    for (const auto& data : e.data_sets) {
      const auto p = newest_so_far(e.cells[i], data);
      if (!p) continue;
      csv.add(e.cells[i].name);
      for (const auto& axis : e.plan.axes) {
        std::string value;
        for (const auto& [name, v] : e.plan.cells[i].values)
          if (name == axis.name) value = v;
        csv.add(value);
      }
      csv.add(p->stage->plan.id).add(core::word(p->stage->status.state)).add(p->epoch).add(data);
      for (const char* metric : kMetrics) csv.add_rounded(p->stage->find(metric, data, p->epoch));
      csv.end();
    }
  return csv.take();
}

std::string expectation_csv(const Experiment& e) {
  Csv csv;
  csv.add("what").add("expected").add("measured").add("outcome").add("source").end();
  for (const auto& f : findings(e))
    csv.add(f.where)
        .add(f.expected)
        .add(f.measured)
        .add(word(f.outcome))
        .add(f.expectation->source)
        .end();
  return csv.take();
}

std::string measured_csv(const Experiment& e, const std::string& data) {
  Csv csv;
  csv.add("cell").add("model").add("control").add("stage").add("epoch").add("time").add("data");
  csv.rate_header("accuracy").rate_header("attack_success").end();
  for (const auto& cell : e.cells)
    for (const auto& p : points(cell, data)) {
      csv.add(cell.name).add(cell.model).add(cell.control ? "yes" : "no").add(p.stage->plan.id);
      csv.add(p.epoch).add(p.time).add(data).add(p.accuracy).add(p.attack).end();
    }
  return csv.take();
}

std::string curves_csv(const Experiment& e) {
  Csv csv;
  csv.add("stage").add("kind").add("step").add("epoch").add("loss").add("learning_rate").end();
  for (const Stage* stage : all_stages(e))
    for (const auto& m : stage->metrics) {
      csv.add(stage->plan.id).add(stage->plan.kind).add(m.step).add(m.epoch).add(m.loss);
      csv.add(m.learning_rate).end();
    }
  return csv.take();
}

void write_points_csv(const Experiment& e, std::ostream& out) {
  Csv head;
  for (const char* name :
       {"stage", "kind", "label", "epoch", "step", "data", "metric", "protocol", "value", "low",
        "high", "n", "excluded", "target", "trigger", "trigger_seed", "prompts", "checkpoint"})
    head.add(name);
  head.end();
  out << head.take();
  for (const Stage* stage : all_stages(e)) {
    Csv csv;
    for (const auto& r : stage->records) {
      csv.add(stage->plan.id).add(stage->plan.kind).add(stage->plan.label).add(r.epoch).add(r.step);
      csv.add(r.data).add(r.metric).add(r.protocol).add(&r).add(r.excluded).add(r.target);
      csv.add(r.trigger).add(r.trigger_seed).add(r.prompts).add(r.checkpoint).end();
    }
    out << csv.take();
  }
}

std::string points_csv(const Experiment& e) {
  std::ostringstream out;
  write_points_csv(e, out);
  return std::move(out).str();
}

}  // namespace theriac::report
