#pragma once

#include <c10/core/ScalarType.h>

#include <optional>
#include <string_view>

namespace theriac::checkpoint {

// The safetensors name of a dtype and back; nothing: not among those that are supported.
std::optional<c10::ScalarType> dtype_of(std::string_view name);
std::optional<std::string_view> name_of(c10::ScalarType dtype);

}  // namespace theriac::checkpoint
