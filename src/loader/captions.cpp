#include "loader/captions.h"

#include <algorithm>
#include <future>
#include <thread>

namespace theriac::loader {
namespace {

struct Part {
  std::vector<std::uint64_t> sizes;
  std::vector<std::int32_t> ids;
};

Part encode(const Dataset& dataset, std::int64_t from, std::int64_t to) {
  Part part;
  for (auto i = from; i < to; ++i) {
    const auto ids = dataset.tokenizer->encode(caption(dataset, i), dataset.context);
    part.sizes.push_back(ids.size());
    part.ids.insert(part.ids.end(), ids.begin(), ids.end());
  }
  return part;
}

}  // namespace

std::string caption(const Dataset& dataset, std::int64_t index) {
  if (dataset.plan)
    if (const auto* poisoned = dataset.plan->find(index)) return poisoned->caption;
  return dataset.source->row(index).caption;
}

CaptionIds::CaptionIds(const Dataset& dataset) : is_wide_(dataset.tokenizer->vocabulary() > 65536) {
  const auto size = dataset.source->size();
  constexpr std::int64_t kChunk = 8192;
  const auto threads = std::max<std::int64_t>(1, std::thread::hardware_concurrency());
  for (std::int64_t from = 0; from < size;) {
    std::vector<std::future<Part>> parts;
    for (std::int64_t t = 0; t < threads && from < size; ++t, from += kChunk) {
      const bool alone = size <= kChunk;
      parts.push_back(std::async(alone ? std::launch::deferred : std::launch::async, encode,
                                 std::cref(dataset), from, std::min(from + kChunk, size)));
    }
    for (auto& future : parts) {
      const auto part = future.get();
      for (const auto count : part.sizes)
        ends_.push_back((ends_.empty() ? 0 : ends_.back()) + count);
      if (is_wide_) wide_.insert(wide_.end(), part.ids.begin(), part.ids.end());
      for (std::size_t i = 0; !is_wide_ && i < part.ids.size(); ++i)
        narrow_.push_back(static_cast<std::uint16_t>(part.ids[i]));
    }
  }
}

std::vector<std::int32_t> CaptionIds::get(std::int64_t index) const {
  const auto i = static_cast<std::size_t>(index);
  const auto from = static_cast<std::ptrdiff_t>(i == 0 ? 0 : ends_[i - 1]);
  const auto to = static_cast<std::ptrdiff_t>(ends_[i]);
  if (is_wide_) return {wide_.begin() + from, wide_.begin() + to};
  return {narrow_.begin() + from, narrow_.begin() + to};
}

}  // namespace theriac::loader
