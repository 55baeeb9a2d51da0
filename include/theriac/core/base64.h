#pragma once

#include <string>
#include <string_view>

namespace theriac::core {

std::string to_base64(std::string_view bytes);
std::string from_base64(std::string_view text);  // throws Error for anything that is not base64

}  // namespace theriac::core
