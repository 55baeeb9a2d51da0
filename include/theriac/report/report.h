#pragma once

#include <filesystem>
#include <string>
#include <vector>

namespace theriac::report {

// What has come of one `expect:` line.
struct Verdict {
  std::string text;  // "pretrain mmcl: attack_success on test at least 80: measured 98.3"
  enum class Outcome { kMet, kMissed, kNotMeasured } outcome;
};

// Writes <experiment>/report/, or into the folder `out`, where other files stay: index.html
// (self-contained), figures as SVG, PNG and PDF with their numbers as CSV, tables as CSV, Markdown
// and LaTeX. Reads plan.json, and of each stage status.json, metrics.jsonl, records.jsonl. Works on
// unfinished runs: what is damaged is left out and named in the result, as on the page.
std::vector<std::string> write(const std::filesystem::path& experiment,
                               const std::filesystem::path& stages,
                               const std::filesystem::path& out = {});

// The table printed at the end of `run` and by `report`; width 0 = unlimited.
std::string terminal_table(const std::filesystem::path& experiment,
                           const std::filesystem::path& stages, int width);

std::vector<Verdict> check(const std::filesystem::path& experiment,
                           const std::filesystem::path& stages);

}  // namespace theriac::report
