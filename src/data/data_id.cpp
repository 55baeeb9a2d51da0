#include <bit>
#include <cstring>

#include "theriac/core/hash.h"
#include "theriac/data/source.h"

namespace theriac::data {

std::string data_id(const Source& source) {
  static_assert(std::endian::native == std::endian::little);
  core::Sha256 hash;
  std::string buffer;
  const auto add_number = [&](std::uint64_t number) {
    buffer.append(reinterpret_cast<const char*>(&number), sizeof number);
  };
  const auto add = [&](const std::string& text) {
    add_number(text.size());
    buffer += text;
  };
  const auto flush = [&](std::size_t limit) {
    if (buffer.size() < limit) return;
    hash.update(buffer);
    buffer.clear();
  };
  add(source.identity());
  add_number(source.classes().size());
  for (const std::string& name : source.classes()) add(name);
  for (std::int64_t i = 0; i < source.size(); ++i) {
    const Row row = source.row(i);
    add(row.key);
    add(row.caption);
    add_number(static_cast<std::uint64_t>(row.label));
    add_number(row.bytes);
    flush(std::size_t{1} << 16);
  }
  flush(0);
  return hash.hex().substr(0, 16);
}

}  // namespace theriac::data
