// Pictures and views a second, of one thread: what a worker of the loader does.
#include <benchmark/benchmark.h>

#include <map>
#include <memory>
#include <opencv2/core.hpp>
#include <string>
#include <vector>

#include "theriac/core/random.h"
#include "theriac/loader/loader.h"
#include "theriac/loader/transform.h"
#include "theriac/text/tokenizer.h"

namespace {

using namespace theriac;

cv::Mat noise(cv::Size size) {
  cv::Mat picture(size, CV_8UC3);
  core::Stream(1).fill_bytes(picture.data, picture.total() * 3);
  return picture;
}

// Range: number of the view in its table, side.
void views(benchmark::State& state) {
  const auto& entry = loader::table().entries()[static_cast<std::size_t>(state.range(0))];
  state.SetLabel(entry.name);
  const int side = static_cast<int>(state.range(1));
  const auto picture = noise({side, side});
  const auto view = entry.make()->build();
  std::uint64_t sample = 0;
  for (auto _ : state) {
    auto random = core::stream(1, "view", 0, sample++);
    benchmark::DoNotOptimize(loader::augment(picture, *view, random).data);
  }
  state.SetItemsProcessed(state.iterations());
}
BENCHMARK(views)->ArgsProduct({{0, 1, 2}, {64, 224}});

void fit(benchmark::State& state) {
  const auto picture = noise({static_cast<int>(state.range(0)), static_cast<int>(state.range(1))});
  const int side = static_cast<int>(state.range(2));
  for (auto _ : state)
    benchmark::DoNotOptimize(loader::fit(picture, side, poison::Geometry::kCrop).data);
  state.SetItemsProcessed(state.iterations());
}
BENCHMARK(fit)
    ->Args({500, 375, 224})
    ->Args({341, 256, 224})
    ->Args({1024, 768, 224})
    ->Args({500, 375, 64});

// Pictures that are there already, so that the loader's own work shows.
class Drawn final : public data::Source {
 public:
  explicit Drawn(std::int64_t count) : count_(count), picture_(noise({64, 64})) {}
  std::int64_t size() const override { return count_; }
  data::Row row(std::int64_t i) const override {
    return {.key = std::to_string(i), .caption = "a photo of a red fox on striped blue paper"};
  }
  data::Sample get(std::int64_t i) const override {
    return {.row = row(i), .encoded = {}, .pixels = picture_};
  }
  const std::vector<std::string>& classes() const override { return classes_; }
  std::string where(std::int64_t i) const override { return std::to_string(i); }

 private:
  std::int64_t count_;
  cv::Mat picture_;
  std::vector<std::string> classes_;
};

// Pairs a second at 64 px; range: workers, augmented views (0 or 1).
void batches(benchmark::State& state) {
  const auto source = std::make_shared<Drawn>(12'000);
  const std::shared_ptr<const text::Tokenizer> tokenizer =
      text::table().find("sentencepiece")->make()->build([&](const auto& use) {
        for (std::int64_t i = 0; i < source->size(); ++i) use(source->row(i).caption);
      });
  loader::LoaderConfig config;
  config.workers = state.range(0);
  loader::Loader loader({.source = source, .tokenizer = tokenizer, .image_size = 64, .context = 77},
                        config, 128, {.plain = true, .augmented = state.range(1) == 1}, 1);
  std::int64_t epoch = 0;
  loader.start(epoch);
  for (auto _ : state) {
    auto batch = loader.next();
    if (!batch) {
      loader.start(++epoch);
      batch = loader.next();
    }
    benchmark::DoNotOptimize(batch->indices.data());
  }
  state.SetItemsProcessed(128 * state.iterations());
}
BENCHMARK(batches)->ArgsProduct({{0, 1, 2}, {0, 1}})->UseRealTime();

void normalise(benchmark::State& state) {
  const int side = static_cast<int>(state.range(0));
  const auto images = torch::randint(0, 256, {128, side, side, 3}, torch::kUInt8);
  for (auto _ : state) benchmark::DoNotOptimize(loader::normalise(images).const_data_ptr());
  state.SetItemsProcessed(128 * state.iterations());
}
BENCHMARK(normalise)->Arg(64)->Arg(224);

}  // namespace
