#pragma once

#include <torch/types.h>

#include <optional>
#include <vector>

#include "loader/ordered.h"
#include "loader/pictures.h"
#include "theriac/loader/loader.h"

namespace theriac::loader {

// One pass over pictures in the order of `rows`, made by worker threads. For one thread.
class InOrder {
 public:
  struct Part {
    torch::Tensor image;         // uint8 [n, S, S, 3], the usable ones
    std::int64_t first = 0;      // place in `rows`
    std::vector<data::Bad> bad;  // of the rows from there on, kNone for good ones
  };
  // What is passed outlives it.
  InOrder(Pictures& pictures, const std::vector<std::uint32_t>& rows, int side,
          std::int64_t batch_size, const LoaderConfig& config);
  std::optional<Part> next();

 private:
  struct Slot {
    torch::Tensor image;
    std::uint8_t* bytes = nullptr;
    std::vector<data::Bad> bad;
  };
  Slot& slot(std::int64_t b) { return slots_[static_cast<std::size_t>(b) % slots_.size()]; }
  void open(std::int64_t b);
  void run(std::int64_t b, std::int64_t part);

  Pictures& pictures_;
  const std::vector<std::uint32_t>& rows_;
  const int side_;
  const std::int64_t size_, batch_size_;
  std::vector<Slot> slots_;
  Ordered work_;  // last: its threads use everything above
};

}  // namespace theriac::loader
