// TensorBoard's file format by hand (performance.md 2.14).
//   frame: u64 length | masked crc32c(length) | data | masked crc32c(data), little-endian
//   Event: 1 wall_time (double), 2 step (varint), 3 file_version (string), 5 summary, 7 session_log
//   Summary: 1 value*; Value: 1 tag (string), 2 simple_value (float); SessionLog: 1 status
//   (1=START)
// Source: tensorflow/core/lib/io/record_writer.h, core/util/event.proto,
// core/framework/summary.proto
#include "train/event_file.h"

#include <unistd.h>

#include <array>
#include <bit>
#include <chrono>
#include <cstring>

#include "theriac/core/error.h"

namespace theriac::train {

static_assert(std::endian::native == std::endian::little);

namespace {

constexpr std::array<std::uint32_t, 256> make_table() {
  std::array<std::uint32_t, 256> table{};
  for (std::uint32_t i = 0; i < 256; ++i) {
    std::uint32_t value = i;
    for (int bit = 0; bit < 8; ++bit) value = (value >> 1) ^ (value & 1 ? 0x82f63b78u : 0u);
    table[i] = value;
  }
  return table;
}

template <class T>
std::string raw(T value) {
  std::string bytes(sizeof value, '\0');
  std::memcpy(bytes.data(), &value, sizeof value);
  return bytes;
}

std::string varint(std::uint64_t value) {
  std::string bytes;
  for (; value >= 128; value >>= 7) bytes += static_cast<char>(value | 128);
  return bytes + static_cast<char>(value);
}

enum Wire { kVarint = 0, kFixed64 = 1, kBytes = 2, kFixed32 = 5 };

std::string key(std::uint64_t field, Wire wire) { return varint(field << 3 | wire); }

std::string bytes_field(std::uint64_t field, std::string_view bytes) {
  return key(field, kBytes) + varint(bytes.size()) + std::string(bytes);
}

double now() {
  const auto since = std::chrono::system_clock::now().time_since_epoch();
  return std::chrono::duration<double>(since).count();
}

std::string event_head(std::int64_t step) {
  return key(1, kFixed64) + raw(now()) + key(2, kVarint) + varint(static_cast<std::uint64_t>(step));
}

}  // namespace

std::uint32_t masked_crc32c(std::string_view bytes) {
  static constexpr auto kTable = make_table();
  std::uint32_t crc = ~0u;
  for (const char byte : bytes)
    crc = kTable[(crc ^ static_cast<unsigned char>(byte)) & 255] ^ (crc >> 8);
  return std::rotr(~crc, 15) + 0xa282ead8u;
}

EventFile::EventFile(const std::filesystem::path& folder, std::int64_t first_step) {
  std::error_code failed;
  std::filesystem::create_directories(folder, failed);
  const auto path = folder / ("events.out.tfevents." + std::to_string(static_cast<long>(now())) +
                              "." + std::to_string(getpid()));
  file_.open(path, std::ios::binary);
  if (!file_)
    throw Error("tensorboard: cannot write " + path.string() + ": " + std::strerror(errno),
                Exit::kCannotWrite);
  write(event_head(0) + bytes_field(3, "brain.Event:2"));
  if (first_step > 0) write(event_head(first_step) + bytes_field(7, key(1, kVarint) + varint(1)));
}

void EventFile::scalars(std::int64_t step,
                        const std::vector<std::pair<std::string, double>>& values) {
  std::string summary;
  for (const auto& [tag, value] : values)
    summary +=
        bytes_field(1, bytes_field(1, tag) + key(2, kFixed32) + raw(static_cast<float>(value)));
  write(event_head(step) + bytes_field(5, summary));
}

void EventFile::write(std::string_view event) {
  const std::string length = raw(static_cast<std::uint64_t>(event.size()));
  file_ << length << raw(masked_crc32c(length)) << event << raw(masked_crc32c(event));
}

}  // namespace theriac::train
