#include "experiment/limited_source.h"

namespace theriac::experiment {

namespace {

class Limited final : public data::Source {
 public:
  Limited(std::shared_ptr<const data::Source> source, std::int64_t limit)
      : source_(std::move(source)), limit_(limit) {}
  std::int64_t size() const override { return limit_; }
  data::Row row(std::int64_t index) const override { return source_->row(inner(index)); }
  data::Sample get(std::int64_t index) const override { return source_->get(inner(index)); }
  const std::vector<std::string>& classes() const override { return source_->classes(); }
  std::string where(std::int64_t index) const override { return source_->where(inner(index)); }
  std::string identity() const override { return source_->identity(); }
  std::int64_t origin(std::int64_t index) const override { return source_->origin(inner(index)); }

 private:
  std::int64_t inner(std::int64_t index) const { return index * source_->size() / limit_; }

  std::shared_ptr<const data::Source> source_;
  std::int64_t limit_;
};

}  // namespace

std::shared_ptr<const data::Source> limited(std::shared_ptr<const data::Source> source,
                                            std::int64_t limit) {
  if (source->size() <= limit) return source;
  return std::make_shared<Limited>(std::move(source), limit);
}

}  // namespace theriac::experiment
