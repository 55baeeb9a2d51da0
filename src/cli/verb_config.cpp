#include <fmt/format.h>

#include <cstdio>
#include <nlohmann/json.hpp>

#include "cli/experiment_file.h"
#include "cli/verb.h"
#include "theriac/config/document.h"
#include "theriac/core/files.h"
#include "theriac/core/log.h"

namespace theriac::cli {

namespace {

struct ConfigState : ExperimentFile {
  std::string out;
  bool json = false;
};

int show(const ConfigState& s) {
  const auto sweep = s.load();
  const auto& document = sweep.cells.front().document;
  auto config = experiment::read_config(document);
  if (s.json)
    fmt::print("{}\n", config::to_json(config).dump(1));
  else
    fmt::print("{}", config::to_yaml(config, &document));
  if (sweep.cells.size() > 1)
    core::info("this is the first of {} cells; `theriac plan` lists them all", sweep.cells.size());
  return 0;
}

int check(const ConfigState& s) {
  const auto sweep = s.load();
  fmt::print("{}: {} cell(s), no problem found\n", s.file, sweep.cells.size());
  return 0;
}

int reference(const ConfigState& s) {
  experiment::ExperimentConfig config;
  const std::string text = config::reference(config);
  if (s.out.empty())
    fmt::print("{}", text);
  else
    core::write_file(s.out, text);
  return 0;
}

}  // namespace

Verb config_verb() {
  auto shown = std::make_shared<ConfigState>(), checked = std::make_shared<ConfigState>(),
       made = std::make_shared<ConfigState>();
  Verb show_verb{"show",
                 "the resolved file with the origin of every value",
                 "theriac config show configs/quickstart.yaml",
                 shown->options(),
                 [shown] { return show(*shown); },
                 {},
                 false,
                 shown};
  show_verb.options.push_back({"--json", "for programs", &shown->json, false, {}});
  Verb check_verb{"check",
                  "every problem of a file at once, with its place",
                  "theriac config check experiment.yaml",
                  checked->options(),
                  [checked] { return check(*checked); },
                  {},
                  false,
                  checked};
  Verb reference_verb{"reference",
                      "all keys, types, defaults and components, as Markdown",
                      "theriac config reference --out docs/config.md",
                      {{"--out", "file to write (default: stdout)", &made->out, false, {}}},
                      [made] { return reference(*made); },
                      {},
                      false,
                      made};
  return {"config",
          "look at configuration",
          "theriac config show configs/quickstart.yaml",
          {},
          {},
          {show_verb, check_verb, reference_verb},
          false,
          nullptr};
}

}  // namespace theriac::cli
