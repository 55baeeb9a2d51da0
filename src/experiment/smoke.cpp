#include "theriac/experiment/smoke.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <optional>

namespace theriac::experiment {

namespace {

constexpr int kSamples = 1024, kPoisons = 64, kBatch = 64;

std::optional<long> integer(const config::Document& value) {
  if (!value.is_scalar()) return std::nullopt;
  const std::string text = value.scalar();
  long number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc() || end != text.data() + text.size()) return std::nullopt;
  return number;
}

void at_most(config::Document& document, const std::string& key, long bound, bool when_absent) {
  const auto value = integer(document.at(key));
  if ((value && *value > bound) || (!value && when_absent))
    document.set(fmt::format("{}={}", key, bound));
}

}  // namespace

void shrink(config::Document& document) {
  at_most(document, "data.limit", kSamples, true);
  if (!document.at("poison").empty()) at_most(document, "poison.count", kPoisons, false);
  for (const char* stage : {"pretrain", "clean"}) {
    if (document.at(stage).empty()) continue;
    const std::string prefix(stage);
    at_most(document, prefix + ".epochs", stage[0] == 'p' ? 2 : 1, false);
    at_most(document, prefix + ".stop_after", 1, false);
    at_most(document, prefix + ".batch_size", kBatch, true);
  }
}

}  // namespace theriac::experiment
