#include "theriac/data/check.h"

#include <algorithm>
#include <atomic>
#include <exception>
#include <mutex>
#include <thread>

#include "data/class_list.h"
#include "theriac/core/error.h"
#include "theriac/core/hash.h"
#include "theriac/core/interrupt.h"

namespace theriac::data {
namespace {

constexpr std::int64_t kChunk = 64;  // rows; content hashes are combined by chunk, so fixed

struct Chunk {
  std::vector<BadRow> bad;
  std::string content;
};

Chunk check_rows(const Source& source, std::int64_t first, std::int64_t last, bool content) {
  Chunk chunk;
  core::Sha256 hash;
  for (std::int64_t i = first; i < last; ++i) {
    const Sample sample = source.get(i);
    const Decoded decoded = pixels(sample);
    if (decoded.bad != Bad::kNone)
      chunk.bad.push_back({i, excerpt(source.where(i)), excerpt(sample.row.key),
                           std::string(word(decoded.bad)), excerpt(decoded.detail)});
    if (!content) continue;
    const auto bytes = [](const void* data, std::size_t size) {
      return std::string_view(static_cast<const char*>(data), size);
    };
    const std::string_view picture =
        sample.pixels.empty()
            ? bytes(sample.encoded.data(), sample.encoded.size())
            : bytes(sample.pixels.data, sample.pixels.total() * sample.pixels.elemSize());
    const std::uint64_t size = picture.size();
    hash.update(bytes(&size, sizeof size));
    hash.update(picture);
  }
  if (content) chunk.content = hash.hex();
  return chunk;
}

}  // namespace

CheckResult check(const Source& source, int threads, bool content,
                  const std::function<void(std::int64_t done)>& progress) {
  CheckResult result;
  result.rows = source.size();
  std::vector<Chunk> chunks(static_cast<std::size_t>((result.rows + kChunk - 1) / kChunk));
  std::atomic<std::size_t> next = 0;
  std::atomic<bool> stop = false;
  std::mutex mutex;
  std::exception_ptr failure;
  std::int64_t done = 0;

  const auto work = [&] {
    try {
      for (std::size_t i; !stop && !core::stop_requested() && (i = next++) < chunks.size();) {
        const std::int64_t first = static_cast<std::int64_t>(i) * kChunk;
        const std::int64_t last = std::min(result.rows, first + kChunk);
        chunks[i] = check_rows(source, first, last, content);
        const std::lock_guard lock(mutex);
        done += last - first;
        if (progress) progress(done);
      }
    } catch (...) {
      const std::lock_guard lock(mutex);
      if (!failure) failure = std::current_exception();
      stop = true;
    }
  };
  {
    std::vector<std::jthread> helpers;
    const auto useful = static_cast<std::size_t>(std::max(threads, 1));
    for (std::size_t i = 1; i < std::min(useful, chunks.size()); ++i) helpers.emplace_back(work);
    work();
  }
  if (failure) std::rethrow_exception(failure);
  if (done < result.rows)
    throw Interrupted("data check: stopped after " + std::to_string(done) + " of " +
                      std::to_string(result.rows) + " rows");

  core::Sha256 hash;
  for (Chunk& chunk : chunks) {
    for (BadRow& row : chunk.bad) {
      ++result.by_reason[row.reason];
      result.bad.push_back(std::move(row));
    }
    hash.update(chunk.content);
  }
  result.good = result.rows - static_cast<std::int64_t>(result.bad.size());
  result.data_id = data_id(source);
  if (content) result.content_id = hash.hex();
  return result;
}

}  // namespace theriac::data
