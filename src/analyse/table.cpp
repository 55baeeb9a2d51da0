#include "analyse/table.h"

#include <fmt/format.h>

#include <algorithm>

#include "theriac/core/error.h"
#include "theriac/core/text.h"

namespace theriac::analyse {

namespace {

constexpr std::int64_t kMostSamples = 10000;  // every image meets every text

}  // namespace

const std::vector<Kind>& table() {
  static const std::vector<Kind> kinds{pca_projection(), tsne_projection(), geometry(),
                                       similarity(),     poison_rank(),     confusion()};
  return kinds;
}

std::vector<std::pair<std::string, std::string>> kinds() {
  std::vector<std::pair<std::string, std::string>> result;
  for (const auto& kind : table()) result.emplace_back(kind.name, kind.doc);
  return result;
}

bool reads_training(const std::string& kind) {
  return std::any_of(table().begin(), table().end(),
                     [&](const Kind& k) { return k.name == kind && k.training; });
}

void check(const Options& options) {
  std::vector<std::string> names;
  for (const auto& kind : table()) names.push_back(kind.name);
  for (const auto& name : options.only) {
    if (std::find(names.begin(), names.end(), name) != names.end()) continue;
    const auto near = core::nearest(name, names);
    throw Error("analyse: there is no analysis '" + name + "'" +
                (near.empty() ? "" : "; did you mean '" + near + "'?") +
                "; there are: " + core::join(names, ", "));
  }
  const auto need = [](bool good, const std::string& what, const auto& received) {
    if (!good) throw Error(fmt::format("analyse: {}, received {}", what, received));
  };
  need(options.samples >= 2 && options.samples <= kMostSamples,
       fmt::format("samples: expected 2 to {}", kMostSamples), options.samples);
  if (options.prompts.empty()) throw Error("analyse: prompts: expected at least one");
  need(options.iterations >= 1, "iterations: expected at least 1", options.iterations);
  if (options.perplexity)
    need(*options.perplexity >= 1, "perplexity: expected at least 1", *options.perplexity);
}

}  // namespace theriac::analyse
