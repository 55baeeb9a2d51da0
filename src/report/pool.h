#pragma once

#include <optional>
#include <string>
#include <vector>

#include "report/choice.h"
#include "report/load.h"
#include "report/measure.h"

namespace theriac::report {

// A measured model that a rule can choose: on the selection data, and on the reported data where it
// was measured there too.
struct Candidate {
  Point on_selection;
  std::optional<Point> on_report;
  double learning_rate = 0;
  bool last = false;  // newest epoch of its run
  Rates selection() const;
  std::optional<Rates> report() const;
};

// What one pre-trained model became under one cleaning method, measured under one protocol.
struct Pool {
  const Experiment* experiment = nullptr;
  const Group* group = nullptr;
  std::string method;  // Cell::method, and its two parts
  std::string treatment, cleaning_seed;
  std::string selection_data, report_data;
  std::vector<Candidate> candidates;         // of no control, in plan order
  std::optional<Point> start, report_start;  // before cleaning, on both data sets
  std::size_t runs = 0;                      // cleaning runs of the plan, without controls
  std::vector<std::string> unfinished;       // of these, the cells that are not done
  std::size_t left_out = 0;                  // measured under another protocol than the rest

  std::string name() const;  // "mmcl" or "mmcl, cleanclip"
  std::string seed() const;  // of the model and of its cleaning, as text
};

// Of every poisoned or unpoisoned model that the plan cleans.
std::vector<Pool> pools(const Experiment& experiment);
// Of these cells of one model, which share the method of the first. Controls do not count.
Pool pool_of(const Experiment& experiment, const std::vector<const Cell*>& cells);

// What two records must share before they may be averaged: metric, protocol, data, images, target,
// trigger, prompts. Seeds of the trigger may differ.
std::string comparable(const Measurement& record);
// The same of what a point has of accuracy and attack success.
std::string comparable(const Point& point);

}  // namespace theriac::report
