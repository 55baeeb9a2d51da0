#pragma once

#include <string_view>

#include "theriac/poison/plan.h"

namespace theriac::poison {

// Whether `caption` names `target`.
//   kWord       as whole words, a plural ending s or es allowed: "two bananas." names "banana",
//               "a scarf" does not name "car"
//   kSubstring  anywhere: "a scarf" names "car"
// Without `match_case` upper and lower case (ASCII) are the same.
bool mentions(std::string_view caption, std::string_view target, Match match, bool match_case);

}  // namespace theriac::poison
