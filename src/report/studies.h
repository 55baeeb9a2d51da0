#pragma once

#include <string>
#include <vector>

#include "report/pool.h"

namespace theriac::report {

// Pre-trained models and their cleaning that differ in nothing but seeds, one pool for each seed of
// the model and of its cleaning.
struct Study {
  std::string name;
  std::vector<Pool> seeds;   // their candidates: the settings and epochs that all of them have
  std::size_t points = 0;    // of these, in each seed that is measured
  std::size_t left_out = 0;  // points that some seed does not have, in all seeds together
  bool disjoint = false;     // measured seeds that have no point in common
  std::string apart;         // why it is not one with an earlier study of its name; "" if none
  std::vector<std::string> again;  // seeds that were there twice and count once, the first time
};

// Pools of one method become one study where their stages are alike up to seeds (of plans without
// the mark: where experiment, setting and settings are) and all are measured alike. Their cleaning
// runs are compared point by point: a seed whose points are all other ones belongs to the study
// within one run of an experiment, where it is the same sweep, and is one of its own otherwise.
std::vector<Study> studies(const std::vector<Pool>& pools);

// For the notes of tables: studies of one name, seeds that are there twice, points left out.
std::string remarks(const std::vector<Study>& studies);

}  // namespace theriac::report
