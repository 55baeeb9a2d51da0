// The devkit's meta.mat: a MATLAB 5 file with a struct array `synsets`, one record a class, with
// the fields ILSVRC2012_ID (1 to 1000 are the classes of the challenge) and WNID. Format:
// MathWorks, "MAT-File Format", level 5. Only little-endian files are read.

#include <fmt/format.h>
#include <zlib.h>

#include <algorithm>
#include <cstring>

#include "data/imagenet_labels.h"
#include "theriac/core/error.h"
#include "theriac/core/files.h"

namespace theriac::data {
namespace {

constexpr std::uint32_t kMatrix = 14, kCompressed = 15;
constexpr std::size_t kMaxInflated = std::size_t{64} << 20;

struct MatBroken {};

template <class T>
T read_mat(std::string_view bytes, std::size_t offset) {
  if (offset > bytes.size() || sizeof(T) > bytes.size() - offset) throw MatBroken();
  T value;
  std::memcpy(&value, bytes.data() + offset, sizeof value);
  return value;
}

struct MatElement {
  std::uint32_t type = 0;
  std::string_view data;
};

// Takes the next element off the front: type, size and data, padded to 8 bytes; four bytes of data
// or fewer share the first 8 bytes.
MatElement take(std::string_view& bytes) {
  const auto word = read_mat<std::uint32_t>(bytes, 0);
  const auto next = read_mat<std::uint32_t>(bytes, 4);
  const bool small = word >> 16 != 0;
  const std::uint32_t type = small ? word & 0xffff : word;
  const std::size_t size = small ? word >> 16 : next, start = small ? 4 : 8;
  if (size > bytes.size() - start || (small && size > 4)) throw MatBroken();
  const MatElement element{type, bytes.substr(start, size)};
  const std::size_t padded = small || type == kCompressed ? size : (size + 7) / 8 * 8;
  bytes.remove_prefix(std::min(small ? 8 : start + padded, bytes.size()));
  return element;
}

std::string inflate_mat(std::string_view bytes) {
  for (std::size_t room = 16 * bytes.size() + 4096; room <= kMaxInflated; room *= 4) {
    std::string result(room, '\0');
    uLongf size = room;
    const int code = ::uncompress(reinterpret_cast<Bytef*>(result.data()), &size,
                                  reinterpret_cast<const Bytef*>(bytes.data()), bytes.size());
    if (code == Z_OK) return result.substr(0, size);
    if (code != Z_BUF_ERROR) break;
  }
  throw MatBroken();
}

MatElement values_of(std::string_view matrix) {
  for (int i = 0; i < 3; ++i) take(matrix);  // flags, dimensions, name
  return take(matrix);
}

// Characters of one byte, or of two of which the first is kept.
std::string text_of(std::string_view matrix) {
  const auto [type, data] = values_of(matrix);
  const std::size_t step = type == 4 || type == 17 ? 2 : 1;
  std::string text;
  for (std::size_t i = 0; i < data.size(); i += step) text += data[i];
  return text;
}

std::size_t number_of(std::string_view matrix) {
  const auto [type, data] = values_of(matrix);
  if (type == 1 || type == 2) return read_mat<std::uint8_t>(data, 0);
  if (type == 3 || type == 4) return read_mat<std::uint16_t>(data, 0);
  if (type == 5 || type == 6) return read_mat<std::uint32_t>(data, 0);
  if (type != 9) throw MatBroken();
  return static_cast<std::size_t>(read_mat<double>(data, 0));
}

// Whether the variable is the struct array `synsets`; its records go to `wnids`.
bool read_synsets(std::string_view matrix, std::vector<std::string>& wnids) {
  take(matrix);
  const std::string_view dimensions = take(matrix).data;
  if (take(matrix).data != "synsets") return false;
  std::size_t records = 1;
  for (std::size_t i = 0; i + 4 <= dimensions.size(); i += 4)
    records *= read_mat<std::uint32_t>(dimensions, i);
  const auto width = read_mat<std::uint32_t>(take(matrix).data, 0);
  const std::string_view names = take(matrix).data;
  if (width == 0 || names.size() % width != 0) throw MatBroken();
  std::vector<std::string> fields;
  for (std::size_t i = 0; i < names.size(); i += width)
    fields.emplace_back(std::string(names.substr(i, width)).c_str());
  for (std::size_t i = 0; i < records; ++i) {
    std::size_t number = 0;
    std::string wnid;
    for (const std::string& field : fields) {
      const std::string_view value = take(matrix).data;
      if (field == "ILSVRC2012_ID") number = number_of(value);
      if (field == "WNID") wnid = text_of(value);
    }
    if (number >= 1 && number <= wnids.size()) wnids[number - 1] = wnid;
  }
  return true;
}

}  // namespace

std::vector<std::string> read_devkit(const std::string& path) {
  const std::string file = core::read_file(path);
  std::vector<std::string> wnids(kImageNetClasses);
  bool found = false;
  try {
    if (read_mat<std::uint16_t>(file, 126) != 0x4d49) throw MatBroken();
    std::string_view rest = std::string_view(file).substr(128);
    while (!rest.empty() && !found) {
      MatElement element = take(rest);
      std::string inflated;
      if (element.type == kCompressed) {
        inflated = inflate_mat(element.data);
        std::string_view inner = inflated;
        element = take(inner);
      }
      if (element.type == kMatrix) found = read_synsets(element.data, wnids);
    }
  } catch (const MatBroken&) {
    throw Error(fmt::format(
        "imagenet: {} is not a whole MATLAB 5 file; the devkit's data/meta.mat is expected", path));
  }
  for (std::size_t i = 0; i < wnids.size(); ++i)
    if (!is_wnid(wnids[i]))
      throw Error(
          fmt::format("imagenet: {} names no wnid for class {} of the devkit", path, i + 1));
  return wnids;
}

}  // namespace theriac::data
