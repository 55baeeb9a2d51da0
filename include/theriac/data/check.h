#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <string>
#include <vector>

#include "theriac/data/source.h"

namespace theriac::data {

// What is longer than 1,000 bytes is cut, as in a caption that a stray quote made of half a file.
struct BadRow {
  std::int64_t index;
  std::string where, key, reason, detail;
};
struct CheckResult {
  std::int64_t rows = 0, good = 0;
  std::map<std::string, std::int64_t> by_reason;
  std::vector<BadRow> bad;  // in row order
  std::string data_id;
  std::string content_id;  // SHA-256 over the pictures' bytes; "" unless asked
};

// Opens and decodes every sample on `threads` threads; never stops at a bad one.
CheckResult check(const Source& source, int threads, bool content,
                  const std::function<void(std::int64_t done)>& progress);

}  // namespace theriac::data
