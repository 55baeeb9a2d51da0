#include <fmt/format.h>

#include <algorithm>
#include <cstring>
#include <stdexcept>

#include "loader/bad_samples.h"
#include "loader/ordered.h"
#include "loader/pictures.h"
#include "theriac/core/random.h"
#include "theriac/loader/loader.h"

namespace theriac::loader {
namespace {

constexpr std::int64_t kReadPart = 16, kAhead = 3;

struct ReadSlot {
  torch::Tensor clean, triggered;
  std::uint8_t* clean_bytes = nullptr;
  std::uint8_t* triggered_bytes = nullptr;
  std::vector<std::int64_t> labels;
  std::vector<data::Bad> bad;
};

}  // namespace

struct ImageReader::State {
  State(std::shared_ptr<const data::Source> data, int image_size, std::int64_t batch,
        std::shared_ptr<const poison::Trigger> mark, Geometries shapes, std::uint64_t root_seed,
        std::int64_t workers)
      : source(std::move(data)),
        side(image_size),
        batch_size(batch),
        trigger(std::move(mark)),
        geometries(shapes),
        seed(root_seed),
        size(source->size()),
        bytes(3 * static_cast<std::size_t>(side) * static_cast<std::size_t>(side)),
        bad(size),
        work(workers, kAhead, (batch + kReadPart - 1) / kReadPart,
             {.open = [this](std::int64_t b) { open(slot(b)); },
              .run = [this](std::int64_t b, std::int64_t part) { run(b, part); }}) {
    work.start(0, (size + batch - 1) / batch);
  }

  ReadSlot& slot(std::int64_t b) { return slots[b % kAhead]; }

  void open(ReadSlot& slot) const {
    const auto images = [&](std::uint8_t*& data) {
      auto tensor = torch::empty({batch_size, side, side, 3}, torch::kUInt8);
      data = tensor.mutable_data_ptr<std::uint8_t>();
      return tensor;
    };
    slot.clean = images(slot.clean_bytes);
    if (trigger) slot.triggered = images(slot.triggered_bytes);
    slot.labels.assign(static_cast<std::size_t>(batch_size), -1);
    slot.bad.assign(static_cast<std::size_t>(batch_size), data::Bad::kNone);
  }

  void run(std::int64_t b, std::int64_t part) {
    auto& target = slot(b);
    const auto end = std::min({(part + 1) * kReadPart, batch_size, size - b * batch_size});
    for (auto i = part * kReadPart; i < end && !work.cancelled(); ++i)
      target.bad[static_cast<std::size_t>(i)] =
          make(target, static_cast<std::size_t>(i), b * batch_size + i);
  }

  data::Bad make(ReadSlot& target, std::size_t i, std::int64_t index) const {
    const auto sample = source->get(index);
    // A picture without a caption is good enough here.
    if (sample.bad != data::Bad::kNone && sample.encoded.empty() && sample.pixels.empty())
      return sample.bad;
    const auto decoded = data::pixels(sample);
    if (decoded.bad != data::Bad::kNone) return decoded.bad;
    target.labels[i] = sample.row.label;
    auto* clean = target.clean_bytes + i * bytes;
    cv::Mat clean_picture = picture_over(clean, side);
    fit(decoded.rgb, side, geometries.clean).copyTo(clean_picture);
    if (!trigger) return data::Bad::kNone;

    auto* triggered = target.triggered_bytes + i * bytes;
    cv::Mat triggered_picture = picture_over(triggered, side);
    if (geometries.triggered == geometries.clean) {
      clean_picture.copyTo(triggered_picture);
    } else {
      fit(decoded.rgb, side, geometries.triggered).copyTo(triggered_picture);
    }
    apply_trigger(*trigger, triggered, side,
                  core::stream(seed, "evaluation", 0, static_cast<std::uint64_t>(index)));
    return data::Bad::kNone;
  }

  // The usable pictures of a batch, moved together.
  Images take(ReadSlot& made, std::int64_t first) {
    Images result;
    const auto count = std::min(batch_size, size - first);
    for (std::int64_t i = 0; i < count; ++i) {
      const auto from = static_cast<std::size_t>(i), to = result.indices.size();
      bad.add(first + i, made.bad[from]);
      if (made.bad[from] != data::Bad::kNone) continue;
      if (from != to) {
        std::memcpy(made.clean_bytes + to * bytes, made.clean_bytes + from * bytes, bytes);
        if (trigger)
          std::memcpy(made.triggered_bytes + to * bytes, made.triggered_bytes + from * bytes,
                      bytes);
      }
      result.indices.push_back(first + i);
      result.labels.push_back(made.labels[from]);
    }
    const auto kept = static_cast<std::int64_t>(result.indices.size());
    result.clean = made.clean.narrow(0, 0, kept);
    if (trigger) result.triggered = made.triggered.narrow(0, 0, kept);
    made.clean.reset();
    made.triggered.reset();
    return result;
  }

  const std::shared_ptr<const data::Source> source;
  const int side;
  const std::int64_t batch_size;
  const std::shared_ptr<const poison::Trigger> trigger;
  const Geometries geometries;
  const std::uint64_t seed;
  const std::int64_t size;
  const std::size_t bytes;
  BadSamples bad;
  ReadSlot slots[kAhead];
  Ordered work;  // last: its threads use everything above
};

ImageReader::ImageReader(std::shared_ptr<const data::Source> source, int image_size,
                         std::int64_t batch_size, std::shared_ptr<const poison::Trigger> trigger,
                         Geometries geometries, std::uint64_t seed, std::int64_t workers) {
  if (batch_size < 1 || image_size < 1)
    throw std::invalid_argument("ImageReader: batch_size and image_size are positive");
  state_ = std::make_unique<State>(std::move(source), image_size, batch_size, std::move(trigger),
                                   geometries, seed, workers);
}

ImageReader::~ImageReader() = default;

std::optional<Images> ImageReader::next() {
  auto& s = *state_;
  while (true) {
    const auto batch = s.work.wait();
    if (batch < 0) return std::nullopt;
    auto images = s.take(s.slot(batch), batch * s.batch_size);
    s.work.release();
    if (!images.indices.empty()) return images;
  }
}

std::map<std::string, std::int64_t> ImageReader::bad() const { return state_->bad.by_reason(); }

}  // namespace theriac::loader
