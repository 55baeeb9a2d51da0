#pragma once

// Names inside a checkpoint folder.
namespace theriac::checkpoint::layout {

inline constexpr const char* kModel = "model.safetensors";
inline constexpr const char* kOptimizer = "optimizer.safetensors";
inline constexpr const char* kCard = "card.json";
inline constexpr const char* kState = "state.json";
inline constexpr const char* kCardKey = "theriac_card";  // in the metadata of kModel
inline constexpr const char* kFormat = "theriac checkpoint";

}  // namespace theriac::checkpoint::layout
