#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

namespace theriac::data {

// Where a sample's members start in its tar; 24 bytes a row.
struct ShardRow {
  static constexpr std::uint64_t kAbsent = ~std::uint64_t{0};
  std::uint64_t image = kAbsent, text = kAbsent;
  std::uint32_t shard = 0;
  std::int32_t label = -1;
};

// Which members make a sample, by what follows the first dot of their names, in lower case.
struct ShardKeys {
  std::vector<std::string> image;  // the first of these that a sample has
  std::string text, label;         // "": not wanted
};

struct ShardIndex {
  std::vector<ShardRow> rows;
  std::string problem;  // why the tar could not be read to its end, or ""
};

// "folder/a.seg.png" -> "folder/a" and "seg.png"; empty parts when the name has no such form.
struct MemberName {
  std::string_view key, suffix;
};
MemberName split_member(std::string_view path);

// Groups neighbouring members with the same key into samples, as webdataset does; a suffix that
// comes again starts a new one; groups with neither picture nor text are passed over. `label` gives
// the number for the words of a label member. Throws Error when the bytes are no tar at all.
ShardIndex index_shard(std::string_view tar, const std::string& name, const ShardKeys& keys,
                       const std::function<std::int32_t(std::string_view)>& label);

}  // namespace theriac::data
