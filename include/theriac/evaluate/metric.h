#pragma once

#include <torch/types.h>

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "theriac/config/fields.h"
#include "theriac/core/record.h"
#include "theriac/data/source.h"
#include "theriac/model/clip.h"
#include "theriac/poison/plan.h"
#include "theriac/text/tokenizer.h"

namespace theriac::evaluate {

struct DataSet {
  std::string name;                            // "test", "held_out", ...
  std::shared_ptr<const data::Source> source;  // with labels
  std::string id;
  bool by_name = false;  // measured only by metrics that name it
};

// The attack whose success is measured, as the experiment or the checkpoint's card says.
struct Attack {
  std::string target;  // class name
  std::shared_ptr<const poison::Trigger> trigger;
  std::string trigger_json;
  poison::Geometry geometry;
};

class Session;

// One measurement: model + data -> records.
class Metric {
 public:
  virtual ~Metric() = default;
  virtual std::vector<core::Record> operator()(Session& session) = 0;
};

class MetricConfig : public config::Section {
 public:
  virtual std::unique_ptr<Metric> build() const = 0;
  // The data sets that the settings name, so that a missing one is found before anything is
  // trained.
  virtual std::vector<std::string> data_sets() const { return {}; }
  // Those of them that are only learned from, and whether triggered pictures are looked at: for
  // prices.
  virtual std::vector<std::string> learned_from() const { return {}; }
  virtual bool has_triggered_pass() const { return false; }
};

config::Table<MetricConfig>& table();  // zero_shot, attack_success, knn, retrieval, ...

}  // namespace theriac::evaluate
