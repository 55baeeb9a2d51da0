#include <fmt/format.h>

#include <cstdio>
#include <nlohmann/json.hpp>
#include <thread>

#include "cli/experiment_file.h"
#include "cli/verb.h"
#include "theriac/core/error.h"
#include "theriac/core/files.h"
#include "theriac/core/progress.h"
#include "theriac/core/text.h"
#include "theriac/data/check.h"
#include "theriac/experiment/workspace.h"

namespace theriac::cli {

namespace {

struct DataState : ExperimentFile {
  std::string section;
  int count = 8, threads = 0;
  bool json = false, content = false;
};

std::vector<std::string> sections(const DataState& s, const experiment::Workspace& workspace,
                                  const std::string& verb) {
  std::vector<std::string> result;
  for (const auto& name : {"train", "cleaning"})
    if (workspace.has(name)) result.push_back(name);
  for (const auto& name : workspace.evaluation_sections()) result.push_back(name);
  if (s.section.empty()) return result;
  if (!workspace.has(s.section))
    throw Error(verb + ": the experiment has no data." + s.section +
                "; it has: " + core::join(result, ", "));
  return {s.section};
}

int show(const DataState& s) {
  if (s.count < 0)
    throw Error(fmt::format("data show: --count is {}; expected 0 or more rows", s.count));
  const auto config = s.load_first();
  experiment::DataCache cache;
  experiment::Workspace workspace(config, cache);
  nlohmann::json out = nlohmann::json::object();
  for (const auto& name : sections(s, workspace, "data show")) {
    const auto source = workspace.source(name);
    nlohmann::json rows = nlohmann::json::array();
    for (std::int64_t i = 0; i < std::min<std::int64_t>(s.count, source->size()); ++i) {
      const auto row = source->row(i);
      rows.push_back({{"where", source->where(i)},
                      {"key", row.key},
                      {"caption", row.caption},
                      {"label", row.label}});
    }
    if (s.json) {
      out[name] = {{"samples", source->size()},
                   {"id", workspace.source_id(name)},
                   {"classes", source->classes()},
                   {"rows", rows}};
      continue;
    }
    fmt::print("data.{}: {} samples, {} classes, id {}\n", name, source->size(),
               source->classes().size(), workspace.source_id(name));
    for (const auto& row : rows)
      fmt::print("  {}  {}\n", row["where"].get<std::string>(), row["caption"].get<std::string>());
    if (!source->classes().empty())
      fmt::print("  classes: {}\n", core::join(source->classes(), ", "));
  }
  if (s.json) fmt::print("{}\n", out.dump(1, ' ', false, nlohmann::json::error_handler_t::replace));
  return 0;
}

nlohmann::json to_json(const data::CheckResult& result) {
  nlohmann::json rows = nlohmann::json::array();
  for (const auto& row : result.bad)
    rows.push_back(
        {{"where", row.where}, {"key", row.key}, {"reason", row.reason}, {"detail", row.detail}});
  return {{"rows", result.rows}, {"good", result.good},       {"by_reason", result.by_reason},
          {"bad", rows},         {"data_id", result.data_id}, {"content_id", result.content_id}};
}

int check(const DataState& s) {
  const auto config = s.load_first();
  experiment::DataCache cache;
  experiment::Workspace workspace(config, cache);
  const int threads =
      s.threads > 0 ? s.threads : static_cast<int>(std::thread::hardware_concurrency());
  nlohmann::json out = nlohmann::json::object();
  bool broken = false;
  for (const auto& name : sections(s, workspace, "data check")) {
    const auto source = workspace.source(name);
    core::Progress line;
    const auto result = data::check(*source, threads, s.content, [&](std::int64_t done) {
      line.update(fmt::format("data.{}: {}/{} samples", name, done, source->size()));
    });
    line.finish();
    broken = broken || !result.bad.empty();
    if (s.json) {
      out[name] = to_json(result);
      continue;
    }
    fmt::print("data.{}: {} of {} samples are good\n", name, result.good, result.rows);
    for (const auto& [reason, count] : result.by_reason) fmt::print("  {}: {}\n", reason, count);
    for (const auto& row : result.bad)
      fmt::print("  {}  {}  {}{}\n", row.where, row.reason, row.key,
                 row.detail.empty() ? "" : "  (" + row.detail + ")");
    if (s.content) fmt::print("  content {}\n", result.content_id);
  }
  if (s.json) fmt::print("{}\n", out.dump(1, ' ', false, nlohmann::json::error_handler_t::replace));
  return broken ? static_cast<int>(Exit::kUser) : 0;
}

Verb make(const std::string& name, const std::string& doc, const std::string& example,
          int (*function)(const DataState&)) {
  auto s = std::make_shared<DataState>();
  Verb verb{name, doc, example, s->options(), [s, function] { return function(*s); }, {}, false, s};
  verb.options.push_back(
      {"--section", "only this data set: train, test, ...", &s->section, false, {}});
  verb.options.push_back({"--json", "for programs", &s->json, false, {}});
  return verb;
}

}  // namespace

Verb data_verb() {
  Verb shown = make("show", "what the data sets of an experiment hold",
                    "theriac data show configs/quickstart.yaml --section test", show);
  shown.options.push_back(
      {"--count", "rows to print", &static_cast<DataState*>(shown.state.get())->count, false, {}});
  Verb checked = make("check", "every broken sample with its reason; exit 2 when there are any",
                      "theriac data check experiment.yaml --section train", check);
  auto* s = static_cast<DataState*>(checked.state.get());
  checked.options.push_back({"--threads", "threads (0: all cores)", &s->threads, false, {}});
  checked.options.push_back(
      {"--content", "hash the pictures' contents as well", &s->content, false, {}});
  return {"data",
          "look at data, and write it",
          "theriac data show configs/quickstart.yaml",
          {},
          {},
          {shown, checked, data_view_verb(), data_export_verb()},
          false,
          nullptr};
}

}  // namespace theriac::cli
