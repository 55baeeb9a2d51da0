// Unlearning: image and caption of pairs that are known or suspected to be poisoned are driven
// apart.
//   L = weight * mean over the batch's suspected pairs of (s_i + offset)^2,  s_i = e(x_i) . e(t_i)
// s in [-1, 1]; 0 for a batch without such a pair. The minimum is at s = -offset: orthogonal for 0,
// opposite for 1. Captions of unrelated pairs have a similarity of about 0, so 0 unlearns the pair
// without moving the target class's captions, which clean pairs share, any further than that.
// Source: the unlearning hook of the CleanCLIP and BadCLIP training scripts, whose offset of -1
// pulls s up to 1, the opposite of unlearning: `offset: -1`. There the pairs also stay in the other
// losses: `in_other_terms: true`. A defender who suspects a pair would not go on to teach it.
#include "objective/push_away.h"

#include <fmt/format.h>

#include <algorithm>
#include <unordered_set>

#include "theriac/core/error.h"
#include "theriac/core/files.h"
#include "theriac/core/log.h"
#include "theriac/core/text.h"

namespace theriac::objective {

namespace {

std::unordered_set<std::string> read_keys(const std::string& path) {
  std::unordered_set<std::string> keys;
  for (const auto& line : core::split(core::read_file(path), '\n'))
    if (const auto key = core::trim(line); !key.empty()) keys.emplace(key);
  if (keys.empty()) throw Error("push_away.keys: " + path + " holds no key; write one a line");
  return keys;
}

struct Suspects {
  torch::Tensor is_N;         // bool by row of the data, on the CPU
  std::size_t strangers = 0;  // keys of the file that the data does not have
};

Suspects suspects(const PushAwayConfig& config, const Setup& setup) {
  if (!setup.source) throw Error("push_away: there is no data here whose pairs could be suspected");
  Suspects result{torch::zeros({setup.source->size()}, torch::kBool)};
  bool* is = result.is_N.mutable_data_ptr<bool>();
  if (config.keys.empty()) {
    if (!setup.plan || setup.plan->samples.empty())
      throw Error(
          "push_away: none of the pairs to train on is poisoned; keep some in the cleaning data "
          "(data.cleaning: {type: subset, of: train, exclude: poisoned, keep_poisoned: N}), or "
          "list suspected ones in a file with `keys`");
    for (const auto& sample : setup.plan->samples) is[sample.index] = true;
    return result;
  }
  auto keys = read_keys(config.keys);
  const auto all = keys.size();
  std::unordered_set<std::string> met;
  for (std::int64_t i = 0; i < setup.source->size(); ++i)
    if (auto key = setup.source->row(i).key; keys.contains(key)) {
      is[i] = true;
      met.insert(std::move(key));
    }
  result.strangers = all - met.size();
  if (met.empty())
    throw Error(fmt::format(
        "push_away.keys: the data has none of the {} keys of {}; its keys look like \"{}\"", all,
        config.keys, setup.source->row(0).key));
  return result;
}

class PushAway final : public Term {
 public:
  explicit PushAway(const PushAwayConfig& config) : config_(config) {}

  loader::Views views() const override { return {.plain = true}; }

  void begin(const Setup& setup) override {
    const auto found = suspects(config_, setup);
    is_suspect_N_ = found.is_N;
    if (found.strangers > 0)
      core::warn("push_away.keys: the data does not have {} of the keys of {}", found.strangers,
                 config_.keys);
  }

  torch::Tensor claims(const torch::Tensor& index_B) const override {
    if (config_.in_other_terms) return {};
    return is_suspect_N_.index_select(0, index_B);
  }

  Losses operator()(const Embeddings& e) override {
    const auto row_R =
        is_suspect_N_.index_select(0, e.index_B).nonzero().squeeze(1).to(e.image_BD.device());
    const auto s_R = (e.image_BD.index_select(0, row_R) * e.text_BD.index_select(0, row_R)).sum(1);
    const auto pairs = static_cast<double>(std::max<std::int64_t>(1, row_R.size(0)));
    const auto loss = config_.weight * (s_R + config_.offset).square().sum() / pairs;
    return {.total = loss, .parts = {{"push_away", loss.detach()}}};
  }

 private:
  PushAwayConfig config_;
  torch::Tensor is_suspect_N_;  // bool by row of the data, on the CPU
};

}  // namespace

void PushAwayConfig::describe(config::Fields& fields) {
  fields.value("weight", weight, "factor of this term", {0, 1e6});
  fields.value("offset", offset,
               "the similarity s of a pair is driven to -offset by (s + offset)^2: 0 = unrelated, "
               "1 = opposite (CleanCLIP's script has -1, which raises s)",
               {-1, 1});
  fields.path("keys", keys,
              "file with the keys of suspected pairs, one a line; default: the pairs that `poison` "
              "changed");
  fields.value("in_other_terms", in_other_terms,
               "these pairs also stay in the other terms of the objective (what CleanCLIP's script "
               "does)");
}

std::unique_ptr<Term> PushAwayConfig::build() const { return std::make_unique<PushAway>(*this); }

void PushAwayConfig::check_data(const Setup& setup) const { suspects(*this, setup); }

std::vector<std::pair<std::string, std::string>> PushAwayConfig::files() const {
  if (keys.empty()) return {};
  return {{"keys", keys}};
}

}  // namespace theriac::objective
