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

void shrink_training(config::Document& document, const std::string& stage, long epochs) {
  const auto settings = document.at(stage);
  if (settings.empty()) return;
  const auto type = settings.at("type");
  if (type.is_scalar() && type.scalar() != "fine_tune") return;  // a cleaner that does not train
  at_most(document, stage + ".epochs", epochs, false);
  at_most(document, stage + ".stop_after", 1, false);
  at_most(document, stage + ".batch_size", kBatch, true);
  if (document.at(stage + ".remove.epochs").is_list()) document.set(stage + ".remove.epochs=[1]");
  const auto from = document.at(stage + ".from.checkpoint");
  if (from.is_scalar() && from.scalar().starts_with("epoch "))
    document.set(stage + ".from.checkpoint=epoch 1");
}

}  // namespace

void shrink(config::Document& document) {
  at_most(document, "data.limit", kSamples, true);
  if (!document.at("poison").empty()) at_most(document, "poison.count", kPoisons, false);
  shrink_training(document, "pretrain", 2);
  if (!document.at("clean").is_list()) return shrink_training(document, "clean", 1);
  for (std::size_t i = 0; i < document.at("clean").items().size(); ++i)
    shrink_training(document, "clean." + std::to_string(i), 1);
}

}  // namespace theriac::experiment
