#include "checkpoint/dtypes.h"

#include <utility>

namespace theriac::checkpoint {
namespace {

constexpr std::pair<std::string_view, c10::ScalarType> kDtypes[] = {
    {"F64", c10::ScalarType::Double}, {"F32", c10::ScalarType::Float},
    {"F16", c10::ScalarType::Half},   {"BF16", c10::ScalarType::BFloat16},
    {"I64", c10::ScalarType::Long},   {"I32", c10::ScalarType::Int},
    {"U8", c10::ScalarType::Byte},    {"BOOL", c10::ScalarType::Bool},
};

}  // namespace

std::optional<c10::ScalarType> dtype_of(std::string_view name) {
  for (const auto& [text, dtype] : kDtypes)
    if (text == name) return dtype;
  return std::nullopt;
}

std::optional<std::string_view> name_of(c10::ScalarType dtype) {
  for (const auto& [text, known] : kDtypes)
    if (known == dtype) return text;
  return std::nullopt;
}

}  // namespace theriac::checkpoint
