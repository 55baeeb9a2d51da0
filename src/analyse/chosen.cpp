#include "analyse/chosen.h"

#include <algorithm>

#include "theriac/core/random.h"
#include "theriac/core/text.h"
#include "theriac/data/prompts.h"
#include "theriac/loader/transform.h"

namespace theriac::analyse {

namespace {

// One from each of equal spans, drawn: rows in a fixed distance could all be of one class.
std::vector<std::int64_t> evenly(std::int64_t size, std::int64_t most) {
  const auto count = std::min(size, most);
  auto random = core::stream(0, "analyse");
  std::vector<std::int64_t> result;
  for (std::int64_t i = 0; i < count; ++i) {
    const auto begin = i * size / count, end = (i + 1) * size / count;
    result.push_back(
        begin + static_cast<std::int64_t>(random.below(static_cast<std::uint64_t>(end - begin))));
  }
  return result;
}

class Chosen : public data::Source {
 public:
  Chosen(SourcePtr base, std::vector<std::int64_t> rows)
      : base_(std::move(base)), rows_(std::move(rows)) {}
  std::int64_t size() const override { return static_cast<std::int64_t>(rows_.size()); }
  const std::vector<std::string>& classes() const override { return base_->classes(); }
  std::string where(std::int64_t i) const override { return base_->where(origin(i)); }
  std::string identity() const override { return base_->identity(); }
  std::int64_t origin(std::int64_t i) const override { return rows_[static_cast<std::size_t>(i)]; }

 protected:
  SourcePtr base_;

 private:
  std::vector<std::int64_t> rows_;
};

class Thinned final : public Chosen {
 public:
  Thinned(SourcePtr base, std::vector<std::int64_t> rows, std::string prompt, bool fit)
      : Chosen(std::move(base), std::move(rows)), prompt_(std::move(prompt)), fit_(fit) {}
  data::Row row(std::int64_t i) const override { return captioned(base_->row(origin(i))); }
  data::Sample get(std::int64_t i) const override { return base_->get(origin(i)); }

 private:
  data::Row captioned(data::Row row) const {
    if (!core::trim(row.caption).empty() || row.label < 0 || classes().empty()) return row;
    const auto& name = classes()[static_cast<std::size_t>(row.label)];
    row.caption = fit_ ? data::fill(prompt_, name) : data::fill_literally(prompt_, name);
    return row;
  }

  std::string prompt_;
  bool fit_;
};

class AsTrained final : public Chosen {
 public:
  AsTrained(SourcePtr base, std::vector<std::int64_t> rows,
            std::shared_ptr<const poison::Plan> plan, int side)
      : Chosen(std::move(base), std::move(rows)),
        plan_(std::move(plan)),
        trigger_(poison::trigger_from_json(plan_->trigger_json)),
        side_(side) {}

  data::Row row(std::int64_t i) const override {
    auto row = base_->row(origin(i));
    const auto* poisoned = plan_->find(origin(i));
    if (poisoned) row.caption = poisoned->caption;
    row.label = poisoned ? 1 : 0;
    return row;
  }

  data::Sample get(std::int64_t i) const override {
    auto sample = base_->get(origin(i));
    sample.row = row(i);
    if (sample.bad != data::Bad::kNone) return sample;
    const auto decoded = data::pixels(sample);
    sample.bad = decoded.bad;
    sample.encoded.clear();
    if (sample.bad != data::Bad::kNone) {
      sample.pixels = cv::Mat();
      return sample;
    }
    const auto* poisoned = plan_->find(origin(i));
    sample.pixels =
        loader::fit(decoded.rgb, side_, poisoned ? plan_->geometry : poison::Geometry::kCrop)
            .clone();
    if (poisoned) {
      core::Stream random(poisoned->trigger_seed);
      trigger_->apply(sample.pixels, random);
    }
    return sample;
  }

 private:
  std::shared_ptr<const poison::Plan> plan_;
  std::unique_ptr<poison::Trigger> trigger_;
  int side_;
};

}  // namespace

SourcePtr thinned(SourcePtr source, std::int64_t most, std::string prompt, bool fit_article) {
  auto rows = evenly(source->size(), most);
  return std::make_shared<Thinned>(std::move(source), std::move(rows), std::move(prompt),
                                   fit_article);
}

SourcePtr training_pairs(SourcePtr train, std::shared_ptr<const poison::Plan> plan, int side,
                         std::int64_t most) {
  const auto poisoned = static_cast<std::int64_t>(plan->samples.size());
  std::vector<std::int64_t> rows;
  for (const auto i : evenly(poisoned, most))
    rows.push_back(plan->samples[static_cast<std::size_t>(i)].index);
  // The k-th clean sample lies behind as many poisoned ones as stand before it.
  std::int64_t before = 0;
  for (const auto k : evenly(train->size() - poisoned, most)) {
    while (before < poisoned && plan->samples[static_cast<std::size_t>(before)].index <= k + before)
      ++before;
    rows.push_back(k + before);
  }
  std::sort(rows.begin(), rows.end());
  return std::make_shared<AsTrained>(std::move(train), std::move(rows), std::move(plan), side);
}

}  // namespace theriac::analyse
