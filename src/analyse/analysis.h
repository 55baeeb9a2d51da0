#pragma once

#include <torch/types.h>

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "theriac/analyse/study.h"
#include "theriac/report/chart.h"

// N images, P of them with a text, C classes, D embedding width, T prompts.

namespace theriac::analyse {

// Training pairs' cosines of image and text, as trained: with triggers and poisoned captions.
struct TrainingPairs {
  std::vector<double> clean, poisoned;  // of those that were chosen
  double clean_total = 0, poisoned_total = 0;
};

// How one checkpoint sees the data; rows are unit vectors, fp32.
struct Snapshot {
  std::string name, run;
  std::int64_t epoch = 0;
  torch::Tensor clean_ND, triggered_ND;  // the latter undefined without attack
  std::vector<std::int64_t> labels;      // per image, or -1
  std::vector<std::int64_t> rows;        // per image, its row in the data set
  torch::Tensor paired_P;                // int64: images that have a text
  torch::Tensor text_PD;
  std::vector<std::string> texts;
  std::vector<std::string> classes;
  torch::Tensor class_CD;   // undefined without classes
  torch::Tensor target_TD;  // the target's prompts; undefined without attack
  std::string target;       // name, or empty
  std::int64_t target_label = -1;
  std::optional<TrainingPairs> training;
  std::string training_lacks;  // why there are none, where they were looked for
};

using Numbers = std::vector<std::pair<std::string, double>>;

struct Figure {
  report::Chart chart;
  report::Sheet sheet;
};

// One kind of analysis, over all checkpoints.
class Analysis {
 public:
  virtual ~Analysis() = default;
  // What it lacks to look at this checkpoint, with what to do about it; empty: nothing.
  virtual std::string missing(const Snapshot& snapshot) const = 0;
  virtual Numbers add(const Snapshot& snapshot) = 0;
  virtual Figure figure() const = 0;  // after at least one add()
};

struct Kind {
  std::string name, doc;
  bool evaluation, training;  // which data it reads
  std::function<std::unique_ptr<Analysis>(const Options& options)> make;
};

Kind pca_projection();
Kind tsne_projection();
Kind geometry();
Kind similarity();
Kind poison_rank();
Kind confusion();

// At most `most` of n places, evenly spaced, first and last among them.
std::vector<std::size_t> spaced(std::size_t n, std::size_t most);
// "", or " 6 of the 64 checkpoints are shown; the CSV file has all." for a figure's note.
std::string shown_note(std::size_t n, std::size_t most);
std::size_t columns_for(std::size_t panels);
std::string number(double value);  // for CSV files

// A value of each checkpoint by epoch, a line for each run.
class Lines {
 public:
  void add(const Snapshot& snapshot, double value);
  void add(const Snapshot& snapshot, double value, double low, double high);
  report::Panel panel(std::string title) const;

 private:
  std::vector<report::Series> runs_;
};

}  // namespace theriac::analyse
