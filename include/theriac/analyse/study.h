#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>
#include <nlohmann/json_fwd.hpp>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "theriac/evaluate/session.h"

namespace theriac::analyse {

struct Options {
  std::vector<std::string> only;     // names of kinds(); empty: all that the data allow
  std::int64_t samples = 500;        // at most so many of each kind, from equal spans
  std::optional<double> perplexity;  // of t-SNE; default: 30, or less for few points
  std::int64_t iterations = 1000;    // of t-SNE
  std::uint64_t seed = 1;            // of t-SNE
  std::vector<std::string> prompts{"a photo of a {}", "a picture of a {}", "this is a {}"};
  bool fit_articles = true;
  evaluate::Fit fit = {};
};

// What all checkpoints are shown.
struct Data {
  evaluate::DataSet set;
  std::optional<evaluate::Attack> attack;
  std::shared_ptr<const data::Source>
      train;  // may be null: what they were poisoned with is unknown
  std::string train_id;
};

struct Checkpoint {
  std::string name;  // "epoch 3"
  std::string run;   // checkpoints of one run are joined by a line
  std::string hash;
  std::int64_t epoch = 0, step = 0;
  std::shared_ptr<model::Clip> model;
  std::shared_ptr<const text::Tokenizer> tokenizer;
  std::shared_ptr<const poison::Plan> plan;  // may be null: was not poisoned
};

// Name and one line of every kind of analysis.
std::vector<std::pair<std::string, std::string>> kinds();
bool reads_training(const std::string& kind);  // whether it looks at data.train

// Error for a name that kinds() lacks and for an option out of range.
void check(const Options& options);

// Compares checkpoints on the same data, one at a time: of each, only what is shown is kept.
class Study {
 public:
  Study(Data data, Options options, evaluate::SessionOptions session, torch::Device device);
  ~Study();
  // Error when an analysis that was named in `only` lacks what it needs; others are left out with a
  // warning.
  void add(const Checkpoint& checkpoint);
  // Writes for each analysis KIND.svg, KIND.png and KIND.csv, and numbers.csv for all of them;
  // returns the numbers: {data, target, samples, checkpoints: [{name, ..., KIND: {...}}], files}.
  nlohmann::ordered_json write(const std::filesystem::path& folder) const;

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace theriac::analyse
