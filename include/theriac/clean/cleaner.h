#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "theriac/config/fields.h"
#include "theriac/train/config.h"
#include "theriac/train/trainer.h"

namespace theriac::clean {

// What a cleaner gets: a poisoned model and the defender's clean data; what it may report to.
struct Context {
  std::shared_ptr<model::Clip> model;
  loader::Dataset data;
  loader::LoaderConfig loader;
  std::uint64_t seed = 0;
  torch::Device device = torch::kCPU;
  std::vector<std::unique_ptr<train::Observer>> observers;  // evaluation after each epoch, ...
  std::optional<train::Resume> resume;
  train::Trainer::Save save;  // called as Trainer::run says
};

// A defence that changes a model's weights with the help of clean data.
class Cleaner {
 public:
  virtual ~Cleaner() = default;
  virtual void run(Context& context) = 0;
};

// Where cleaning starts from.
struct From final : config::Section {
  std::string checkpoint = "last";  // of the stage before: last | epoch N; or a checkpoint's folder
  bool is_file() const;             // a folder, not a checkpoint of the stage before
  std::int64_t epoch() const;       // N of "epoch N", or -1
  void describe(config::Fields& fields) override;
  void check(config::Problems& problems) const override;
};

// A cleaner's describe() calls CleanerConfig::describe() first.
class CleanerConfig : public config::Section {
 public:
  From from;
  void describe(config::Fields& fields) override;
  virtual std::unique_ptr<Cleaner> build() const = 0;
  // Views and epochs for plan and progress; null when the cleaner does not train.
  virtual const train::TrainConfig* training() const { return nullptr; }
};

// fine_tune: training with an objective from the poisoned weights; CleanCLIP is
// objective: [{type: mmcl}, {type: intra_modal}] (Bansal et al., ICCV 2023).
config::Table<CleanerConfig>& table();

}  // namespace theriac::clean
