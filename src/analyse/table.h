#pragma once

#include <vector>

#include "analyse/analysis.h"

namespace theriac::analyse {

const std::vector<Kind>& table();  // in the order of the answer

}  // namespace theriac::analyse
