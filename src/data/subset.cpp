#include <fmt/format.h>

#include <algorithm>
#include <numeric>

#include "data/sources.h"
#include "theriac/core/error.h"
#include "theriac/core/random.h"

namespace theriac::data {
namespace {

enum class Exclude { kNone, kPoisoned };
enum class Order { kRandom, kFirst };

class Subset final : public Source {
 public:
  Subset(std::shared_ptr<const Source> base, std::vector<std::int64_t> indices)
      : base_(std::move(base)), indices_(std::move(indices)) {}
  std::int64_t size() const override { return static_cast<std::int64_t>(indices_.size()); }
  Row row(std::int64_t index) const override { return base_->row(origin(index)); }
  Sample get(std::int64_t index) const override { return base_->get(origin(index)); }
  const std::vector<std::string>& classes() const override { return base_->classes(); }
  std::string where(std::int64_t index) const override { return base_->where(origin(index)); }
  std::string identity() const override { return base_->identity(); }
  std::int64_t origin(std::int64_t index) const override {
    return indices_[static_cast<std::size_t>(index)];
  }

 private:
  std::shared_ptr<const Source> base_;
  std::vector<std::int64_t> indices_;
};

class SubsetConfig final : public SourceConfig {
 public:
  void describe(config::Fields& fields) override {
    fields.value("of", of_, "the data section to take samples from", config::Need::kRequired);
    fields.value("count", count_, "number of samples, kept poisoned ones included; default: all",
                 {1, 1e12});
    fields.choice("order", order_, "which ones: drawn at random, or the first of the section",
                  {{"random", Order::kRandom}, {"first", Order::kFirst}});
    fields.value("seed", seed_, "of the draw; a larger count only adds samples",
                 {0, 9007199254740992.0});
    fields.choice("exclude", exclude_, "poisoned: leave out the samples that `poison` changes",
                  {{"none", Exclude::kNone}, {"poisoned", Exclude::kPoisoned}});
    fields.value("keep_poisoned", keep_poisoned_,
                 "with `exclude: poisoned`: so many poisoned samples stay in", {0, 1e12});
  }
  void check(config::Problems& problems) const override {
    if (keep_poisoned_ > 0 && exclude_ == Exclude::kNone)
      problems.add("keep_poisoned", "has no effect without `exclude: poisoned`");
    if (count_ && keep_poisoned_ > *count_)
      problems.add("keep_poisoned", fmt::format("expected at most `count`, {}, received {}",
                                                *count_, keep_poisoned_));
  }

  std::shared_ptr<const Source> build(const SourceContext& context) const override {
    std::shared_ptr<const Source> base = context.other(of_);
    std::vector<std::int64_t> order(static_cast<std::size_t>(base->size()));
    std::iota(order.begin(), order.end(), std::int64_t{0});
    if (order_ == Order::kRandom)
      core::stream(static_cast<std::uint64_t>(seed_), "subset").shuffle(order);

    std::vector<std::int64_t> poisoned;
    if (exclude_ == Exclude::kPoisoned) {
      poisoned = context.poisoned(of_);
      std::sort(poisoned.begin(), poisoned.end());
    }
    const auto is_poisoned = [&](std::int64_t index) {
      return std::binary_search(poisoned.begin(), poisoned.end(), index);
    };
    // In the drawn order: clean samples first, then poisoned ones.
    std::stable_partition(order.begin(), order.end(), [&](auto i) { return !is_poisoned(i); });
    const auto dirty = static_cast<std::int64_t>(poisoned.size());
    const auto clean = static_cast<std::int64_t>(order.size()) - dirty;
    const std::int64_t wanted = count_.value_or(clean + keep_poisoned_) - keep_poisoned_;
    if (keep_poisoned_ > dirty || wanted > clean)
      throw Error(fmt::format(
          "subset: {} samples are asked for ({} clean, {} poisoned); data.{} has {} ({} usable as "
          "clean, {} poisoned). Ask for fewer with `count`, or give data.{} more",
          wanted + keep_poisoned_, wanted, keep_poisoned_, of_, order.size(), clean, dirty, of_));
    std::vector<std::int64_t> chosen(order.begin(), order.begin() + wanted);
    chosen.insert(chosen.end(), order.begin() + clean, order.begin() + clean + keep_poisoned_);
    if (chosen.empty()) throw Error(fmt::format("subset: nothing is left of data.{}", of_));
    std::sort(chosen.begin(), chosen.end());
    return std::make_shared<Subset>(std::move(base), std::move(chosen));
  }

 private:
  std::string of_;
  std::optional<std::int64_t> count_;
  Order order_ = Order::kRandom;
  std::int64_t seed_ = 1;
  Exclude exclude_ = Exclude::kNone;
  std::int64_t keep_poisoned_ = 0;
};

}  // namespace

config::Entry<SourceConfig> subset() {
  return config::entry<SourceConfig, SubsetConfig>(
      "subset", "some samples of another data section, without the poisoned ones if wanted");
}

}  // namespace theriac::data
