#include "checkpoint/zip.h"

#include <zlib.h>

#include <algorithm>
#include <cstring>
#include <utility>

#include "theriac/core/error.h"

namespace theriac::checkpoint {
namespace {

constexpr std::uint32_t kMemberMark = 0x04034b50, kDirectoryMark = 0x02014b50;
constexpr std::uint32_t kEndMark = 0x06054b50, kWideEndMark = 0x06064b50, kLocatorMark = 0x07064b50;
constexpr std::uint64_t kEndSize = 22, kLocatorSize = 20, kMemberSize = 30, kDirectorySize = 46;
constexpr std::uint32_t kWide32 = 0xffffffff;  // the number stands in the ZIP64 part
constexpr std::uint16_t kWide16 = 0xffff, kWideField = 1;
constexpr std::uint64_t kLongestComment = 65535, kMostMembers = 1'000'000;

}  // namespace

void Zip::fail(const std::string& why) const { throw Error(file_ + ": " + why); }

template <class Integer>
Integer Zip::number(std::uint64_t at) const {
  Integer value;
  if (bytes_.size() < sizeof value || at > bytes_.size() - sizeof value)
    fail("the archive is truncated or damaged");
  std::memcpy(&value, bytes_.data() + at, sizeof value);  // little-endian, as this machine is
  return value;
}

Zip::Zip(std::string_view bytes, std::string file) : bytes_(bytes), file_(std::move(file)) {
  if (bytes_.size() < kEndSize) fail("too short for an archive");
  std::uint64_t end = bytes_.size() - kEndSize;
  const std::uint64_t last = end > kLongestComment ? end - kLongestComment : 0;
  while (number<std::uint32_t>(end) != kEndMark) {
    if (end == last) fail("no end of an archive; the file is truncated or something else");
    --end;
  }
  std::uint64_t count = number<std::uint16_t>(end + 10), size = number<std::uint32_t>(end + 12),
                start = number<std::uint32_t>(end + 16);
  const bool wide = count == kWide16 || size == kWide32 || start == kWide32;
  if (wide && end >= kLocatorSize && number<std::uint32_t>(end - kLocatorSize) == kLocatorMark) {
    const auto at = number<std::uint64_t>(end - kLocatorSize + 8);
    if (number<std::uint32_t>(at) != kWideEndMark) fail("the archive's ZIP64 end is damaged");
    count = number<std::uint64_t>(at + 32);
    size = number<std::uint64_t>(at + 40);
    start = number<std::uint64_t>(at + 48);
  }
  read_directory(start, size, count);
}

void Zip::read_directory(std::uint64_t at, std::uint64_t size, std::uint64_t count) {
  if (at > bytes_.size() || size > bytes_.size() - at || count > kMostMembers)
    fail("the archive's directory is damaged");
  for (std::uint64_t i = 0; i < count; ++i) {
    if (number<std::uint32_t>(at) != kDirectoryMark) fail("the archive's directory is damaged");
    Member member;
    member.method = number<std::uint16_t>(at + 10);
    member.crc = number<std::uint32_t>(at + 16);
    member.packed = number<std::uint32_t>(at + 20);
    member.size = number<std::uint32_t>(at + 24);
    member.header = number<std::uint32_t>(at + 42);
    const std::uint64_t name = number<std::uint16_t>(at + 28),
                        extra = number<std::uint16_t>(at + 30),
                        comment = number<std::uint16_t>(at + 32);
    at += kDirectorySize;
    if (at > bytes_.size() || name + extra + comment > bytes_.size() - at)
      fail("the archive's directory is damaged");
    widen(member, bytes_.substr(at + name, extra));
    if (!members_.emplace(bytes_.substr(at, name), member).second)
      fail("a name stands twice in the archive");
    at += name + extra + comment;
  }
}

// Sizes and place of a member that do not fit 32 bits.
void Zip::widen(Member& member, std::string_view extra) const {
  while (extra.size() >= 4) {
    std::uint16_t kind, length;
    std::memcpy(&kind, extra.data(), 2);
    std::memcpy(&length, extra.data() + 2, 2);
    auto field = extra.substr(4, length);
    extra.remove_prefix(std::min<std::size_t>(extra.size(), 4u + length));
    if (kind != kWideField) continue;
    for (auto* value : {&member.size, &member.packed, &member.header}) {
      if (*value != kWide32) continue;
      if (field.size() < 8) fail("the archive's directory is damaged");
      std::memcpy(value, field.data(), 8);
      field.remove_prefix(8);
    }
  }
}

std::string_view Zip::read(const std::string& name) const {
  const auto found = members_.find(name);
  if (found == members_.end()) fail("the archive has no " + name);
  const Member& member = found->second;
  if (member.method != 0 || member.packed != member.size)
    fail(name + " is compressed, which torch.save never does");
  if (number<std::uint32_t>(member.header) != kMemberMark)
    fail("the archive is damaged at " + name);
  const std::uint64_t start = member.header + kMemberSize +
                              number<std::uint16_t>(member.header + 26) +
                              number<std::uint16_t>(member.header + 28);
  if (start > bytes_.size() || member.size > bytes_.size() - start) fail(name + " is truncated");
  const auto content = bytes_.substr(start, member.size);
  if (crc32_z(0, reinterpret_cast<const Bytef*>(content.data()), content.size()) != member.crc)
    fail(name + " is damaged (its CRC-32 is another one)");
  return content;
}

std::string Zip::find(std::string_view suffix) const {
  std::string result;
  for (const auto& [name, member] : members_) {
    if (!name.ends_with(suffix)) continue;
    if (!result.empty()) fail("more than one " + std::string(suffix) + " in the archive");
    result = name;
  }
  return result;
}

}  // namespace theriac::checkpoint
