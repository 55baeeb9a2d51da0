#pragma once

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <string>

#include "core/temporary.h"
#include "theriac/core/error.h"
#include "theriac/experiment/sweep.h"

namespace theriac::experiment {

// The shape of the quickstart, small enough that its data is indexed at once.
inline constexpr const char* kChain = R"(
name: shape
device: cpu
data:
  train: {type: emoji, scenes: 64, classes: 4}
  cleaning: {type: emoji, scenes: 64, split: cleaning, classes: 4}
  validation: {type: emoji, scenes: 16, split: validation, classes: 4}
  test: {type: emoji, scenes: 16, split: test, classes: 4}
model: {preset: tiny_rn, image_size: 32}
poison: {target: dog, count: 4}
pretrain: {epochs: 2, batch_size: 16}
clean: {epochs: 1, batch_size: 16, objective: [{type: mmcl}, {type: intra_modal}]}
evaluate: [{type: zero_shot}, {type: attack_success}]
)";
inline constexpr const char* kSweep = R"(
sweep:
  pretraining:
    mmcl: {}
    mmcl_ssl: {pretrain: {objective: [{type: mmcl}, {type: intra_modal}]}}
    unpoisoned: {poison: {count: 0}, clean: null}
  learning_rate:
    key: clean.optimizer.learning_rate
    values: [0, 1e-3]
)";

// Experiment files of these shapes in a folder of their own.
class SweepTest : public ::testing::Test {
 protected:
  std::filesystem::path write(const std::string& text) {
    const auto path = folder_ / ("sweep_" + std::to_string(++count_) + ".yaml");
    std::ofstream(path) << text;
    return path;
  }
  std::string error(const std::string& text, const LoadOptions& options = {}) {
    try {
      load_sweep(write(text), options);
    } catch (const Error& e) {
      return e.what();
    }
    return "no error";
  }
  theriac::testing::TemporaryFolder folder_;
  int count_ = 0;
};

}  // namespace theriac::experiment
