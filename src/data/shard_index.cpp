#include "data/shard_index.h"

#include <fmt/format.h>

#include <algorithm>
#include <unordered_set>

#include "data/tar_reader.h"
#include "theriac/core/error.h"
#include "theriac/core/text.h"

namespace theriac::data {
namespace {

void refuse(std::string_view tar, const std::string& name, const std::string& problem) {
  const std::pair<std::string_view, const char*> kinds[] = {{"\x1f\x8b", "gzip"},
                                                            {"\x28\xb5\x2f\xfd", "zstd"},
                                                            {"\xfd"
                                                             "7zXZ",
                                                             "xz"},
                                                            {"BZh", "bzip2"}};
  for (const auto& [magic, kind] : kinds)
    if (tar.starts_with(magic))
      throw Error(fmt::format(
          "webdataset: {} is compressed ({}); decompress it first, only plain tars can be read at "
          "any place",
          name, kind));
  throw Error(fmt::format("webdataset: {} is not a tar file ({})", name, problem));
}

// Collects the members of one sample after another.
class Grouping {
 public:
  Grouping(const ShardKeys& keys, const std::function<std::int32_t(std::string_view)>& label)
      : keys_(keys), label_(label) {}

  void add(const TarMember& member) {
    const auto [key, suffix] = split_member(member.path);
    if (member.type != '0' || suffix.empty()) return;
    const std::string lower = core::lower_ascii(suffix);
    if (key != key_ || seen_.contains(lower)) finish();
    key_ = key;
    seen_.insert(lower);
    const auto rank =
        std::find(keys_.image.begin(), keys_.image.end(), lower) - keys_.image.begin();
    if (rank < rank_) {
      rank_ = rank;
      row_.image = member.start;
    }
    if (lower == keys_.text) row_.text = member.start;
    if (lower == keys_.label) row_.label = label_(core::trim(member.data));
  }

  void finish() {
    if (row_.image != ShardRow::kAbsent || row_.text != ShardRow::kAbsent) rows.push_back(row_);
    row_ = {};
    rank_ = static_cast<std::ptrdiff_t>(keys_.image.size());
    seen_.clear();
  }

  std::vector<ShardRow> rows;

 private:
  const ShardKeys& keys_;
  const std::function<std::int32_t(std::string_view)>& label_;
  std::string key_;
  std::unordered_set<std::string> seen_;
  ShardRow row_;
  std::ptrdiff_t rank_ = static_cast<std::ptrdiff_t>(keys_.image.size());
};

}  // namespace

MemberName split_member(std::string_view path) {
  const std::size_t slash = path.rfind('/');
  const std::size_t base = slash == std::string_view::npos ? 0 : slash + 1;
  const std::size_t dot = path.find('.', base);
  const std::string_view name = path.substr(base, dot - base);
  if (dot == std::string_view::npos || name.empty() ||
      (name.size() > 3 && name.starts_with("__") && name.ends_with("__")))
    return {};
  const std::size_t start = path.starts_with("./") ? 2 : 0;
  return {path.substr(start, dot - start), path.substr(dot + 1)};
}

ShardIndex index_shard(std::string_view tar, const std::string& name, const ShardKeys& keys,
                       const std::function<std::int32_t(std::string_view)>& label) {
  if (tar.empty()) return {{}, "the file is empty"};
  TarReader reader(tar);
  TarMember member;
  Grouping grouping(keys, label);
  bool any = false;
  for (; reader.next(member); any = true) grouping.add(member);
  if (!any && !reader.problem().empty()) refuse(tar, name, reader.problem());
  grouping.finish();
  return {std::move(grouping.rows), reader.problem()};
}

}  // namespace theriac::data
