#include "theriac/train/device.h"

#include <gmock/gmock.h>

#include "theriac/core/error.h"
#include "theriac/train/step.h"

namespace theriac::train {
namespace {

using ::testing::HasSubstr;
using ::testing::ThrowsMessage;

TEST(Device, NamesAreChecked) {
  EXPECT_TRUE(resolve_device("cpu").is_cpu());
  resolve_device("auto");
  for (const char* name : {"gpu", "cuda:", "cuda:x", "cuda:-1", "cuda:1x", ""})
    EXPECT_THAT([&] { resolve_device(name); },
                ThrowsMessage<Error>(HasSubstr("use auto, cpu, cuda or cuda:N")))
        << name;
}

TEST(Device, AMissingOneSaysWhatToDo) {
  try {
    resolve_device("cuda:99");
    FAIL() << "there are not that many";
  } catch (const Error& error) {
    EXPECT_THAT(error.what(),
                ::testing::AnyOf(HasSubstr("device: cpu"), HasSubstr("this machine has")));
  }
}

TEST(Device, DescribesTheProcessor) {
  set_threads(1);
  EXPECT_THAT(describe_device(torch::kCPU), ::testing::EndsWith("1 thread)"));
}

TEST(Step, TimesEveryPart) {
  StepBench bench;
  bench.model.preset = "tiny_vit";
  bench.vocabulary = 50;
  bench.train.batch_size = 4;
  bench.steps = 2;
  bench.warmup = 1;
  const auto report = measure_step(bench);
  EXPECT_EQ(report.steps.size(), 2u);
  EXPECT_GT(report.median.forward, 0);
  EXPECT_GT(report.median.backward, 0);
  EXPECT_GT(report.median.optimizer, 0);
  EXPECT_GT(report.pairs_per_second, 0);
  EXPECT_GT(report.parameters, 1000);
}

}  // namespace
}  // namespace theriac::train
