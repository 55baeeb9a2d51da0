// Opening a CSV of many rows and going over its rows once, plain and with quoted captions.
#include <benchmark/benchmark.h>
#include <unistd.h>

#include <cstdio>
#include <filesystem>
#include <fstream>
#include <memory>
#include <string>

#include "theriac/config/document.h"
#include "theriac/data/source.h"

namespace {

using namespace theriac;

struct Holder final : config::Section {
  config::Choice<data::SourceConfig> source{&data::table};
  void describe(config::Fields& fields) override {
    fields.component("source", source, "", config::Need::kRequired);
  }
};

// A file of `rows` rows of about 60 bytes, removed at the end.
class Table {
 public:
  Table(std::int64_t rows, bool quoted)
      : path_(std::filesystem::temp_directory_path() /
              ("theriac_bench_" + std::to_string(::getpid()) + ".csv")) {
    std::ofstream file(path_);
    file << "image,caption\n";
    const std::string quote = quoted ? "\"" : "", comma = quoted ? "," : "";
    for (std::int64_t i = 0; i < rows; ++i)
      file << 10000 + i / 10000 << '/' << 100'000'000 + i << ".jpg," << quote << "a picture"
           << comma << " of the thing " << i % 977 << " in a room" << quote << '\n';
  }
  ~Table() { std::filesystem::remove(path_); }
  Table(const Table&) = delete;
  Table& operator=(const Table&) = delete;
  std::shared_ptr<const data::Source> open() const {
    Holder holder;
    config::read(
        config::Document::parse("source: {type: csv, path: " + path_.string() + "}", "bench"),
        holder);
    return holder.source->build({});
  }

 private:
  std::filesystem::path path_;
};

// Range: rows, quoted.
void csv_open(benchmark::State& state) {
  const Table table(state.range(0), state.range(1) != 0);
  for (auto _ : state) benchmark::DoNotOptimize(table.open()->size());
  state.SetItemsProcessed(state.iterations() * state.range(0));
}
BENCHMARK(csv_open)->ArgsProduct({{10'000'000}, {0, 1}})->Unit(benchmark::kMillisecond);

void csv_data_id(benchmark::State& state) {
  const Table table(state.range(0), state.range(1) != 0);
  const auto source = table.open();
  for (auto _ : state) benchmark::DoNotOptimize(data::data_id(*source));
  state.SetItemsProcessed(state.iterations() * state.range(0));
}
BENCHMARK(csv_data_id)->ArgsProduct({{10'000'000}, {0, 1}})->Unit(benchmark::kMillisecond);

}  // namespace
