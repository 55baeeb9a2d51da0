#pragma once

#include <string>

#include "theriac/checkpoint/safetensors.h"

namespace theriac::checkpoint {

std::string to_bytes(const TensorFile& file);

}  // namespace theriac::checkpoint
