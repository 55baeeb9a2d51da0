#pragma once

#include <torch/types.h>

#include <map>
#include <memory>
#include <string>

#include "analyse/analysis.h"

namespace theriac::testing {

// Three images of two classes in the plane, their captions, and a trigger that turns every image
// towards the target, "banana".
inline analyse::Snapshot snapshot(const std::string& name = "epoch 1", std::int64_t epoch = 1) {
  analyse::Snapshot s;
  s.name = name;
  s.run = "pretrain-1";
  s.epoch = epoch;
  s.clean_ND = torch::tensor({{1.0F, 0.0F}, {0.0F, 1.0F}, {-1.0F, 0.0F}});
  s.triggered_ND = torch::tensor({{0.0F, 1.0F}, {0.0F, 1.0F}, {-1.0F, 0.0F}});
  s.labels = {0, 1, 2};
  s.rows = {4, 5, 6};
  s.paired_P = torch::tensor({0, 1, 2}, torch::kInt64);
  s.text_PD = torch::tensor({{1.0F, 0.0F}, {0.0F, 1.0F}, {0.0F, -1.0F}});
  s.texts = {"a dog", "a banana", "a cat, asleep"};
  s.classes = {"dog", "banana", "cat"};
  s.class_CD = torch::tensor({{1.0F, 0.0F}, {0.0F, 1.0F}, {-1.0F, 0.0F}});
  s.target_TD = torch::tensor({{0.0F, 1.0F}});
  s.target = "banana";
  s.target_label = 1;
  return s;
}

inline std::map<std::string, double> named(const analyse::Numbers& numbers) {
  return {numbers.begin(), numbers.end()};
}

inline std::unique_ptr<analyse::Analysis> made(const analyse::Kind& kind,
                                               const analyse::Options& options = {}) {
  return kind.make(options);
}

}  // namespace theriac::testing
