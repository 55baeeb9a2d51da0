#include "loader/pictures.h"

#include <algorithm>
#include <cstring>
#include <opencv2/core.hpp>
#include <stdexcept>

#include "theriac/core/text.h"

namespace theriac::loader {

PictureCache::PictureCache(std::int64_t samples, std::size_t picture_bytes, std::int64_t mib)
    : capacity_(std::min(samples, (mib << 20) / static_cast<std::int64_t>(picture_bytes))),
      bytes_(picture_bytes),
      // Not initialised: the system gives the pages when they are written.
      pictures_(new std::uint8_t[static_cast<std::size_t>(capacity_) * picture_bytes]),
      states_(std::make_unique<std::atomic<std::uint8_t>[]>(static_cast<std::size_t>(capacity_))) {}

const std::uint8_t* PictureCache::find(std::int64_t index) const {
  if (index >= capacity_) return nullptr;
  const auto i = static_cast<std::size_t>(index);
  return states_[i].load(std::memory_order_acquire) == kReady ? &pictures_[i * bytes_] : nullptr;
}

void PictureCache::put(std::int64_t index, const std::uint8_t* picture) {
  if (index >= capacity_) return;
  const auto i = static_cast<std::size_t>(index);
  std::uint8_t expected = kEmpty;
  if (!states_[i].compare_exchange_strong(expected, kWriting)) return;
  std::memcpy(&pictures_[i * bytes_], picture, bytes_);
  states_[i].store(kReady, std::memory_order_release);
}

Pictures::Pictures(const Dataset& dataset, std::int64_t cache_mib)
    : source_(dataset.source),
      plan_(dataset.plan),
      trigger_(dataset.trigger),
      side_(dataset.image_size),
      bytes_(3 * static_cast<std::size_t>(dataset.image_size) *
             static_cast<std::size_t>(dataset.image_size)),
      cache_(dataset.source->size(), bytes_, cache_mib),
      bad_(std::make_unique<std::atomic<std::uint8_t>[]>(
          static_cast<std::size_t>(dataset.source->size()))) {}

const std::uint8_t* Pictures::get(std::int64_t index, std::uint8_t* buffer, data::Bad& bad) {
  auto& known = bad_[static_cast<std::size_t>(index)];
  bad = static_cast<data::Bad>(known.load(std::memory_order_relaxed));
  if (bad != data::Bad::kNone) return nullptr;
  if (const auto* cached = cache_.find(index)) return cached;
  bad = make(index, buffer);
  if (bad != data::Bad::kNone) {
    known.store(static_cast<std::uint8_t>(bad), std::memory_order_relaxed);
    return nullptr;
  }
  cache_.put(index, buffer);
  return buffer;
}

data::Bad Pictures::make(std::int64_t index, std::uint8_t* out) const {
  const auto sample = source_->get(index);
  if (sample.bad != data::Bad::kNone) return sample.bad;
  if (core::trim(sample.row.caption).empty()) return data::Bad::kEmptyCaption;
  if (!core::valid_utf8(sample.row.caption)) return data::Bad::kBadUtf8;
  const auto decoded = data::pixels(sample);
  if (decoded.bad != data::Bad::kNone) return decoded.bad;

  const auto* poisoned = plan_ ? plan_->find(index) : nullptr;
  const auto geometry = poisoned ? plan_->geometry : poison::Geometry::kCrop;
  cv::Mat picture = picture_over(out, side_);
  fit(decoded.rgb, side_, geometry).copyTo(picture);
  if (poisoned) {
    apply_trigger(*trigger_, out, side_, core::Stream(poisoned->trigger_seed));
  }
  return data::Bad::kNone;
}

std::shared_ptr<Pictures> share_pictures(const Dataset& dataset, std::int64_t cache_mib) {
  return std::make_shared<Pictures>(dataset, cache_mib);
}

cv::Mat picture_over(const std::uint8_t* bytes, int side) {
  return cv::Mat(side, side, CV_8UC3, const_cast<std::uint8_t*>(bytes));
}

void apply_trigger(const poison::Trigger& trigger, std::uint8_t* bytes, int side,
                   core::Stream random) {
  cv::Mat picture = picture_over(bytes, side);
  trigger.apply(picture, random);
  if (picture.rows != side || picture.cols != side || picture.type() != CV_8UC3)
    throw std::logic_error("a trigger changed the picture's size or type");
  if (picture.data != bytes) picture.copyTo(picture_over(bytes, side));
}

}  // namespace theriac::loader
