#pragma once

#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "report/load.h"

namespace theriac::report {

// Every measurement of a page as a canvas and a sortable table that show the same selection; for
// 50,000 points and more. The script (explorer_script.cpp) draws it from explorer_json().
struct Explorer {
  struct Row {
    double accuracy, attack;  // percent
    std::size_t series, run, set;
    std::int64_t epoch;
  };
  std::vector<std::string> series, runs, sets;  // colours, labels of rows, data sets
  std::vector<Row> rows;
  std::string epoch_title = "Epoch";
};

// Nothing when there are no rows.
std::string explorer_section(const Explorer& explorer, const std::string& note);
nlohmann::json explorer_json(const Explorer& explorer);

// Every complete point of cleaning, and where it starts, once for each pre-trained model; the
// reported data first.
Explorer explorer_of(const Experiment& experiment);

extern const char* const kExplorerScript;

}  // namespace theriac::report
