#pragma once

#include <cstddef>

namespace theriac::report {

struct ReportBench {
  std::size_t points = 0, records = 0;
  double seconds = 0;      // of writing the whole report: reading, tables, figures, page
  double cpu_seconds = 0;  // of the process in that time
  double page_mib = 0;     // index.html
  double report_mib = 0;   // all files
  double peak_mib = 0;     // resident memory of the process at its largest
  double before_mib = 0;   // resident memory before the report
};

// Writes the report of a synthetic experiment with about `points` measured models (accuracy and
// ASR, validation and test together) in a temporary folder.
ReportBench measure_report(std::size_t points);

}  // namespace theriac::report
