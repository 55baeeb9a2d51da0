#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>
#include <utility>
#include <vector>

namespace theriac::core {

// Counter-based generator: Philox4x32-10 (Salmon et al., SC 2011, table 2). The n-th number is a
// pure function of (key, n), uses integer arithmetic and exactly rounded floating-point operations
// only, and is therefore the same on every machine.
class Stream {
 public:
  explicit Stream(std::uint64_t key, std::uint64_t nonce = 0) : key_(key), nonce_(nonce) {}

  std::uint32_t bits32();
  std::uint64_t bits64();
  double uniform();                         // [0, 1), 53 bits
  double uniform(double low, double high);  // [low, high)
  std::uint64_t below(std::uint64_t n);     // {0, ..., n-1} without bias; n >= 1
  bool chance(double probability);
  double normal();                                    // N(0, 1)
  void fill_bytes(std::uint8_t* out, std::size_t n);  // uniform bytes

  template <class T>
  void shuffle(std::vector<T>& items) {
    for (std::size_t i = items.size(); i > 1; --i) std::swap(items[i - 1], items[below(i)]);
  }

 private:
  std::uint64_t key_;
  std::uint64_t nonce_;
  std::uint64_t counter_ = 0;
  std::uint32_t block_[4] = {};
  int left_ = 0;
};

// The stream for one purpose. Distinct arguments give independent streams, so that results depend
// neither on the number of workers nor on where a run was interrupted.
Stream stream(std::uint64_t root_seed, std::string_view purpose, std::uint64_t epoch = 0,
              std::uint64_t sample = 0, std::uint64_t view = 0);

// A seed derived from another one, for example poison's from the experiment's. Below 2^63, so that
// it fits a configuration's integers.
std::uint64_t derive_seed(std::uint64_t root_seed, std::string_view purpose);

// One block of the generator below Stream.
std::array<std::uint32_t, 4> philox4x32_10(std::array<std::uint32_t, 4> counter,
                                           std::array<std::uint32_t, 2> key);

}  // namespace theriac::core
