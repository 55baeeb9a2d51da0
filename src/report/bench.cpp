#include "theriac/report/bench.h"

#include <fmt/format.h>
#include <stdlib.h>

#include <algorithm>
#include <chrono>
#include <cmath>
#include <ctime>
#include <fstream>

#include "theriac/core/error.h"
#include "theriac/core/files.h"
#include "theriac/core/random.h"
#include "theriac/core/record.h"
#include "theriac/core/run.h"
#include "theriac/report/report.h"

namespace theriac::report {

namespace {

namespace fs = std::filesystem;

constexpr std::int64_t kBenchEpochs = 50, kBenchImages = 50000;

struct BenchFolder {
  BenchFolder() {
    std::string name = (fs::temp_directory_path() / "theriac_bench.XXXXXX").string();
    if (!::mkdtemp(name.data()))
      throw Error("bench report: cannot make a folder in " + fs::temp_directory_path().string(),
                  Exit::kCannotWrite);
    path = name;
  }
  ~BenchFolder() {
    std::error_code ignored;
    fs::remove_all(path, ignored);
  }
  BenchFolder(const BenchFolder&) = delete;
  BenchFolder& operator=(const BenchFolder&) = delete;
  fs::path path;
};

double status_mib(const std::string& field) {
  std::ifstream in("/proc/self/status");
  for (std::string line; std::getline(in, line);)
    if (line.starts_with(field)) return std::stod(line.substr(field.size() + 1)) / 1024;
  return 0;
}

core::Record bench_record(const char* metric, const char* data, std::int64_t epoch, double value) {
  core::Record r;
  r.metric = metric;
  r.data = data;
  r.data_id = "0123456789abcdef";
  r.epoch = epoch;
  r.value = value;
  r.n = kBenchImages;
  const auto interval =
      core::wilson(std::llround(value / 100 * static_cast<double>(r.n)), kBenchImages);
  r.low = 100 * interval.low;
  r.high = 100 * interval.high;
  r.protocol = std::string(metric) == "attack_success" ? "exclude_target" : "";
  r.protocol_id = "protocol";
  r.target = "banana";
  r.checkpoint = std::string(64, 'a');
  return r;
}

void write_stage(const fs::path& folder, const core::PlanStage& stage, core::Stream random) {
  core::make_folder(folder);
  core::StageStatus status;
  status.id = stage.id;
  status.kind = stage.kind;
  status.state = core::StageState::kDone;
  std::ofstream(folder / "status.json") << nlohmann::json(status);
  std::ofstream records(folder / "records.jsonl");
  const double speed = random.uniform(0.01, 0.3), end = random.uniform(5, 25);
  for (std::int64_t epoch = 0; epoch <= stage.epochs; ++epoch)
    for (const char* data : {"validation", "test"}) {
      const double left = std::exp(-speed * static_cast<double>(epoch));
      const double attack = std::clamp(99 * left + random.normal(), 0.0, 100.0);
      const double accuracy =
          std::clamp(end + (24 - end) * left + 0.3 * random.normal(), 0.0, 100.0);
      records << nlohmann::json(bench_record("zero_shot_top1", data, epoch, accuracy)) << "\n"
              << nlohmann::json(bench_record("attack_success", data, epoch, attack)) << "\n";
    }
}

// Two models, each cleaned at many learning rates for 50 epochs.
std::size_t write_experiment(const fs::path& root, std::size_t points) {
  core::PlanFile plan;
  plan.name = "bench";
  plan.file = "bench.yaml";
  plan.target = "banana";
  plan.axes = {{"pretraining", "", {"mmcl", "mmcl_ssl"}},
               {"learning_rate", "clean.optimizer.learning_rate", {}}};
  const auto rates =
      std::max<std::size_t>(1, points / (4 * static_cast<std::size_t>(kBenchEpochs)));
  for (std::size_t i = 0; i < rates; ++i)
    plan.axes[1].values.push_back(fmt::format("{:g}", 1e-6 * static_cast<double>(i + 1)));
  for (const auto& model : plan.axes[0].values) {
    const std::string parent = "pretrain-" + model;
    plan.stages.push_back(
        {parent, "pretrain", "", "pretrain " + model, 2, 2, 1000, {}, "protocol"});
    for (const auto& rate : plan.axes[1].values) {
      const std::string id = "clean-" + model + "-" + rate;
      plan.stages.push_back({id,
                             "clean",
                             parent,
                             "clean " + model + " " + rate,
                             kBenchEpochs,
                             1,
                             1000,
                             {{"learning_rate", std::stod(rate)}},
                             "protocol"});
      plan.cells.push_back({{{"pretraining", model}, {"learning_rate", rate}}, {parent, id}});
    }
  }
  for (std::size_t i = 0; i < plan.stages.size(); ++i)
    write_stage(root / "stages" / plan.stages[i].id, plan.stages[i], core::stream(1, "bench", i));
  core::make_folder(root / "bench");
  std::ofstream(root / "bench" / "plan.json") << nlohmann::json(plan);
  return 2 * rates * static_cast<std::size_t>(kBenchEpochs) * 2;
}

double folder_mib(const fs::path& folder) {
  double bytes = 0;
  for (const auto& entry : fs::recursive_directory_iterator(folder))
    if (entry.is_regular_file()) bytes += static_cast<double>(entry.file_size());
  return bytes / (1 << 20);
}

}  // namespace

ReportBench measure_report(std::size_t points) {
  const BenchFolder folder;
  ReportBench result;
  result.points = write_experiment(folder.path, points);
  result.records = 2 * result.points;
  result.before_mib = status_mib("VmRSS:");
  const auto begin = std::chrono::steady_clock::now();
  const std::clock_t cpu = std::clock();
  write(folder.path / "bench", folder.path / "stages");
  result.seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count();
  result.cpu_seconds = static_cast<double>(std::clock() - cpu) / CLOCKS_PER_SEC;
  result.peak_mib = status_mib("VmHWM:");
  const auto report = folder.path / "bench" / "report";
  result.report_mib = folder_mib(report);
  result.page_mib = static_cast<double>(fs::file_size(report / "index.html")) / (1 << 20);
  return result;
}

}  // namespace theriac::report
