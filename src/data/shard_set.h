#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "data/mapped_file.h"
#include "data/shard_index.h"

namespace theriac::data {

struct Shard {
  explicit Shard(const std::string& path);
  std::string name;  // of the file, without its folder
  MappedFile file;
  std::string problem;  // why it could not be read to its end, or ""
};

// Tars and the samples in them, in the order of the tars. What is behind the place where a tar
// broke off is one row without members.
struct ShardSet {
  std::vector<std::unique_ptr<Shard>> shards;
  std::vector<ShardRow> rows;
};

// Maps and indexes tars in parallel, no more of them than `limit` samples need. `label` is called
// from many threads; `labels` stands for what it does. Indexes are kept, see shard_cache.h. Throws
// Error, see index_shard(); Interrupted.
ShardSet index_shards(const std::vector<std::string>& paths, const ShardKeys& keys,
                      const std::function<std::int32_t(std::string_view)>& label,
                      const std::string& labels, std::int64_t limit);

}  // namespace theriac::data
