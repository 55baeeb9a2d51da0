#pragma once

#include <functional>
#include <string>

#include "report/figures.h"

namespace theriac::report {

// Sections of a page with a figure that its script knows; "" where there is nothing to show.
std::string scatter_section(const Experiment& experiment, Tips& tips);
std::string trajectory_section(const Experiment& experiment, Tips& tips);
std::string training_section(const Experiment& experiment);

// A link to a file of tables/: inside the page, or beside it where it is large.
std::string table_file(const Experiment& experiment, const std::string& name,
                       const std::function<std::string()>& bytes);

}  // namespace theriac::report
