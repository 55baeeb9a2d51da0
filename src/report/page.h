#pragma once

#include <string>

#include "report/load.h"

namespace theriac::report {

// index.html: one file that needs nothing else, not even a network. `written`: time, for people.
std::string page(const Experiment& experiment, const std::string& written);

extern const char* const kPageStyle;
extern const char* const kPageScript;

}  // namespace theriac::report
