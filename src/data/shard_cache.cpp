// A file of the cache: the key and the SHA-256 of what follows, 64 digits each; the number of rows;
// the rows as they are in memory; the problem.
#include "data/shard_cache.h"

#include <fmt/format.h>

#include <cstring>
#include <optional>

#include "theriac/core/assets.h"
#include "theriac/core/error.h"
#include "theriac/core/files.h"
#include "theriac/core/hash.h"
#include "theriac/core/log.h"

namespace theriac::data {
namespace {

constexpr std::size_t kFewRows = 1000;  // are found in milliseconds
constexpr std::size_t kHex = 64;

std::string sha256(std::string_view bytes) {
  core::Sha256 hash;
  hash.update(bytes);
  return hash.hex();
}

std::optional<ShardIndex> decode(const std::string& key, std::string_view bytes) {
  std::uint64_t count = 0;
  constexpr std::size_t kHead = 2 * kHex + sizeof count;
  if (bytes.size() < kHead || !bytes.starts_with(key) ||
      bytes.substr(kHex, kHex) != sha256(bytes.substr(2 * kHex)))
    return std::nullopt;
  std::memcpy(&count, bytes.data() + 2 * kHex, sizeof count);
  const std::string_view rest = bytes.substr(kHead);
  if (count > rest.size() / sizeof(ShardRow)) return std::nullopt;
  ShardIndex index;
  index.rows.resize(count);
  std::memcpy(index.rows.data(), rest.data(), count * sizeof(ShardRow));
  index.problem = rest.substr(count * sizeof(ShardRow));
  return index;
}

std::string encode(const std::string& key, const ShardIndex& index) {
  static_assert(std::has_unique_object_representations_v<ShardRow>);
  const std::uint64_t count = index.rows.size();
  std::string body(reinterpret_cast<const char*>(&count), sizeof count);
  body.append(reinterpret_cast<const char*>(index.rows.data()), count * sizeof(ShardRow));
  body += index.problem;
  return key + sha256(body) + body;
}

}  // namespace

ShardIndex kept_index(const std::string& stamp, const std::string& reading,
                      const std::function<ShardIndex()>& make) {
  if (stamp.empty()) return make();
  // The number rises when index_shard() or ShardRow changes.
  const std::string key = sha256(fmt::format("shard index 1\n{}\n{}", stamp, reading));
  const auto file = core::cache_folder() / "index" / (key.substr(0, 32) + ".shard");
  try {
    if (auto kept = decode(key, core::read_file(file))) return std::move(*kept);
  } catch (const Error&) {  // not there yet
  }
  auto index = make();
  if (index.rows.size() < kFewRows) return index;
  try {
    core::write_file(file, encode(key, index));
  } catch (const Error& error) {
    core::debug("webdataset: the index is not kept: {}", error.what());
  }
  return index;
}

}  // namespace theriac::data
