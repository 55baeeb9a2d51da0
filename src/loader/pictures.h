#pragma once

#include <atomic>
#include <cstdint>
#include <memory>

#include "theriac/data/source.h"
#include "theriac/loader/loader.h"

namespace theriac::loader {

// Pictures of one size kept in memory. It holds the first samples that fit and evicts nothing: when
// every epoch reads each sample once, in random order, no other rule hits more often. Memory is
// taken as pictures come in. Thread-safe.
class PictureCache {
 public:
  PictureCache(std::int64_t samples, std::size_t picture_bytes, std::int64_t mib);
  const std::uint8_t* find(std::int64_t index) const;  // null: not there
  void put(std::int64_t index, const std::uint8_t* picture);

 private:
  enum State : std::uint8_t { kEmpty, kWriting, kReady };
  std::int64_t capacity_;
  std::size_t bytes_;
  std::unique_ptr<std::uint8_t[]> pictures_;
  std::unique_ptr<std::atomic<std::uint8_t>[]> states_;
};

// Samples of a data set as the model's input: decoded, brought to size, with the trigger where the
// plan says so. A pure function of the index; remembers good pictures (within its memory) and bad
// samples. Thread-safe.
class Pictures {
 public:
  Pictures(const Dataset& dataset, std::int64_t cache_mib);
  // The picture, S * S * 3 bytes: inside the cache or in `buffer`; null with `bad` set when the
  // sample cannot be used.
  const std::uint8_t* get(std::int64_t index, std::uint8_t* buffer, data::Bad& bad);
  std::size_t bytes() const { return bytes_; }

 private:
  data::Bad make(std::int64_t index, std::uint8_t* out) const;
  const std::shared_ptr<const data::Source> source_;
  const std::shared_ptr<const poison::Plan> plan_;
  const std::shared_ptr<const poison::Trigger> trigger_;
  const int side_;
  std::size_t bytes_;
  PictureCache cache_;
  std::unique_ptr<std::atomic<std::uint8_t>[]> bad_;  // data::Bad by sample
};

// A header over S * S * 3 bytes.
cv::Mat picture_over(const std::uint8_t* bytes, int side);

// apply() on bytes that stay where they are.
void apply_trigger(const poison::Trigger& trigger, std::uint8_t* picture, int side,
                   core::Stream random);

}  // namespace theriac::loader
