#pragma once

#include <cstdint>
#include <cstring>
#if defined(__SSE2__)
#include <emmintrin.h>
#endif

// Four sums of (byte * weight) at a time, exact in int32, for weights below 2^23 in magnitude.
// With u = byte - 128, a word holds the 16-bit halves (u, 256 u) and a packed weight
// (w mod 256, floor(w / 256)): one multiply-add of 16-bit halves gives u w. The caller adds the
// missing 128 w (kOffset times the sum of the weights) at the start. Without SSE2: plain integers.
namespace theriac::loader::lanes {

inline constexpr std::int32_t kOffset = 128;

#if defined(__SSE2__)

using Lanes = __m128i;

inline std::int32_t pack(std::int32_t weight) { return (weight & 255) | (weight >> 8) * 65536; }
inline Lanes fill(std::int32_t value) { return _mm_set1_epi32(value); }
inline Lanes load(const std::int32_t* words) {
  return _mm_loadu_si128(reinterpret_cast<const __m128i*>(words));
}
inline void save(Lanes words, std::int32_t* out) {
  _mm_storeu_si128(reinterpret_cast<__m128i*>(out), words);
}
inline Lanes add(Lanes sum, Lanes words, std::int32_t packed) {
  return _mm_add_epi32(sum, _mm_madd_epi16(words, _mm_set1_epi32(packed)));
}

struct Pair {
  Lanes left, right;
};
// 8 bytes to 8 words.
inline Pair expand(const std::uint8_t* bytes) {
  const auto in = _mm_loadl_epi64(reinterpret_cast<const __m128i*>(bytes));
  const auto flipped = _mm_xor_si128(in, _mm_set1_epi8(static_cast<char>(0x80)));
  const auto high = _mm_unpacklo_epi8(_mm_setzero_si128(), flipped);  // 256 u
  const auto low = _mm_srai_epi16(high, 8);                           // u
  return {_mm_unpacklo_epi16(low, high), _mm_unpackhi_epi16(low, high)};
}

inline Lanes round(Lanes sum, int bits) { return _mm_srai_epi32(sum, bits); }
// Clamped to 4 bytes.
inline void store(Lanes values, std::uint8_t* out) {
  const auto words = _mm_packs_epi32(values, values);
  const auto bytes = _mm_cvtsi128_si32(_mm_packus_epi16(words, words));
  std::memcpy(out, &bytes, sizeof bytes);
}

#else

struct Lanes {
  std::int32_t v[4];
};

inline std::int32_t pack(std::int32_t weight) { return weight; }
inline Lanes fill(std::int32_t value) { return {{value, value, value, value}}; }
inline Lanes load(const std::int32_t* words) { return {{words[0], words[1], words[2], words[3]}}; }
inline void save(Lanes words, std::int32_t* out) { std::memcpy(out, words.v, sizeof words.v); }
inline Lanes add(Lanes sum, Lanes words, std::int32_t weight) {
  for (int i = 0; i < 4; ++i) sum.v[i] += words.v[i] * weight;
  return sum;
}

struct Pair {
  Lanes left, right;
};
inline Pair expand(const std::uint8_t* bytes) {
  Pair result{};
  for (int i = 0; i < 4; ++i) {
    result.left.v[i] = bytes[i] - kOffset;
    result.right.v[i] = bytes[i + 4] - kOffset;
  }
  return result;
}

inline Lanes round(Lanes sum, int bits) {
  for (auto& value : sum.v) value >>= bits;
  return sum;
}
inline void store(Lanes values, std::uint8_t* out) {
  for (int i = 0; i < 4; ++i)
    out[i] = static_cast<std::uint8_t>(values.v[i] < 0 ? 0 : values.v[i] > 255 ? 255 : values.v[i]);
}

#endif

}  // namespace theriac::loader::lanes
