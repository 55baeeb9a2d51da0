// Files of torch.save: a ZIP of data.pkl (a pickle that names storages), data/<key> (their bytes)
// and byteorder. Source: PyTorch, torch/serialization.py (_save), docs "Serialization semantics".
#include "theriac/checkpoint/foreign.h"

#include <fcntl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <torch/types.h>
#include <unistd.h>

#include <array>
#include <cstring>

#include "checkpoint/card.h"
#include "checkpoint/layout.h"
#include "checkpoint/pickle.h"
#include "checkpoint/zip.h"
#include "theriac/core/error.h"

namespace theriac::checkpoint {
namespace {

namespace fs = std::filesystem;
using pickle::Node;

constexpr int kDeepest = 64;
constexpr std::size_t kMostTensors = 100'000, kMostValues = 10'000'000;

class Mapped {
 public:
  explicit Mapped(const fs::path& path) {
    const int file = open(path.c_str(), O_RDONLY | O_CLOEXEC);
    struct stat status {};
    if (file < 0 || fstat(file, &status) != 0 || !S_ISREG(status.st_mode)) {
      const std::string why = file < 0 ? std::strerror(errno) : "not a file";
      if (file >= 0) close(file);
      throw Error("cannot read " + path.string() + ": " + why);
    }
    size_ = static_cast<std::size_t>(status.st_size);
    if (size_ > 0) data_ = mmap(nullptr, size_, PROT_READ, MAP_PRIVATE, file, 0);
    close(file);
    if (data_ == MAP_FAILED)
      throw Error("cannot read " + path.string() + ": " + std::strerror(errno));
  }
  ~Mapped() {
    if (data_) munmap(data_, size_);
  }
  Mapped(const Mapped&) = delete;
  Mapped& operator=(const Mapped&) = delete;
  std::string_view bytes() const { return {static_cast<const char*>(data_), size_}; }

 private:
  void* data_ = nullptr;
  std::size_t size_ = 0;
};

class TorchFile {
 public:
  TorchFile(std::string_view bytes, std::string file) : zip_(bytes, file), file_(std::move(file)) {
    const auto name = zip_.find("data.pkl");
    if (name.empty()) fail("an archive, but not one of torch.save: no data.pkl in it");
    folder_ = name.substr(0, name.size() - std::strlen("data.pkl"));
    if (zip_.contains(folder_ + "byteorder") && zip_.read(folder_ + "byteorder") != "little")
      fail("written on a big-endian machine");
    pickle_ = pickle::read(zip_.read(name), file_);
  }

  TensorFile tensors() {
    collect(*weights(), "", 0);
    return std::move(result_);
  }

 private:
  [[noreturn]] void fail(const std::string& why) const { throw Error(file_ + ": " + why); }

  const Node* weights() const {
    for (const char* key : {"state_dict", "model_state_dict", "model"})
      for (std::size_t i = 0; i + 1 < pickle_.root->items.size(); i += 2)
        if (pickle_.root->kind == Node::Kind::kDict && pickle_.root->items[i]->text == key &&
            pickle_.root->items[i + 1]->kind == Node::Kind::kDict)
          return pickle_.root->items[i + 1];
    return pickle_.root;
  }

  void collect(const Node& node, const std::string& name, int depth) {
    if (depth > kDeepest || ++visited_ > kMostValues)
      fail("dicts within dicts, more than any checkpoint has");
    if (node.kind == Node::Kind::kTensor) {
      if (result_.tensors.size() >= kMostTensors) fail("more tensors than any checkpoint has");
      result_.tensors[name] = tensor(node, name);
    }
    if (node.kind != Node::Kind::kDict) return;
    for (std::size_t i = 0; i + 1 < node.items.size(); i += 2) {
      const Node& key = *node.items[i];
      if (key.kind != Node::Kind::kString && key.kind != Node::Kind::kInt) continue;
      const std::string part =
          key.kind == Node::Kind::kString ? key.text : std::to_string(key.integer);
      collect(*node.items[i + 1], name.empty() ? part : name + "." + part, depth + 1);
    }
  }

  // A copy in C order. Rows that overlap (stride 0) would let a small file ask for any memory.
  torch::Tensor tensor(const Node& node, const std::string& name) const {
    const Node& storage = *node.items[0];
    const auto bytes = zip_.read(folder_ + "data/" + storage.text);
    const auto width = static_cast<std::int64_t>(c10::elementSize(storage.dtype));
    const auto elements = static_cast<std::int64_t>(bytes.size()) / width;
    std::int64_t count = 1, end = node.integer;
    for (std::size_t d = 0; d < node.sizes.size(); ++d) {
      std::int64_t reach = 0;
      if (__builtin_mul_overflow(count, node.sizes[d], &count) ||
          __builtin_mul_overflow(std::max<std::int64_t>(node.sizes[d], 1) - 1, node.strides[d],
                                 &reach) ||
          __builtin_add_overflow(end, reach, &end))
        fail("tensor " + name + ": its shape is too large");
    }
    if (count > elements || (count > 0 && end >= elements))
      fail("tensor " + name + ": needs more bytes than its storage has (truncated?)");
    if (count == 0) return torch::empty(node.sizes, storage.dtype);
    if (storage.dtype == c10::kBool)
      for (const char c : bytes)
        if (c != 0 && c != 1) fail("tensor " + name + ": a bool that is neither 0 nor 1");
    // The member may start at any byte; copied to an aligned place before it is a tensor.
    const auto span = static_cast<std::size_t>((end - node.integer + 1) * width);
    auto flat = torch::empty({end - node.integer + 1}, storage.dtype);
    std::memcpy(flat.mutable_data_ptr(), bytes.data() + node.integer * width, span);
    return flat.as_strided(node.sizes, node.strides).clone(at::MemoryFormat::Contiguous);
  }

  Zip zip_;
  std::string file_, folder_;
  pickle::Pickle pickle_;
  TensorFile result_;
  std::size_t visited_ = 0;
};

void tidy(TensorFile& file) {
  std::map<std::string, torch::Tensor> tensors;
  bool wrapped = !file.tensors.empty();
  for (const auto& [name, tensor] : file.tensors) wrapped = wrapped && name.starts_with("module.");
  for (auto& [name, tensor] : file.tensors)
    if (!name.ends_with(".attn_mask"))  // TorchScript keeps the causal mask, a constant
      tensors.emplace(wrapped ? name.substr(std::strlen("module.")) : name, std::move(tensor));
  for (const char* extra : {"input_resolution", "context_length", "vocab_size"})
    tensors.erase(extra);
  file.tensors = std::move(tensors);
}

}  // namespace

TensorFile load_foreign(const fs::path& path) {
  const Mapped mapped(path);
  const auto bytes = mapped.bytes();
  TensorFile file;
  if (bytes.starts_with("PK\x03\x04"))
    file = TorchFile(bytes, path.string()).tensors();
  else if (bytes.starts_with("\x80\x02") || bytes.starts_with("\x80\x04"))
    throw Error(path.string() +
                ": a bare pickle (torch before 1.6, or another program). Load it where you trust "
                "it and save its state_dict again");
  else
    file = parse_tensors(bytes, path.string());
  tidy(file);
  if (file.tensors.empty()) throw Error(path.string() + ": no tensors in it");
  return file;
}

std::optional<Card> card_of(const TensorFile& file) {
  const auto found = file.metadata.find(layout::kCardKey);
  if (found == file.metadata.end()) return std::nullopt;
  try {
    return card_from(nlohmann::json::parse(found->second));
  } catch (const nlohmann::json::exception& error) {
    throw Error(std::string("checkpoint: the card in the file is damaged: ") + error.what());
  }
}

}  // namespace theriac::checkpoint
