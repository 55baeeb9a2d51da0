#pragma once

#include <array>
#include <cstdint>

namespace theriac::core {

// One block of Philox4x32-10; here for the published test vectors.
std::array<std::uint32_t, 4> philox4x32_10(std::array<std::uint32_t, 4> counter,
                                           std::array<std::uint32_t, 2> key);

}  // namespace theriac::core
