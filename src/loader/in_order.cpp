#include "loader/in_order.h"

#include <algorithm>
#include <cstring>

namespace theriac::loader {
namespace {

constexpr std::int64_t kPassPart = 16;  // pictures that one worker makes in one go

}  // namespace

InOrder::InOrder(Pictures& pictures, const std::vector<std::uint32_t>& rows, int side,
                 std::int64_t batch_size, const LoaderConfig& config)
    : pictures_(pictures),
      rows_(rows),
      side_(side),
      size_(static_cast<std::int64_t>(rows.size())),
      batch_size_(std::min(batch_size, size_)),
      slots_(static_cast<std::size_t>(config.prefetch)),
      work_(config.workers, config.prefetch, (batch_size_ + kPassPart - 1) / kPassPart,
            {.open = [this](std::int64_t b) { open(b); },
             .run = [this](std::int64_t b, std::int64_t part) { run(b, part); }}) {
  work_.start(0, (size_ + batch_size_ - 1) / batch_size_);
}

void InOrder::open(std::int64_t b) {
  auto& target = slot(b);
  const auto count = std::min(batch_size_, size_ - b * batch_size_);
  target.image = torch::empty({count, side_, side_, 3}, torch::kUInt8);
  target.bytes = target.image.mutable_data_ptr<std::uint8_t>();
  target.bad.assign(static_cast<std::size_t>(count), data::Bad::kNone);
}

void InOrder::run(std::int64_t b, std::int64_t part) {
  auto& target = slot(b);
  const auto end = std::min((part + 1) * kPassPart, static_cast<std::int64_t>(target.bad.size()));
  for (auto i = part * kPassPart; i < end && !work_.cancelled(); ++i) {
    const auto at = static_cast<std::size_t>(i);
    auto* out = target.bytes + at * pictures_.bytes();
    const auto* made =
        pictures_.get(rows_[static_cast<std::size_t>(b * batch_size_) + at], out, target.bad[at]);
    if (made && made != out) std::memcpy(out, made, pictures_.bytes());
  }
}

std::optional<InOrder::Part> InOrder::next() {
  const auto b = work_.wait();
  if (b < 0) return std::nullopt;
  auto& made = slot(b);
  Part part{std::move(made.image), b * batch_size_, std::move(made.bad)};
  const auto bytes = made.bytes;
  work_.release();
  std::size_t kept = 0;
  for (std::size_t i = 0; i < part.bad.size(); ++i) {
    if (part.bad[i] != data::Bad::kNone) continue;
    if (i != kept)
      std::memcpy(bytes + kept * pictures_.bytes(), bytes + i * pictures_.bytes(),
                  pictures_.bytes());
    ++kept;
  }
  part.image = part.image.narrow(0, 0, static_cast<std::int64_t>(kept));
  return part;
}

}  // namespace theriac::loader
