#pragma once

#include <algorithm>
#include <map>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "theriac/config/document.h"
#include "theriac/experiment/sweep.h"

namespace theriac::experiment {

// Problems of an experiment file, each once, thrown together.
class Collector {
 public:
  void add(const std::string& problem) {
    if (seen_.insert(problem).second) problems_.push_back(problem);
  }
  std::size_t size() const { return problems_.size(); }
  void finish() const;  // Error that lists them; nothing when there are none

 private:
  std::vector<std::string> problems_;
  std::set<std::string> seen_;
};

struct Axis {
  std::string name, key;                                          // key empty: named patches
  std::vector<std::pair<std::string, config::Document>> patches;  // value's name, what it merges
};

// One map of `sweep`: its cells are the product of its groups, without the excluded ones.
struct Block {
  std::vector<Axis> axes;
  std::vector<std::vector<std::size_t>>
      groups;  // of axes that advance together; all axes are in one
  std::vector<std::map<std::size_t, std::string>> excluded;  // axis -> value's name

  bool excludes(const std::vector<std::size_t>& index) const {
    return std::any_of(excluded.begin(), excluded.end(), [&](const auto& cells) {
      return std::all_of(cells.begin(), cells.end(), [&](const auto& value) {
        return axes[value.first].patches[index[value.first]].first == value.second;
      });
    });
  }
};

Block read_block(const config::Document& document, const config::Document& base,
                 Collector& problems);

// `expect:`, checked against the sweep's axes.
std::vector<core::Expectation> read_expectations(const config::Document& list, const Sweep& sweep,
                                                 Collector& problems);

// A value as it names a cell: scalars as written, lists and maps joined.
std::string compact(const config::Document& value);

}  // namespace theriac::experiment
