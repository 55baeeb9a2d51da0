// Every trigger with its default settings on a picture of 224 px, one thread.
#include <benchmark/benchmark.h>

#include <opencv2/core.hpp>

#include "theriac/poison/trigger.h"

namespace {

using namespace theriac;

void apply_trigger(benchmark::State& state, const config::Entry<poison::TriggerConfig>& entry) {
  const auto trigger = entry.make()->build();
  cv::Mat picture(224, 224, CV_8UC3);
  core::Stream(1).fill_bytes(picture.data, picture.total() * 3);
  core::Stream random(2);
  trigger->apply(picture, random);  // what is made once for a size is made now
  for (auto _ : state) trigger->apply(picture, random);
  state.SetItemsProcessed(state.iterations());
}

[[maybe_unused]] const bool added = [] {
  for (const auto& entry : poison::table().entries())
    benchmark::RegisterBenchmark(("trigger/" + entry.name).c_str(), apply_trigger, entry);
  return true;
}();

}  // namespace
