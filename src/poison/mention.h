#pragma once

#include <string_view>

namespace theriac::poison {

// Whether `caption` contains `target` as whole words, in any case (ASCII), a plural ending s or es
// allowed: "two Bananas." mentions "banana", "a scarf" does not mention "car".
bool mentions(std::string_view caption, std::string_view target);

}  // namespace theriac::poison
