#pragma once

#include <string>
#include <vector>

#include "report/load.h"
#include "theriac/report/report.h"

namespace theriac::report {

// One `expect:` line beside what was measured.
struct Finding {
  const core::Expectation* expectation = nullptr;
  std::string where;     // "pretrain mmcl: attack_success on test"
  std::string expected;  // "at least 80"
  std::string measured;  // "98.3", "97.1 to 98.3", or why there is nothing
  Verdict::Outcome outcome = Verdict::Outcome::kNotMeasured;
};
std::vector<Finding> findings(const Experiment& experiment);
std::string word(Verdict::Outcome outcome);  // "met", ...

}  // namespace theriac::report
