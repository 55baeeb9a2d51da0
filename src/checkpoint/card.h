#pragma once

#include <nlohmann/json.hpp>

#include "theriac/checkpoint/checkpoint.h"

namespace theriac::checkpoint {

nlohmann::json to_json(const Card& card);
Card card_from(const nlohmann::json& content);  // throws Error or nlohmann's exceptions

}  // namespace theriac::checkpoint
