#include "checkpoint/safetensors_write.h"

#include <torch/types.h>

#include <nlohmann/json.hpp>

#include "checkpoint/dtypes.h"
#include "theriac/checkpoint/safetensors.h"
#include "theriac/core/files.h"

namespace theriac::checkpoint {

std::string to_bytes(const TensorFile& file) {
  constexpr std::size_t kAlignment = 8;
  nlohmann::json header = nlohmann::json::object();  // sorted by name
  if (!file.metadata.empty()) header["__metadata__"] = file.metadata;
  std::uint64_t offset = 0;
  for (const auto& [name, tensor] : file.tensors) {
    const auto dtype = name_of(tensor.scalar_type());
    if (!dtype) throw std::logic_error("safetensors: dtype of " + name + " cannot be written");
    if (name == "__metadata__") throw std::logic_error("safetensors: reserved name " + name);
    const std::uint64_t end = offset + tensor.nbytes();
    header[name] = {
        {"dtype", *dtype}, {"shape", tensor.sizes().vec()}, {"data_offsets", {offset, end}}};
    offset = end;
  }
  std::string text = header.dump();
  text.resize((text.size() + kAlignment - 1) / kAlignment * kAlignment, ' ');

  std::string bytes;
  bytes.reserve(8 + text.size() + offset);
  for (int i = 0; i < 8; ++i) bytes += static_cast<char>(text.size() >> (8 * i) & 0xff);
  bytes += text;
  for (const auto& [name, tensor] : file.tensors) {
    const auto plain = tensor.detach().to(torch::kCPU).contiguous();
    bytes.append(static_cast<const char*>(plain.const_data_ptr()), plain.nbytes());
  }
  return bytes;
}

void save_tensors(const std::filesystem::path& path, const TensorFile& file) {
  core::write_file(path, to_bytes(file));
}

}  // namespace theriac::checkpoint
