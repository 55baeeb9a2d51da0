// POSIX.1-2001, "pax", ustar interchange format; GNU tar manual, "Basic Tar Format". A member is a
// header block of 512 bytes and its data, padded to whole blocks; headers of type L (GNU) and x
// (pax) say more about the member after them.

#include "data/tar_reader.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <optional>

namespace theriac::data {
namespace {

constexpr std::uint64_t kBlock = 512;

std::string_view tar_text(std::string_view field) { return field.substr(0, field.find('\0')); }

// Octal digits between blanks, or, with the first bit set, a big-endian number (GNU).
std::optional<std::uint64_t> tar_number(std::string_view field) {
  std::uint64_t value = 0;
  if (static_cast<unsigned char>(field[0]) & 0x80) {
    for (std::size_t i = 0; i < field.size(); ++i) {
      const auto byte = static_cast<unsigned char>(field[i]) & (i == 0 ? 0x7fu : 0xffu);
      if (value >> 56 != 0) return std::nullopt;
      value = value << 8 | byte;
    }
    return value;
  }
  const std::size_t start = std::min(field.find_first_not_of(' '), field.size());
  const char* const end = field.data() + field.size();
  const auto [rest, error] = std::from_chars(field.data() + start, end, value, 8);
  if (error == std::errc::result_out_of_range) return std::nullopt;
  return rest == end || *rest == '\0' || *rest == ' ' ? std::optional(value) : std::nullopt;
}

// The sum of the header's bytes with its own field counted as blanks; some old programs added the
// bytes as signed numbers.
bool sum_fits(std::string_view header) {
  const auto expected = tar_number(header.substr(148, 8));
  std::int64_t plain = 0, with_sign = 0;
  for (std::size_t i = 0; i < header.size(); ++i) {
    const char c = i >= 148 && i < 156 ? ' ' : header[i];
    plain += static_cast<unsigned char>(c);
    with_sign += static_cast<signed char>(c);
  }
  const auto stated = static_cast<std::int64_t>(expected.value_or(0));
  return expected && (stated == plain || stated == with_sign);
}

std::string header_path(std::string_view header) {
  const std::string name(tar_text(header.substr(0, 100)));
  const std::string_view prefix = tar_text(header.substr(345, 155));
  const bool ustar = header.substr(257, 6) == std::string_view("ustar\0", 6);
  return ustar && !prefix.empty() ? std::string(prefix) + "/" + name : name;
}

struct PaxFields {
  std::string path;
  std::optional<std::uint64_t> size;
};

// Records "length key=value\n"; false when they are broken.
bool read_pax(std::string_view text, PaxFields& fields) {
  while (!text.empty()) {
    std::size_t length = 0;
    const auto [rest, error] = std::from_chars(text.data(), text.data() + text.size(), length);
    const auto digits = static_cast<std::size_t>(rest - text.data());
    if (error != std::errc() || length > text.size() || length < digits + 3 ||
        text[length - 1] != '\n')
      return false;
    const std::string_view record = text.substr(digits + 1, length - digits - 2);
    const std::size_t equals = record.find('=');
    if (equals == std::string_view::npos) return false;
    const std::string_view key = record.substr(0, equals), value = record.substr(equals + 1);
    if (key == "path") fields.path = value;
    if (key == "size") {
      std::uint64_t size = 0;
      if (std::from_chars(value.data(), value.data() + value.size(), size).ec != std::errc())
        return false;
      fields.size = size;
    }
    text.remove_prefix(length);
  }
  return true;
}

}  // namespace

bool TarReader::fail(std::string problem) {
  problem_ = std::move(problem);
  next_ = tar_.size();
  return false;
}

bool TarReader::next(TarMember& member) {
  if (!problem_.empty()) return false;
  member.start = next_;
  member.path.clear();
  PaxFields pax;
  while (next_ < tar_.size()) {
    const std::uint64_t at = next_;
    const std::string_view header = tar_.substr(at, kBlock);
    if (header.size() < kBlock)
      return fail(fmt::format("the file ends inside the header at byte {}", at));
    if (header.find_first_not_of('\0') == std::string_view::npos) break;  // the archive's end
    const auto stated = tar_number(header.substr(124, 12));
    if (!sum_fits(header) || !stated) return fail(fmt::format("no valid header at byte {}", at));
    const char type = header[156] == '\0' || header[156] == '7' ? '0' : header[156];
    const bool describes = type == 'L' || type == 'K' || type == 'x' || type == 'g';
    const std::uint64_t size = describes ? *stated : pax.size.value_or(*stated);
    const std::string_view data = tar_.substr(at + kBlock, size);
    const std::uint64_t room = tar_.size() - at - kBlock;
    next_ = size > room ? tar_.size()
                        : std::min(at + kBlock + (size + kBlock - 1) / kBlock * kBlock,
                                   static_cast<std::uint64_t>(tar_.size()));
    if (!describes) {
      if (!pax.path.empty()) member.path = pax.path;
      if (member.path.empty()) member.path = header_path(header);
      member.type = type;
      member.size = size;
      member.data = data;
      return true;
    }
    if (data.size() < size)
      return fail(fmt::format("the file ends inside the long name at byte {}", at));
    if (type == 'L') member.path = tar_text(data);
    if (type == 'x' && !read_pax(data, pax))
      return fail(fmt::format("no valid extended header at byte {}", at));
  }
  next_ = tar_.size();
  return false;
}

}  // namespace theriac::data
