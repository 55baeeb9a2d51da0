#pragma once

#include <torch/types.h>

#include <filesystem>
#include <map>
#include <string>
#include <string_view>

namespace theriac::checkpoint {

// The safetensors format: u64 little-endian header length, JSON header, raw tensors. Reading
// checks everything before it trusts it (length, overlap, holes, shapes, dtypes); throws Error.
struct TensorFile {
  std::map<std::string, torch::Tensor> tensors;
  std::map<std::string, std::string> metadata;
};

TensorFile load_tensors(const std::filesystem::path& path);
TensorFile parse_tensors(std::string_view bytes, const std::string& name);
// Deterministic bytes: tensors in name order, no time, host or path inside. Atomic and synced.
void save_tensors(const std::filesystem::path& path, const TensorFile& file);

}  // namespace theriac::checkpoint
