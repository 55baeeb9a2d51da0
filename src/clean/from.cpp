#include <charconv>

#include "theriac/clean/cleaner.h"

namespace theriac::clean {

namespace {
constexpr std::string_view kEpoch = "epoch ", kBest = "best_validation_loss";
}

void From::describe(config::Fields& fields) {
  fields.value("checkpoint", checkpoint,
               "where to start: `last`, `epoch N` or `best_validation_loss` (which evaluate must "
               "measure) of the stage before, or a checkpoint's folder");
}

void From::check(config::Problems& problems) const {
  if (checkpoint.starts_with(kEpoch) && epoch() < 0)
    problems.add("checkpoint", "expected `epoch N` with a whole number, got '" + checkpoint + "'");
}

bool From::is_best() const { return checkpoint == kBest; }

bool From::is_file() const {
  return checkpoint != "last" && !is_best() && !checkpoint.starts_with(kEpoch);
}

std::int64_t From::epoch() const {
  if (!checkpoint.starts_with(kEpoch)) return -1;
  std::int64_t number = -1;
  const char* end = checkpoint.data() + checkpoint.size();
  const auto [stop, error] = std::from_chars(checkpoint.data() + kEpoch.size(), end, number);
  return error == std::errc() && stop == end ? number : -1;
}

void CleanerConfig::describe(config::Fields& fields) {
  fields.section("from", from, "the weights that cleaning starts from");
}

}  // namespace theriac::clean
