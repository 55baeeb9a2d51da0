// The safetensors format: u64 little-endian length N, N bytes of JSON
// {"name": {"dtype", "shape", "data_offsets": [begin, end]}, "__metadata__": {...}}, then the data,
// offsets counted from its start, C order, little-endian, without overlaps and holes.
// Source: https://github.com/huggingface/safetensors (README, "Format").
// Differs: I8, I16, U16, U32, U64 and the 8-bit floats are refused; BOOL bytes must be 0 or 1.
#include <torch/types.h>

#include <algorithm>
#include <cstring>
#include <nlohmann/json.hpp>

#include "checkpoint/dtypes.h"
#include "theriac/checkpoint/safetensors.h"
#include "theriac/core/error.h"
#include "theriac/core/files.h"

namespace theriac::checkpoint {
namespace {

using nlohmann::json;

constexpr std::uint64_t kLengthBytes = 8;
constexpr std::uint64_t kMaxHeader = 100'000'000;  // as the reference reader
constexpr std::size_t kMaxDimensions = 16;

struct Span {
  std::uint64_t begin = 0, end = 0;
  std::string name;
};

class Parser {
 public:
  Parser(std::string_view bytes, const std::string& name) : bytes_(bytes), file_(name) {}

  TensorFile parse() {
    const json header = read_header();
    TensorFile file;
    std::vector<Span> spans;
    for (const auto& [name, entry] : header.items()) {
      if (name == "__metadata__")
        read_metadata(entry, file.metadata);
      else
        file.tensors.emplace(name, read_tensor(name, entry, spans));
    }
    check_coverage(std::move(spans));
    return file;
  }

 private:
  [[noreturn]] void fail(const std::string& why) const {
    throw Error("safetensors: " + file_ + ": " + why);
  }
  [[noreturn]] void fail(const std::string& tensor, const std::string& why) const {
    fail("tensor '" + tensor + "': " + why);
  }

  json read_header() {
    if (bytes_.size() < kLengthBytes)
      fail("truncated: " + std::to_string(bytes_.size()) + " bytes, expected at least 8");
    std::uint64_t length = 0;
    for (std::uint64_t i = 0; i < kLengthBytes; ++i)
      length |= std::uint64_t{static_cast<unsigned char>(bytes_[i])} << (8 * i);
    if (length > kMaxHeader || length > bytes_.size() - kLengthBytes)
      fail("not a safetensors file, or truncated: header of " + std::to_string(length) +
           " bytes in a file of " + std::to_string(bytes_.size()));
    const auto text = bytes_.substr(kLengthBytes, length);
    data_ = bytes_.substr(kLengthBytes + length);
    json header = json::parse(text, nullptr, /*allow_exceptions=*/false);
    if (!header.is_object()) fail("the header is not a JSON object");
    return header;
  }

  void read_metadata(const json& entry, std::map<std::string, std::string>& metadata) const {
    if (!entry.is_object()) fail("__metadata__ is not a map");
    for (const auto& [key, value] : entry.items()) {
      if (!value.is_string()) fail("__metadata__ '" + key + "' is not a string");
      metadata.emplace(key, value.get<std::string>());
    }
  }

  std::vector<std::int64_t> read_shape(const std::string& name, const json& entry) const {
    const auto found = entry.find("shape");
    if (found == entry.end() || !found->is_array()) fail(name, "no list 'shape'");
    if (found->size() > kMaxDimensions) fail(name, "more than 16 dimensions");
    std::vector<std::int64_t> shape;
    std::int64_t limit = 1;  // product of the dimensions, zeros left out: it must fit too
    for (const auto& dimension : *found) {
      if (!dimension.is_number_unsigned() ||
          dimension.get<std::uint64_t>() > std::numeric_limits<std::int64_t>::max())
        fail(name, "a dimension is not a count");
      shape.push_back(dimension.get<std::int64_t>());
      if (__builtin_mul_overflow(limit, std::max<std::int64_t>(shape.back(), 1), &limit))
        fail(name, "the shape is too large");
    }
    if (limit > std::numeric_limits<std::int64_t>::max() / 8) fail(name, "the shape is too large");
    return shape;
  }

  Span read_span(const std::string& name, const json& entry) const {
    const auto found = entry.find("data_offsets");
    if (found == entry.end() || !found->is_array() || found->size() != 2 ||
        !(*found)[0].is_number_unsigned() || !(*found)[1].is_number_unsigned())
      fail(name, "data_offsets is not a pair of counts");
    Span span{(*found)[0].get<std::uint64_t>(), (*found)[1].get<std::uint64_t>(), name};
    if (span.begin > span.end || span.end > data_.size())
      fail(name, "bytes " + std::to_string(span.begin) + " to " + std::to_string(span.end) +
                     " of " + std::to_string(data_.size()) + " bytes of data (truncated?)");
    return span;
  }

  torch::Tensor read_tensor(const std::string& name, const json& entry,
                            std::vector<Span>& spans) const {
    if (!entry.is_object() || entry.size() != 3)
      fail(name, "expected dtype, shape and data_offsets");
    const auto word = entry.find("dtype");
    if (word == entry.end() || !word->is_string()) fail(name, "no 'dtype'");
    const auto dtype = dtype_of(word->get_ref<const std::string&>());
    if (!dtype) fail(name, "dtype " + word->get<std::string>() + " is not supported");
    const auto shape = read_shape(name, entry);
    const auto span = read_span(name, entry);
    std::uint64_t bytes = c10::elementSize(*dtype);
    for (const auto dimension : shape) bytes *= static_cast<std::uint64_t>(dimension);
    if (bytes != span.end - span.begin)
      fail(name, "shape and dtype need " + std::to_string(bytes) + " bytes, data_offsets give " +
                     std::to_string(span.end - span.begin));
    const auto source = data_.substr(span.begin, bytes);
    if (*dtype == torch::kBool &&
        std::any_of(source.begin(), source.end(), [](char c) { return c != 0 && c != 1; }))
      fail(name, "a BOOL that is neither 0 nor 1");
    auto tensor = torch::empty(shape, torch::dtype(*dtype));
    if (bytes > 0) std::memcpy(tensor.data_ptr(), source.data(), bytes);
    spans.push_back(span);
    return tensor;
  }

  void check_coverage(std::vector<Span> spans) const {
    std::sort(spans.begin(), spans.end(), [](const Span& a, const Span& b) {
      return std::tie(a.begin, a.end) < std::tie(b.begin, b.end);
    });
    std::uint64_t end = 0;
    for (const auto& span : spans) {
      if (span.begin < end) fail(span.name, "overlaps the tensor before it");
      if (span.begin > end) fail(span.name, "a hole before it");
      end = span.end;
    }
    if (end != data_.size())
      fail(std::to_string(data_.size() - end) + " bytes after the last tensor");
  }

  std::string_view bytes_, data_;
  std::string file_;
};

}  // namespace

TensorFile parse_tensors(std::string_view bytes, const std::string& name) {
  return Parser(bytes, name).parse();
}

TensorFile load_tensors(const std::filesystem::path& path) {
  return parse_tensors(core::read_file(path), path.string());
}

}  // namespace theriac::checkpoint
