#include "data/shard_set.h"

#include <fmt/format.h>

#include <algorithm>
#include <atomic>
#include <exception>
#include <filesystem>
#include <thread>

#include "data/class_list.h"
#include "data/shard_cache.h"
#include "theriac/core/error.h"
#include "theriac/core/interrupt.h"

namespace theriac::data {
namespace {

constexpr std::size_t kMostIndexers = 8;  // threads; more wait for the disk

void append_part(ShardSet& set, ShardIndex part, std::size_t shard) {
  const auto number = static_cast<std::uint32_t>(shard);
  for (ShardRow& row : part.rows) {
    row.shard = number;
    set.rows.push_back(row);
  }
  if (part.problem.empty()) return;
  ShardRow rest;
  rest.shard = number;
  set.rows.push_back(rest);
  set.shards[shard]->problem = std::move(part.problem);
}

}  // namespace

Shard::Shard(const std::string& path)
    : name(repair_utf8(std::filesystem::path(path).filename().string())),
      file("webdataset", path) {}

ShardSet index_shards(const std::vector<std::string>& paths, const ShardKeys& keys,
                      const std::function<std::int32_t(std::string_view)>& label,
                      const std::string& labels, std::int64_t limit) {
  const std::string reading =
      fmt::format("{}\n{}\n{}\n{}", fmt::join(keys.image, "\t"), keys.text, keys.label, labels);
  ShardSet set;
  set.shards.resize(paths.size());
  std::vector<ShardIndex> parts(paths.size());
  std::vector<std::exception_ptr> failures(paths.size());
  std::atomic<std::size_t> next = 0;
  std::atomic<std::int64_t> rows = 0;
  std::atomic<bool> stop = false;
  const auto work = [&] {
    for (std::size_t i;
         !stop && !core::stop_requested() && rows < limit && (i = next++) < paths.size();) {
      try {
        set.shards[i] = std::make_unique<Shard>(paths[i]);
        const auto& file = set.shards[i]->file;
        parts[i] = kept_index(file.stamp(), reading,
                              [&] { return index_shard(file.text(), paths[i], keys, label); });
        rows += static_cast<std::int64_t>(parts[i].rows.size());
      } catch (...) {
        failures[i] = std::current_exception();
        stop = true;
      }
    }
  };
  {
    std::vector<std::jthread> helpers;
    const std::size_t useful =
        std::min({kMostIndexers, paths.size(), std::size_t{std::thread::hardware_concurrency()}});
    for (std::size_t i = 1; i < useful; ++i) helpers.emplace_back(work);
    work();
  }
  for (const auto& failure : failures)
    if (failure) std::rethrow_exception(failure);
  if (core::stop_requested()) throw Interrupted("webdataset: stopped while indexing");
  set.rows.reserve(static_cast<std::size_t>(rows));
  for (std::size_t i = 0; i < parts.size(); ++i) append_part(set, std::move(parts[i]), i);
  set.shards.resize(std::min<std::size_t>(next, paths.size()));
  return set;
}

}  // namespace theriac::data
