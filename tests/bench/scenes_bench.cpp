#include <benchmark/benchmark.h>

#include "theriac/data/source.h"

namespace theriac::data {
namespace {

std::shared_ptr<const Source> scenes(int side) {
  SourceContext context;
  context.section = "train";
  context.image_size = side;
  return table().find("emoji")->make()->build(context);
}

void draw(benchmark::State& state) {
  const auto source = scenes(static_cast<int>(state.range(0)));
  std::int64_t index = 0;
  for (auto _ : state) benchmark::DoNotOptimize(source->get(index++ % source->size()));
  state.counters["scenes"] =
      benchmark::Counter(static_cast<double>(state.iterations()), benchmark::Counter::kIsRate);
}
BENCHMARK(draw)->Arg(32)->Arg(64)->Arg(128)->Arg(224);

void identify(benchmark::State& state) {  // 12,000 rows
  const auto source = scenes(64);
  for (auto _ : state) benchmark::DoNotOptimize(data_id(*source));
}
BENCHMARK(identify)->Unit(benchmark::kMillisecond);

void load(benchmark::State& state) {
  for (auto _ : state) benchmark::DoNotOptimize(scenes(64));
}
BENCHMARK(load)->Unit(benchmark::kMillisecond);

}  // namespace
}  // namespace theriac::data
