#include "theriac/core/random.h"

#include <cmath>
#include <cstring>

namespace theriac::core {
namespace {

using Word = std::uint64_t;

// The 64-bit finaliser of SplitMix64 (Steele et al., OOPSLA 2014): a bijection with full avalanche.
constexpr Word mix(Word x) {
  x = (x ^ (x >> 30)) * 0xbf58476d1ce4e5b9ULL;
  x = (x ^ (x >> 27)) * 0x94d049bb133111ebULL;
  return x ^ (x >> 31);
}

// 128 bits of state; for a fixed state, absorbing is injective in the word.
struct Sponge {
  Word a = 0x9e3779b97f4a7c15ULL, b = 0xd1b54a32d192ed03ULL;

  void absorb(Word word) {
    a = mix(a ^ word) + b;
    b = mix(b + word * 0xff51afd7ed558ccdULL) ^ (a << 27 | a >> 37);
  }
  void absorb(std::string_view text) {
    absorb(text.size());
    for (std::size_t i = 0; i < text.size(); i += 8) {
      Word word = 0;
      for (std::size_t j = i; j < text.size() && j < i + 8; ++j)
        word |= static_cast<Word>(static_cast<unsigned char>(text[j])) << (8 * (j - i));
      absorb(word);
    }
  }
};

// Natural logarithm of a normal positive number from exactly rounded operations only, so that the
// result has the same bits on every machine (libm's does not). Error below 2 ulp.
double portable_log(double x) {
  std::uint64_t bits;
  std::memcpy(&bits, &x, sizeof bits);
  auto exponent = static_cast<std::int64_t>(bits >> 52) - 1023;
  bits = (bits & 0x000fffffffffffffULL) | 0x3ff0000000000000ULL;
  double mantissa;
  std::memcpy(&mantissa, &bits, sizeof mantissa);
  if (mantissa > 1.4142135623730951) {
    mantissa *= 0.5;
    ++exponent;
  }
  const double s = (mantissa - 1) / (mantissa + 1);  // |s| <= 0.1716
  const double s2 = s * s;
  double sum = 0;
  for (int k = 23; k >= 3; k -= 2) sum = (sum + 1.0 / k) * s2;
  return static_cast<double>(exponent) * 0.6931471805599453 + (2 * s + 2 * s * sum);
}

}  // namespace

std::array<std::uint32_t, 4> philox4x32_10(std::array<std::uint32_t, 4> counter,
                                           std::array<std::uint32_t, 2> key) {
  for (int round = 0; round < 10; ++round) {
    const std::uint64_t first = std::uint64_t{0xD2511F53u} * counter[0];
    const std::uint64_t second = std::uint64_t{0xCD9E8D57u} * counter[2];
    counter = {static_cast<std::uint32_t>(second >> 32) ^ counter[1] ^ key[0],
               static_cast<std::uint32_t>(second),
               static_cast<std::uint32_t>(first >> 32) ^ counter[3] ^ key[1],
               static_cast<std::uint32_t>(first)};
    key[0] += 0x9E3779B9u;
    key[1] += 0xBB67AE85u;
  }
  return counter;
}

std::uint32_t Stream::bits32() {
  if (left_ == 0) {
    const auto low = [](std::uint64_t x) { return static_cast<std::uint32_t>(x); };
    const auto high = [](std::uint64_t x) { return static_cast<std::uint32_t>(x >> 32); };
    const auto block = philox4x32_10({low(counter_), high(counter_), low(nonce_), high(nonce_)},
                                     {low(key_), high(key_)});
    for (int i = 0; i < 4; ++i) block_[i] = block[static_cast<std::size_t>(i)];
    ++counter_;
    left_ = 4;
  }
  return block_[4 - left_--];
}

std::uint64_t Stream::bits64() {
  const std::uint64_t low = bits32();
  return low | static_cast<std::uint64_t>(bits32()) << 32;
}

double Stream::uniform() { return static_cast<double>(bits64() >> 11) * 0x1p-53; }

double Stream::uniform(double low, double high) {
  const double value = low + (high - low) * uniform();
  return value < high || !(low < high) ? value : std::nextafter(high, low);
}

// Lemire's multiplication with rejection (ACM TOMACS 29, 2019).
std::uint64_t Stream::below(std::uint64_t n) {
  __extension__ using Wide = unsigned __int128;
  Wide product = static_cast<Wide>(bits64()) * n;
  if (static_cast<std::uint64_t>(product) < n) {
    const std::uint64_t threshold = (0 - n) % n;
    while (static_cast<std::uint64_t>(product) < threshold)
      product = static_cast<Wide>(bits64()) * n;
  }
  return static_cast<std::uint64_t>(product >> 64);
}

bool Stream::chance(double probability) { return uniform() < probability; }

// Marsaglia's polar method; the second value of a pair is dropped so that a stream's state is its
// position alone.
double Stream::normal() {
  while (true) {
    const double x = 2 * uniform() - 1;
    const double y = 2 * uniform() - 1;
    const double square = x * x + y * y;
    if (square > 0 && square < 1) return x * std::sqrt(-2 * portable_log(square) / square);
  }
}

void Stream::fill_bytes(std::uint8_t* out, std::size_t n) {
  for (std::size_t i = 0; i < n;) {
    std::uint32_t word = bits32();
    for (int j = 0; j < 4 && i < n; ++j, ++i, word >>= 8) out[i] = static_cast<std::uint8_t>(word);
  }
}

Stream stream(std::uint64_t root_seed, std::string_view purpose, std::uint64_t epoch,
              std::uint64_t sample, std::uint64_t view) {
  Sponge sponge;
  sponge.absorb(root_seed);
  sponge.absorb(purpose);
  sponge.absorb(epoch);
  sponge.absorb(sample);
  sponge.absorb(view);
  return Stream(mix(sponge.a), mix(sponge.b));
}

std::uint64_t derive_seed(std::uint64_t root_seed, std::string_view purpose) {
  return stream(root_seed, purpose, ~std::uint64_t{0}).bits64() >> 1;
}

}  // namespace theriac::core
