#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>

#include "theriac/config/fields.h"
#include "theriac/data/source.h"
#include "theriac/loader/batch.h"
#include "theriac/loader/transform.h"
#include "theriac/loader/view.h"
#include "theriac/poison/plan.h"
#include "theriac/text/augment.h"
#include "theriac/text/tokenizer.h"

namespace theriac::loader {

// How samples become batches. Only `views` and `text` change results.
struct LoaderConfig final : config::Section {
  std::int64_t workers = 1;       // decoding threads; 0 = in the caller's thread
  std::int64_t cache_mib = 512;   // input-size pictures kept in memory; 0 = none
  std::int64_t prefetch = 4;      // batches ready ahead, at most
  double max_bad_fraction = 0.1;  // more unusable samples than this stop the run
  config::Choice<ViewConfig> views{&table, "jitter"};  // key `augment`
  text::AugmentConfig text;                            // key `augment_text`
  void describe(config::Fields& fields) override;
};

class Pictures;

// What a loader reads: everything outlives it or is shared.
struct Dataset {
  std::shared_ptr<const data::Source> source;
  std::shared_ptr<const text::Tokenizer> tokenizer;
  std::shared_ptr<const poison::Plan> plan;        // may be null: nothing is poisoned
  std::shared_ptr<const poison::Trigger> trigger;  // with plan
  int image_size = 224;
  int context = 77;
  // Pictures that loaders of the same source, plan, trigger and size share; null: a loader's own.
  std::shared_ptr<Pictures> pictures;
};

// A memory of `cache_mib` for Dataset::pictures.
std::shared_ptr<Pictures> share_pictures(const Dataset& dataset, std::int64_t cache_mib);

// Which part of every batch a loader makes: rows [rank B / ranks, (rank + 1) B / ranks) of its B.
struct Share {
  std::int64_t rank = 0, ranks = 1;
};

// Deterministic batches of shuffled samples; used from one thread. A batch is a pure function of
// (dataset, config.views, config.text, seed, epoch, its number): not of workers, cache, prefetch or
// of where start() began. The parts that the ranks make are those of the whole batch, so that each
// sample is in at most one part of an epoch. The last incomplete batch is dropped. A sample that
// cannot be used is replaced by the first usable one of those drawn from stream(seed, "replace",
// epoch, position, try).
class Loader {
 public:
  // `batch_size` is that of all ranks together. Error when it is larger than the data or the ranks
  // do not divide it.
  Loader(Dataset dataset, const LoaderConfig& config, std::int64_t batch_size, Views views,
         std::uint64_t seed, Share share = {});
  ~Loader();
  std::int64_t batches_per_epoch() const;
  // From the next start() on, epochs are made of these rows of the source only (sorted, distinct,
  // at least a batch).
  void keep(const std::vector<std::int64_t>& rows);
  // Starts producing epoch `epoch` (from 0) at batch `first_batch`; cancels what was running.
  void start(std::int64_t epoch, std::int64_t first_batch = 0);
  // The next batch; nullopt at the end of the epoch. Error when more than max_bad_fraction of the
  // data are known to be unusable, or when the samples seen so far say so beyond chance; it lists
  // counts by reason. What a worker threw is thrown here when its batch is due.
  std::optional<Batch> next();
  // All usable samples of the kept rows in the source's order, `batch_size` rows at a time: plain
  // pictures, plain captions where the views have them, indices. Cancels what was running. Made by
  // the same workers and kept in the same memory.
  using Use = std::function<void(const Batch& batch)>;
  void for_each(std::int64_t batch_size, const Use& use);
  // Unusable samples met so far by reason, each sample counted once.
  std::map<std::string, std::int64_t> bad() const;
  double wait_seconds() const;  // time that next() took for want of finished batches, total

 private:
  struct State;
  std::unique_ptr<State> state_;
};

// The samples of a source in order, at input size, for evaluation: clean picture and, when
// `trigger` is given, the triggered one from the same decode. Stream of image i: (seed,
// "evaluation", i).
struct Images {
  torch::Tensor clean;               // uint8 [B, S, S, 3]
  torch::Tensor triggered;           // the same, or undefined
  std::vector<std::int64_t> labels;  // per image
  std::vector<std::int64_t> indices;
};
struct Geometries {
  poison::Geometry clean = poison::Geometry::kCrop, triggered = poison::Geometry::kCrop;
};
class ImageReader {
 public:
  ImageReader(std::shared_ptr<const data::Source> source, int image_size, std::int64_t batch_size,
              std::shared_ptr<const poison::Trigger> trigger, Geometries geometries,
              std::uint64_t seed, std::int64_t workers);
  ~ImageReader();
  std::optional<Images> next();  // unusable samples are left out and counted
  std::map<std::string, std::int64_t> bad() const;

 private:
  struct State;
  std::unique_ptr<State> state_;
};

// uint8 NHWC on any device -> normalised float [B, 3, S, S] in channels_last with CLIP's mean and
// standard deviation.
torch::Tensor normalise(const torch::Tensor& images, torch::Dtype dtype = torch::kFloat32);

// Ids of several texts as int64 [N, T], T = the longest one, padded.
torch::Tensor collate_tokens(const std::vector<std::vector<std::int32_t>>& ids, int pad_id);

}  // namespace theriac::loader
