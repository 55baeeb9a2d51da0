#pragma once

#include <cmath>
#include <filesystem>
#include <fstream>
#include <map>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "core/temporary.h"
#include "theriac/core/base64.h"
#include "theriac/core/files.h"
#include "theriac/core/record.h"
#include "theriac/core/run.h"

namespace theriac::report {

// A synthetic run folder like the quickstart's.
class Fixture {
 public:
  static constexpr int kEpochs = 8;
  static constexpr const char* kPixel =  // a PNG of one pixel
      "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5Er"
      "kJggg==";

  Fixture() {
    plan.name = "quickstart";
    plan.file = "configs/quickstart.yaml";
    plan.theriac_version = "0.1.0";
    plan.target = "banana";
  }

  std::filesystem::path experiment() const { return folder_ / "quickstart"; }
  std::filesystem::path stages() const { return folder_ / "stages"; }
  std::filesystem::path folder(const std::string& id) const { return stages() / id; }

  std::string add_stage(const std::string& kind, const std::string& id, const std::string& parent,
                        nlohmann::json settings = nlohmann::json::object()) {
    core::PlanStage stage{id,    kind,     parent, kind + " " + id, kEpochs, 94 * kEpochs,
                          12000, settings, "e1"};
    if (kind == "poison") stage.epochs = stage.steps = 0;
    if (!plan.find(id)) plan.stages.push_back(stage);
    return id;
  }

  void status(const std::string& id, core::StageState state, const std::string& error = "") {
    const auto* stage = plan.find(id);
    core::StageStatus s;
    s.id = id;
    s.kind = stage->kind;
    s.state = state;
    s.epochs = stage->epochs;
    s.epoch = state == core::StageState::kDone ? stage->epochs : 3;
    s.pairs_per_second = 1480;
    s.seconds = 65;
    s.error = error;
    put(folder(id) / "status.json", nlohmann::json(s).dump());
  }

  void record(const std::string& id, const std::string& metric, const std::string& data, int epoch,
              double value, std::int64_t n = 1920) {
    core::Record r;
    r.metric = metric;
    r.value = value;
    r.n = n;
    const auto interval = core::wilson(std::llround(value / 100 * static_cast<double>(n)), n);
    r.low = 100 * interval.low;
    r.high = 100 * interval.high;
    r.data = data;
    if (metric == "attack_success") {
      r.protocol = "exclude_target";
      r.excluded = 30;
      r.trigger = R"({"type":"random_patch","size":16,"noise":"binary"})";
    }
    r.target = plan.target;
    r.epoch = epoch;
    records[id].push_back(r);
  }

  // Both metrics on validation and on test (which is `shift` points away), and the controls.
  void point(const std::string& id, int epoch, double accuracy, double attack, double shift = 0) {
    for (const auto& [data, s, n] : {std::tuple{"validation", 0.0, 960}, {"test", shift, 1920}}) {
      record(id, "zero_shot_top1", data, epoch, accuracy + s, n);
      record(id, "zero_shot_top5", data, epoch, std::min(99.8, accuracy + s + 11), n);
      record(id, "attack_success", data, epoch, attack, n);
      record(id, "true_label_under_trigger", data, epoch, (100 - attack) * accuracy / 110, n);
      record(id, "target_rate_clean", data, epoch, 0.4, n);
    }
    if (!held_out) return;
    record(id, "zero_shot_top1", "held_out", epoch, accuracy - 12, 960);
    record(id, "attack_success", "held_out", epoch, attack * 0.96, 960);
  }

  void metrics(const std::string& id, int steps, double from, double to) {
    std::string lines;
    for (int i = 0; i < steps; ++i) {
      core::StepMetrics m;
      m.step = i;
      m.loss =
          to + (from - to) * std::exp(-5.0 * i / steps) + 0.03 * from * std::sin(i * i * 12.9898);
      lines += nlohmann::json(m).dump() + "\n";
    }
    put(folder(id) / "metrics.jsonl", lines);
  }

  void save() {
    for (const auto& [id, rows] : records) {
      std::string lines;
      for (const auto& row : rows) lines += nlohmann::json(row).dump() + "\n";
      put(folder(id) / "records.jsonl", lines);
    }
    put(experiment() / "plan.json", nlohmann::json(plan).dump());
  }

  // Three pre-trained models, the poisoned two cleaned at four learning rates.
  void quickstart() {
    held_out = true;
    plan.axes = {
        {"pretraining", "", {"mmcl", "mmcl_ssl", "unpoisoned"}},
        {"learning_rate", "clean.optimizer.learning_rate", {"0", "0.001", "0.002", "0.004"}}};
    add_stage("poison", "poison-a", "", {{"count", 600}});
    add_stage("poison", "poison-0", "", {{"count", 0}});
    struct Planned {
      const char* name;
      double accuracy, attack, loss;
      std::vector<std::pair<double, double>> cleaned;  // final accuracy and attack success
    };
    const std::vector<Planned> models = {
        {"mmcl", 82.3, 99.0, 0.5, {{82.6, 100}, {80.7, 19.3}, {81.9, 2.2}, {78.4, 0.2}}},
        {"mmcl_ssl", 83.9, 94.4, 0.9, {{83.7, 98.8}, {86.3, 62.5}, {84.3, 21.0}, {82.1, 6.3}}},
        {"unpoisoned", 83.1, 0.6, 0.5, {}}};
    for (const auto& model : models) {
      const bool poisoned = !model.cleaned.empty();
      const std::string pretrain = std::string("pretrain-") + model.name;
      const std::string poison = poisoned ? "poison-a" : "poison-0";
      add_stage("pretrain", pretrain, poison);
      for (int epoch = 0; epoch <= kEpochs; ++epoch) {
        const double share = 1 - std::exp(-0.7 * epoch);
        point(pretrain, epoch,
              epoch == kEpochs ? model.accuracy : 1.6 + (model.accuracy - 1.6) * share,
              epoch == kEpochs ? model.attack : model.attack / (1 + std::exp(4.0 - 1.4 * epoch)),
              -1.5);
      }
      metrics(pretrain, 752, 5.2, model.loss);
      if (!poisoned) plan.cells.push_back({{{"pretraining", model.name}}, {poison, pretrain}});
      for (std::size_t i = 0; i < model.cleaned.size(); ++i) {
        const std::string rate = plan.axes[1].values[i],
                          id = std::string("clean-") + model.name + rate;
        add_stage("clean", id, pretrain, {{"optimizer", {{"learning_rate", std::stod(rate)}}}});
        plan.cells.push_back(
            {{{"pretraining", model.name}, {"learning_rate", rate}}, {poison, pretrain, id}});
        const auto [accuracy, attack] = model.cleaned[i];
        for (int epoch = 0; epoch <= kEpochs; ++epoch) {
          const double share = (1 - std::exp(-0.9 * epoch)) / (1 - std::exp(-0.9 * kEpochs));
          const double dip =
              epoch > 0 && i > 0 ? -2.5 * std::exp(-0.8 * epoch) * static_cast<double>(i) : 0;
          point(id, epoch, model.accuracy + (accuracy - model.accuracy) * share + dip,
                model.attack + (attack - model.attack) * share, -1.5);
        }
        metrics(id, 256, 1.4, model.loss + 0.2);
      }
    }
    for (const auto& stage : plan.stages) status(stage.id, core::StageState::kDone);
    expect("pretrain", {{"pretraining", "mmcl"}}, "attack_success", 80);
    expect("pretrain", {{"pretraining", "mmcl_ssl"}}, "zero_shot_top1", 85);
    put(experiment() / "experiment.resolved.yaml", "name: quickstart\nseed: 1\n");
    put(folder("poison-a") / "contact_sheet.png", core::from_base64(kPixel));
  }

  core::Expectation& expect(const std::string& stage, std::map<std::string, std::string> cell,
                            const std::string& metric, std::optional<double> at_least = {}) {
    core::Expectation e;
    e.stage = stage;
    e.cell = std::move(cell);
    e.metric = metric;
    e.at_least = at_least;
    e.source = "reference/quickstart.md";
    return plan.expect.emplace_back(e);
  }

  std::string text(const std::string& path) const {
    return core::read_file(experiment() / "report" / path);
  }

  // Without the fsync of core::write_file.
  static void put(const std::filesystem::path& path, const std::string& bytes) {
    std::filesystem::create_directories(path.parent_path());
    std::ofstream(path, std::ios::binary) << bytes;
  }

  core::PlanFile plan;
  std::map<std::string, std::vector<core::Record>> records;
  bool held_out = false;

 private:
  theriac::testing::TemporaryFolder folder_;
};

}  // namespace theriac::report
