#include <fmt/format.h>

#include <cstdio>
#include <nlohmann/json.hpp>

#include "cli/verb.h"
#include "theriac/config/document.h"
#include "theriac/core/error.h"
#include "theriac/report/bench.h"
#include "theriac/train/device.h"
#include "theriac/train/step.h"

namespace theriac::cli {

namespace {

struct BenchState {
  std::string model = "tiny_rn", precision = "fp32", device = "auto";
  int batch = 128, threads = 1, steps = 10, tokens = 20, vocabulary = 0;
  bool intra_modal = false, json = false;
};

int step(const BenchState& s) {
  if (s.batch < 1 || s.steps < 1 || s.threads < 0 || s.tokens < 3)
    throw Error("bench step: --batch and --steps start at 1, --threads at 0, --tokens at 3");
  train::StepBench bench;
  auto document = config::Document::parse("{preset: " + s.model + "}", "--model");
  config::read(document, bench.model);
  const bool tiny = s.model.starts_with("tiny");
  bench.vocabulary = s.vocabulary > 0 ? s.vocabulary : tiny ? 400 : 49408;
  bench.caption_tokens = s.tokens;
  bench.train.batch_size = s.batch;
  bench.train.precision = s.precision == "bf16"   ? train::Precision::kBf16
                          : s.precision == "tf32" ? train::Precision::kTf32
                                                  : train::Precision::kFp32;
  if (s.intra_modal) bench.train.objective.emplace_back(&objective::table, "intra_modal");
  bench.steps = s.steps;
  bench.device = train::resolve_device(s.device);
  train::set_threads(s.threads);
  const auto report = train::measure_step(bench);
  const auto& t = report.median;
  const nlohmann::json parts = {{"data", t.data},
                                {"forward", t.forward},
                                {"loss", t.loss},
                                {"backward", t.backward},
                                {"optimizer", t.optimizer}};
  const std::string device = train::describe_device(bench.device);
  if (s.json) {
    fmt::print("{}\n", nlohmann::json({{"model", s.model},
                                       {"batch", s.batch},
                                       {"precision", s.precision},
                                       {"threads", s.threads},
                                       {"device", device},
                                       {"caption_tokens", s.tokens},
                                       {"parameters", report.parameters},
                                       {"pairs_per_second", report.pairs_per_second},
                                       {"teraflops", report.teraflops},
                                       {"step_seconds", t.total()},
                                       {"parts", parts}})
                           .dump(1));
    return 0;
  }
  fmt::print("{} ({} parameters), batch {}, {}, {}\n", s.model, report.parameters, s.batch,
             s.precision, device);
  fmt::print("{:.2f} pairs/s, {:.1f} ms a step, {:.3g} TFLOP/s\n", report.pairs_per_second,
             1e3 * t.total(), report.teraflops);
  for (const auto& [name, seconds] : parts.items())
    fmt::print("  {:<10} {:>9.2f} ms  {:>5.1f} %\n", name, 1e3 * seconds.get<double>(),
               100 * seconds.get<double>() / t.total());
  return 0;
}

struct ReportBenchState {
  int points = 50000;
  bool json = false;
};

int bench_report(const ReportBenchState& s) {
  if (s.points < 1) throw Error("bench report: --points starts at 1");
  const auto r = report::measure_report(static_cast<std::size_t>(s.points));
  if (s.json) {
    fmt::print("{}\n", nlohmann::json({{"points", r.points},
                                       {"records", r.records},
                                       {"seconds", r.seconds},
                                       {"cpu_seconds", r.cpu_seconds},
                                       {"page_mib", r.page_mib},
                                       {"report_mib", r.report_mib},
                                       {"peak_mib", r.peak_mib},
                                       {"before_mib", r.before_mib}})
                           .dump(1));
    return 0;
  }
  fmt::print(
      "{} points ({} records): {:.2f} s ({:.2f} s of CPU), {:.0f} MiB resident at most ({:.0f} "
      "before)\n",
      r.points, r.records, r.seconds, r.cpu_seconds, r.peak_mib, r.before_mib);
  fmt::print("index.html {:.1f} MiB, all files {:.1f} MiB\n", r.page_mib, r.report_mib);
  return 0;
}

Verb report_bench_verb() {
  auto s = std::make_shared<ReportBenchState>();
  return {"report",
          "the report of a synthetic experiment: time and memory",
          "theriac bench report --points 50000",
          {{"--points", "measured models, validation and test together", &s->points, false, {}},
           {"--json", "for programs", &s->json, false, {}}},
          [s] { return bench_report(*s); },
          {},
          false,
          s};
}

}  // namespace

Verb bench_verb() {
  auto s = std::make_shared<BenchState>();
  Verb verb{"step",
            "the training step on random input: pairs/s and where the time goes",
            "theriac bench step --model rn50 --batch 16 --precision bf16 --threads 1",
            {{"--model", "preset", &s->model, false, {}},
             {"--batch", "pairs a step", &s->batch, false, {}},
             {"--precision",
              "arithmetic of the encoders",
              &s->precision,
              false,
              {"fp32", "tf32", "bf16"}},
             {"--threads", "threads (0: all cores)", &s->threads, false, {}},
             {"--steps", "steps to measure", &s->steps, false, {}},
             {"--tokens", "ids in each caption", &s->tokens, false, {}},
             {"--vocabulary",
              "size of the vocabulary (0: 400 for tiny presets, else CLIP's)",
              &s->vocabulary,
              false,
              {}},
             {"--intra-modal",
              "add the intra_modal term, which embeds second views",
              &s->intra_modal,
              false,
              {}},
             {"--device", "auto, cpu, cuda or cuda:N", &s->device, false, {}},
             {"--json", "for programs", &s->json, false, {}}},
            [s] { return step(*s); },
            {},
            false,
            s};
  return {"bench",
          "speed on this machine",
          "theriac bench step --model tiny_rn --batch 128",
          {},
          {},
          {verb, report_bench_verb()},
          false,
          nullptr};
}

}  // namespace theriac::cli
