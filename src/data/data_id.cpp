#include <fmt/format.h>

#include <bit>
#include <cstring>

#include "theriac/core/assets.h"
#include "theriac/core/error.h"
#include "theriac/core/files.h"
#include "theriac/core/hash.h"
#include "theriac/core/log.h"
#include "theriac/data/source.h"

namespace theriac::data {
namespace {

constexpr std::int64_t kWorthKeeping = 100'000;  // rows; fewer are hashed in milliseconds
constexpr std::size_t kDigits = 16;

std::string hash_rows(const Source& source) {
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
  return hash.hex().substr(0, kDigits);
}

// All that the id depends on, in 64 digits; the number rises when hash_rows() changes.
std::string key_of(const Source& source, const std::string& stamp) {
  core::Sha256 hash;
  hash.update(fmt::format("data id 1\n{}\n{}\n{}\n", stamp, source.size(), source.identity()));
  for (const std::string& name : source.classes()) hash.update(name + "\n");
  return hash.hex();
}

}  // namespace

std::string data_id(const Source& source) {
  const std::string stamp = source.stamp();
  if (stamp.empty() || source.size() < kWorthKeeping) return hash_rows(source);
  const std::string key = key_of(source, stamp);
  const auto file = core::cache_folder() / "index" / (key.substr(0, 32) + ".id");
  try {
    const std::string kept = core::read_file(file);
    if (kept.size() == kDigits + 1 + key.size() && kept.substr(kDigits) == " " + key)
      return kept.substr(0, kDigits);
  } catch (const Error&) {  // not there yet
  }
  const std::string id = hash_rows(source);
  try {
    core::write_file(file, id + " " + key);
  } catch (const Error& error) {
    core::info("data: the id of {} rows is not kept: {}", source.size(), error.what());
  }
  return id;
}

}  // namespace theriac::data
