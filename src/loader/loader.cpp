// The order of an epoch is a Fisher-Yates shuffle keyed by (seed, epoch); batch b holds its
// positions [b B, (b + 1) B), rank r of R the r-th of R equal parts of them. Everything random
// about a position is keyed by the epoch and the sample, so a batch is a pure function of (data,
// configuration, seed, epoch, b). A sample that cannot be used is replaced by the first usable one
// of stream(seed, "replace", epoch, position). Bad samples are counted when their batch is
// delivered, so that counts too depend on nothing else.
#include "theriac/loader/loader.h"

#include <fmt/format.h>

#include <cstring>
#include <limits>
#include <numeric>
#include <stdexcept>

#include "loader/bad_samples.h"
#include "loader/captions.h"
#include "loader/in_order.h"
#include "loader/ordered.h"
#include "loader/pictures.h"
#include "theriac/core/error.h"
#include "theriac/core/random.h"

namespace theriac::loader {
namespace {

constexpr std::int64_t kPart = 16;          // samples that one worker makes in one go
constexpr std::uint64_t kMaxTries = 1'000;  // replacements for one position

struct Found {
  std::int64_t index;
  data::Bad bad;
};

// A batch in the making.
struct Slot {
  torch::Tensor image, augmented_image, augmented2_image;
  std::uint8_t* image_bytes = nullptr;
  std::uint8_t* augmented_bytes = nullptr;
  std::uint8_t* augmented2_bytes = nullptr;
  std::vector<std::int64_t> indices;
  std::vector<std::vector<std::int32_t>> augmented_ids;
  std::vector<std::vector<Found>> found;  // by part
};

}  // namespace

struct Loader::State {
  State(Dataset data, const LoaderConfig& loader_config, std::int64_t batch, Views wanted,
        std::uint64_t root_seed, Share share)
      : dataset(std::move(data)),
        config(loader_config),
        whole_batch(batch),
        batch_size(batch / share.ranks),
        first_row(share.rank * batch_size),
        parts((batch_size + kPart - 1) / kPart),
        views(wanted),
        view(loader_config.views->build()),
        seed(root_seed),
        size(dataset.source->size()),
        pictures(dataset.pictures ? dataset.pictures
                                  : share_pictures(dataset, loader_config.cache_mib)),
        bad(size),
        slots(static_cast<std::size_t>(loader_config.prefetch)),
        rows(static_cast<std::size_t>(size)),
        work(loader_config.workers, loader_config.prefetch, parts,
             {.open = [this](std::int64_t b) { open(slot(b)); },
              .run = [this](std::int64_t b, std::int64_t part) { run(b, part); }}) {
    std::iota(rows.begin(), rows.end(), 0u);
    if (views.plain) ids = std::make_unique<CaptionIds>(dataset);
    if (views.augmented) augment_text.emplace(config.text);
  }

  Slot& slot(std::int64_t b) { return slots[static_cast<std::size_t>(b % config.prefetch)]; }

  void open(Slot& slot) const {
    const auto side = dataset.image_size;
    const auto images = [&](std::uint8_t*& bytes) {
      auto tensor = torch::empty({batch_size, side, side, 3}, torch::kUInt8);
      bytes = tensor.mutable_data_ptr<std::uint8_t>();
      return tensor;
    };
    if (views.image()) slot.image = images(slot.image_bytes);
    if (views.augmented_image()) slot.augmented_image = images(slot.augmented_bytes);
    if (views.two_images) slot.augmented2_image = images(slot.augmented2_bytes);
    slot.indices.assign(static_cast<std::size_t>(batch_size), -1);
    slot.augmented_ids.assign(slot.indices.size(), {});
    slot.found.assign(static_cast<std::size_t>(parts), {});
  }

  void run(std::int64_t b, std::int64_t part) {
    auto& target = slot(b);
    std::vector<std::uint8_t> buffer(pictures->bytes());
    const auto end = std::min((part + 1) * kPart, batch_size);
    for (auto i = part * kPart; i < end && !work.cancelled(); ++i)
      if (!make(target, static_cast<std::size_t>(i), b * whole_batch + first_row + i,
                target.found[static_cast<std::size_t>(part)], buffer.data()))
        return;
  }

  // Place i of the batch from `position` of the epoch; false when nothing usable was found.
  bool make(Slot& target, std::size_t i, std::int64_t position, std::vector<Found>& found,
            std::uint8_t* buffer) {
    std::int64_t index = order[static_cast<std::size_t>(position)];
    const auto offset = i * pictures->bytes();
    const std::uint8_t* picture = nullptr;
    for (std::uint64_t tries = 0; !picture; ++tries) {
      data::Bad reason{};
      picture = pictures->get(index, views.image() ? target.image_bytes + offset : buffer, reason);
      found.push_back({index, reason});
      if (picture) break;
      if (tries == kMaxTries || work.cancelled()) return false;
      index = rows[core::stream(seed, "replace", epoch, static_cast<std::uint64_t>(position), tries)
                       .below(rows.size())];
    }
    if (views.image() && picture != target.image_bytes + offset)
      std::memcpy(target.image_bytes + offset, picture, pictures->bytes());
    if (views.augmented_image()) augment_image(target.augmented_bytes + offset, index, 0, picture);
    if (views.two_images) augment_image(target.augmented2_bytes + offset, index, 1, picture);
    if (views.augmented) augment_caption(target, i, index);
    target.indices[i] = index;
    return true;
  }

  // `number` tells the augmented views of one picture apart.
  void augment_image(std::uint8_t* out, std::int64_t index, std::uint64_t number,
                     const std::uint8_t* picture) const {
    auto random =
        core::stream(seed, "augment image", epoch, static_cast<std::uint64_t>(index), number);
    const auto other = augment(picture_over(picture, dataset.image_size), *view, random);
    std::memcpy(out, other.data, pictures->bytes());
  }

  void augment_caption(Slot& target, std::size_t i, std::int64_t index) const {
    const auto sample = static_cast<std::uint64_t>(index);
    auto words = core::stream(seed, "augment text", config.text.once ? 0 : epoch, sample);
    target.augmented_ids[i] =
        dataset.tokenizer->encode((*augment_text)(caption(dataset, index), words), dataset.context);
  }

  // Counts what the batch met. Error when too much of it cannot be used.
  void account(const Slot& made) {
    for (const auto& part : made.found)
      for (const auto& [index, reason] : part) bad.add(index, reason);
    const bool complete = std::ranges::find(made.indices, -1) == made.indices.end();
    if (!complete || bad.too_many(config.max_bad_fraction)) refuse();
  }

  [[noreturn]] void refuse() const {
    throw Error(
        fmt::format("loader: {}; max_bad_fraction allows {} %. `theriac data check` lists "
                    "each of them; repair or remove them, or raise max_bad_fraction",
                    bad.summary(*dataset.source), 100 * config.max_bad_fraction));
  }

  torch::Tensor plain_tokens(const std::vector<std::int64_t>& indices) const {
    std::vector<std::vector<std::int32_t>> plain;
    for (const auto index : indices) plain.push_back(ids->get(index));
    return collate_tokens(plain, dataset.tokenizer->pad_id());
  }

  Batch take(Slot& made) const {
    Batch batch;
    batch.image = std::move(made.image);
    if (views.plain) batch.tokens = plain_tokens(made.indices);
    batch.augmented_image = std::move(made.augmented_image);
    batch.augmented2_image = std::move(made.augmented2_image);
    if (views.augmented)
      batch.augmented_tokens = collate_tokens(made.augmented_ids, dataset.tokenizer->pad_id());
    batch.indices = std::move(made.indices);
    return batch;
  }

  const Dataset dataset;
  const LoaderConfig config;
  const std::int64_t whole_batch, batch_size, first_row, parts;  // batch_size: rows of this rank
  const Views views;
  const std::unique_ptr<const View> view;
  const std::uint64_t seed;
  const std::int64_t size;
  std::shared_ptr<Pictures> pictures;
  std::unique_ptr<CaptionIds> ids;
  BadSamples bad;
  std::vector<Slot> slots;
  std::vector<std::uint32_t> rows;   // those of the source that are used
  std::vector<std::uint32_t> order;  // of an epoch
  static constexpr std::uint64_t kNoEpoch = std::numeric_limits<std::uint64_t>::max();
  std::uint64_t epoch = kNoEpoch;               // that `order` is of
  std::optional<text::Augmenter> augment_text;  // where there are augmented views
  Ordered work;                                 // last: its threads use everything above
};

Loader::Loader(Dataset dataset, const LoaderConfig& config, std::int64_t batch_size, Views views,
               std::uint64_t seed, Share share) {
  const auto size = dataset.source->size();
  if (batch_size > size) {
    throw Error(
        fmt::format("loader: batch_size is {}, but the data has {} samples; lower "
                    "batch_size or use more data",
                    batch_size, size));
  }
  if (share.ranks < 1 || share.rank < 0 || share.rank >= share.ranks)
    throw std::invalid_argument(
        fmt::format("loader: rank {} of {} ranks", share.rank, share.ranks));
  if (batch_size % share.ranks != 0)
    throw Error(fmt::format(
        "loader: batch_size is {}, which {} ranks cannot share equally; choose a multiple of {}",
        batch_size, share.ranks, share.ranks));
  if (batch_size < 1 || size > std::numeric_limits<std::uint32_t>::max())
    throw std::invalid_argument("loader: batch_size or number of samples out of range");
  if (dataset.plan && !dataset.plan->samples.empty()) {
    if (!dataset.trigger) throw std::logic_error("loader: a poison plan without its trigger");
    if (dataset.plan->samples.back().index >= size)
      throw Error(
          "loader: the poison plan is of other, larger data; remove the poison stage's "
          "folder and run again");
  }
  state_ = std::make_unique<State>(std::move(dataset), config, batch_size, views, seed, share);
}

Loader::~Loader() = default;

std::int64_t Loader::batches_per_epoch() const {
  return static_cast<std::int64_t>(state_->rows.size()) / state_->whole_batch;
}

void Loader::keep(const std::vector<std::int64_t>& rows) {
  auto& s = *state_;
  if (static_cast<std::int64_t>(rows.size()) < s.whole_batch)
    throw std::logic_error("loader: fewer rows are kept than a batch has");
  s.work.start(0, 0);
  s.rows.assign(rows.begin(), rows.end());
  s.epoch = State::kNoEpoch;
}

void Loader::start(std::int64_t epoch, std::int64_t first_batch) {
  auto& s = *state_;
  s.work.start(0, 0);  // nothing runs from here on
  if (s.epoch != static_cast<std::uint64_t>(epoch)) {
    s.epoch = static_cast<std::uint64_t>(epoch);
    s.order = s.rows;
    core::stream(s.seed, "order", s.epoch).shuffle(s.order);
  }
  s.work.start(first_batch, batches_per_epoch());
}

std::optional<Batch> Loader::next() {
  auto& s = *state_;
  const auto batch = s.work.wait();
  if (batch < 0) return std::nullopt;
  s.account(s.slot(batch));
  auto result = s.take(s.slot(batch));
  s.work.release();
  return result;
}

void Loader::for_each(std::int64_t batch_size, const Use& use) {
  auto& s = *state_;
  s.work.start(0, 0);
  InOrder pass(*s.pictures, s.rows, s.dataset.image_size, batch_size, s.config);
  while (const auto part = pass.next()) {
    Batch batch;
    for (std::size_t i = 0; i < part->bad.size(); ++i) {
      const std::int64_t row = s.rows[static_cast<std::size_t>(part->first) + i];
      s.bad.add(row, part->bad[i]);
      if (part->bad[i] == data::Bad::kNone) batch.indices.push_back(row);
    }
    if (s.bad.too_many(s.config.max_bad_fraction)) s.refuse();
    if (batch.indices.empty()) continue;
    batch.image = part->image;
    if (s.views.plain) batch.tokens = s.plain_tokens(batch.indices);
    use(batch);
  }
}

std::map<std::string, std::int64_t> Loader::bad() const { return state_->bad.by_reason(); }

double Loader::wait_seconds() const { return state_->work.wait_seconds(); }

}  // namespace theriac::loader
