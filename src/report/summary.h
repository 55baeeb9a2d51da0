#pragma once

#include <string>
#include <vector>

#include "report/load.h"

namespace theriac::report {

std::string summary_html(const Experiment& experiment);  // cards: before and after cleaning
std::vector<std::string> summary_sentences(const Experiment& experiment);  // plain text

}  // namespace theriac::report
