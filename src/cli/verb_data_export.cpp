#include <fmt/format.h>

#include <cstdio>
#include <filesystem>
#include <map>
#include <nlohmann/json.hpp>
#include <thread>

#include "cli/experiment_file.h"
#include "cli/verb.h"
#include "theriac/core/error.h"
#include "theriac/core/log.h"
#include "theriac/core/progress.h"
#include "theriac/data/export.h"
#include "theriac/experiment/workspace.h"

namespace theriac::cli {

namespace {

struct DataExportState : ExperimentFile {
  std::string section, format = "csv", out;
  int shard_size = 10'000, threads = 0;
  bool json = false;
};

int export_data(const DataExportState& s) {
  if (s.shard_size < 1)
    throw Error(fmt::format("data export: --shard-size is {}; expected at least 1", s.shard_size));
  const auto config = s.load_first();
  experiment::DataCache cache;
  experiment::Workspace workspace(config, cache);
  const auto source = workspace.source(s.section);
  data::ExportOptions options;
  options.format = s.format == "csv" ? data::ExportFormat::kCsv : data::ExportFormat::kWebDataset;
  options.shard_size = s.shard_size;
  options.threads =
      s.threads > 0 ? s.threads : static_cast<int>(std::thread::hardware_concurrency());
  const auto target = std::filesystem::absolute(s.out).lexically_normal();
  core::Progress line;
  const auto result = data::export_source(*source, target, options, [&](std::int64_t done) {
    line.update(fmt::format("data.{}: {}/{} samples", s.section, done, source->size()));
  });
  line.finish();
  std::map<std::string, std::int64_t> reasons;
  for (const auto& row : result.left_out) ++reasons[row.reason];
  for (const auto& [reason, count] : reasons)
    core::warn("data export: {} samples left out: {}", count, reason);
  if (s.json)
    fmt::print("{}\n", nlohmann::json({{"written", result.written},
                                       {"left_out", reasons},
                                       {"out", target.string()},
                                       {"source", result.source}})
                           .dump(1, ' ', false, nlohmann::json::error_handler_t::replace));
  else
    fmt::print("{}: {} of {} samples; to read them:\n  {}\n", s.out, result.written, source->size(),
               result.source);
  return 0;
}

}  // namespace

Verb data_export_verb() {
  auto s = std::make_shared<DataExportState>();
  Verb verb{"export",
            "write a data set as pictures with a table, or as tar files",
            "theriac data export configs/quickstart.yaml --section test --format webdataset --out "
            "shards/",
            s->options(),
            [s] { return export_data(*s); },
            {},
            false,
            s};
  verb.options.push_back({"--section", "the data set: train, test, ...", &s->section, true, {}});
  verb.options.push_back(
      {"--format", "layout of the files", &s->format, false, {"csv", "webdataset"}});
  verb.options.push_back({"--out", "folder to make; must not be there", &s->out, true, {}});
  verb.options.push_back(
      {"--shard-size", "samples in a tar, pictures in a folder", &s->shard_size, false, {}});
  verb.options.push_back({"--threads", "threads (0: all cores)", &s->threads, false, {}});
  verb.options.push_back({"--json", "for programs", &s->json, false, {}});
  return verb;
}

}  // namespace theriac::cli
