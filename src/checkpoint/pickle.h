#pragma once

#include <c10/core/ScalarType.h>

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace theriac::checkpoint::pickle {

struct Node;
using Nodes = std::vector<Node*>;

// A value that a pickle describes. Nothing that it names is imported or called.
struct Node {
  enum class Kind {
    kNone,
    kBool,
    kInt,
    kFloat,
    kString,
    kBytes,
    kTuple,
    kList,
    kDict,
    kGlobal,
    kStorage,
    kTensor,
    kMark
  };
  Kind kind = Kind::kNone;
  std::int64_t integer = 0;  // kBool, kInt; kStorage: elements; kTensor: offset in its storage
  double number = 0;         // kFloat
  std::string text;          // kString, kBytes, kGlobal ("module name"), kStorage (key)
  Nodes items;               // kTuple, kList; kDict: key, value, key, value, ...; kTensor: storage
  c10::ScalarType dtype = c10::ScalarType::Undefined;  // kStorage
  std::vector<std::int64_t> sizes, strides;            // kTensor
};

struct Pickle {
  std::vector<std::unique_ptr<Node>> arena;
  Node* root = nullptr;
};

// Reads protocols 2 to 5 as far as torch.save and torch.jit.save use them: numbers, strings,
// tuples, lists, dicts, tensors, and modules of TorchScript as dicts of their attributes. Error,
// naming `file`, for anything else: a pickle is a program, and this one refuses to be run.
Pickle read(std::string_view bytes, const std::string& file);

}  // namespace theriac::checkpoint::pickle
