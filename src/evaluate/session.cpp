#include "theriac/evaluate/session.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <tuple>

#include "theriac/core/base64.h"
#include "theriac/core/error.h"
#include "theriac/core/log.h"
#include "theriac/core/text.h"
#include "theriac/data/prompts.h"
#include "theriac/loader/loader.h"

// N images, P texts or pairs, C classes, D embedding width.

namespace theriac::evaluate {

namespace {

// Data set, clean geometry, triggered geometry or -1 without a triggered pass.
using PassKey = std::tuple<std::string, int, int>;

// What has both passes serves for the clean one, too.
template <class Map>
typename Map::iterator find_passes(Map& map, const PassKey& key) {
  const auto found = map.find(key);
  if (found != map.end() || std::get<2>(key) >= 0) return found;
  return std::find_if(map.begin(), map.end(), [&](const auto& item) {
    return std::get<0>(item.first) == std::get<0>(key) &&
           std::get<1>(item.first) == std::get<1>(key);
  });
}

torch::Tensor unit_rows(const torch::Tensor& rows) {
  const auto wide = rows.to(torch::kFloat32);
  return wide / wide.norm(2, {1}, true);
}

// The pictures of one data set at input size, read once and kept while they fit.
struct Pictures {
  std::vector<loader::Images> batches;
  std::map<std::string, std::int64_t> bad;
  bool complete = false;
};

class EvalMode {
 public:
  explicit EvalMode(torch::nn::Module& module) : module_(module), was_(module.is_training()) {
    module_.eval();
  }
  ~EvalMode() { module_.train(was_); }
  EvalMode(const EvalMode&) = delete;
  EvalMode& operator=(const EvalMode&) = delete;

 private:
  torch::nn::Module& module_;
  bool was_;
};

}  // namespace

struct Session::Impl {
  std::vector<DataSet> data;
  std::optional<Attack> attack;
  SessionOptions options;
  torch::Device device;

  std::shared_ptr<model::Clip> model;
  std::shared_ptr<const text::Tokenizer> tokenizer;
  std::string checkpoint;
  std::int64_t epoch = 0, step = 0;

  std::map<PassKey, Pictures> pictures;
  std::int64_t cached_bytes = 0;
  std::map<PassKey, Embedded> embedded;
  std::map<std::string, Pairs> pairs;
  std::map<std::vector<std::string>, torch::Tensor> classifiers;

  PassKey key(const DataSet& set, const Fit& fit, bool triggered) const {
    const int mark =
        attack && triggered ? static_cast<int>(fit.triggered.value_or(attack->geometry)) : -1;
    return {set.name, static_cast<int>(fit.clean), mark};
  }

  torch::Tensor embed(const torch::Tensor& images) {
    return model->encode_image(loader::normalise(images.to(device))).to(torch::kFloat32).cpu();
  }

  const Embedded& images(const DataSet& set, const PassKey& key) {
    if (const auto found = find_passes(embedded, key); found != embedded.end())
      return found->second;
    const torch::NoGradGuard no_grad;
    const EvalMode eval(*model);
    Embedded result;
    std::vector<torch::Tensor> clean, triggered;
    result.bad = each_batch(set, key, [&](const loader::Images& batch) {
      clean.push_back(embed(batch.clean));
      if (std::get<2>(key) >= 0) triggered.push_back(embed(batch.triggered));
      result.labels.insert(result.labels.end(), batch.labels.begin(), batch.labels.end());
      result.indices.insert(result.indices.end(), batch.indices.begin(), batch.indices.end());
    });
    if (clean.empty())
      throw Error("data." + set.name +
                  ": no usable image to evaluate on; `theriac data check` lists "
                  "what is wrong with each");
    const auto split = [](const std::vector<torch::Tensor>& parts, torch::Tensor& unit_ND,
                          torch::Tensor& length_N) {
      if (parts.empty()) return;
      const auto rows_ND = torch::cat(parts);
      length_N = rows_ND.norm(2, {1});
      unit_ND = unit_rows(rows_ND);
    };
    split(clean, result.clean_ND, result.clean_length_N);
    split(triggered, result.triggered_ND, result.triggered_length_N);
    return embedded[key] = std::move(result);
  }

  // Calls `use` with each batch of the data set, from memory if it is there.
  template <class Use>
  std::map<std::string, std::int64_t> each_batch(const DataSet& set, const PassKey& key,
                                                 const Use& use) {
    const auto found = find_passes(pictures, key);
    auto& kept = found != pictures.end() ? found->second : pictures[key];
    if (kept.complete) {
      for (const auto& batch : kept.batches) use(batch);
      return kept.bad;
    }
    const int mark = std::get<2>(key);
    loader::ImageReader reader(set.source, static_cast<int>(model->image_size()),
                               options.batch_size, mark >= 0 ? attack->trigger : nullptr,
                               {.clean = static_cast<poison::Geometry>(std::get<1>(key)),
                                .triggered = static_cast<poison::Geometry>(std::max(mark, 0))},
                               options.seed, options.workers);
    bool keep = true;
    kept.batches.clear();
    std::int64_t bytes = 0;
    while (auto batch = reader.next()) {
      use(*batch);
      bytes += batch->clean.numel() * (batch->triggered.defined() ? 2 : 1);
      keep = keep && cached_bytes + bytes <= options.cache_mib << 20;
      if (keep)
        kept.batches.push_back(std::move(*batch));
      else
        kept.batches.clear();
    }
    kept.complete = keep;
    if (keep) cached_bytes += bytes;
    if (const auto bad = reader.bad(); bad != kept.bad) {
      kept.bad = bad;
      tell(set, bad);
    }
    return kept.bad;
  }

  void tell(const DataSet& set, const std::map<std::string, std::int64_t>& bad) const {
    std::int64_t count = 0;
    std::string reasons;
    for (const auto& [reason, times] : bad) {
      count += times;
      reasons += fmt::format("{}{} {}", reasons.empty() ? "" : ", ", times, reason);
    }
    const auto text = fmt::format("data.{}: {} of {} images cannot be used ({})", set.name, count,
                                  set.source->size(), reasons);
    if (static_cast<double>(count) >
        options.max_bad_fraction * static_cast<double>(set.source->size()))
      throw Error(
          fmt::format("{}; max_bad_fraction allows {} %. `theriac data check` lists each "
                      "of them; repair or remove them, or raise loader.max_bad_fraction",
                      text, 100 * options.max_bad_fraction));
    core::warn("{}; they are left out", text);
  }
};

Session::Session(std::vector<DataSet> data, std::optional<Attack> attack, SessionOptions options,
                 torch::Device device)
    : impl_(new Impl{std::move(data),
                     std::move(attack),
                     options,
                     device,
                     {},
                     {},
                     {},
                     0,
                     0,
                     {},
                     0,
                     {},
                     {},
                     {}}) {}

Session::~Session() = default;

void Session::set_model(std::shared_ptr<model::Clip> model,
                        std::shared_ptr<const text::Tokenizer> tokenizer,
                        std::string checkpoint_hash, std::int64_t epoch, std::int64_t step) {
  auto& s = *impl_;
  if (s.model && s.model->image_size() != model->image_size()) {
    s.pictures.clear();
    s.cached_bytes = 0;
  }
  s.model = std::move(model);
  s.model->to(s.device);
  s.tokenizer = std::move(tokenizer);
  s.checkpoint = std::move(checkpoint_hash);
  s.epoch = epoch;
  s.step = step;
  s.embedded.clear();
  s.pairs.clear();
  s.classifiers.clear();
}

const std::vector<DataSet>& Session::data() const { return impl_->data; }
const std::optional<Attack>& Session::attack() const { return impl_->attack; }

const Embedded& Session::images(const DataSet& data, const Fit& fit) {
  return impl_->images(data, impl_->key(data, fit, true));
}

const Embedded& Session::clean_images(const DataSet& data, const Fit& fit) {
  return impl_->images(data, impl_->key(data, fit, false));
}

torch::Tensor Session::embed_texts(const std::vector<std::string>& texts) {
  auto& s = *impl_;
  const torch::NoGradGuard no_grad;
  const EvalMode eval(*s.model);
  std::vector<torch::Tensor> rows;
  const auto batch = static_cast<std::size_t>(s.options.batch_size);
  for (std::size_t begin = 0; begin < texts.size(); begin += batch) {
    std::vector<std::vector<std::int32_t>> ids;
    for (std::size_t i = begin; i < std::min(texts.size(), begin + batch); ++i)
      ids.push_back(s.tokenizer->encode(texts[i], static_cast<int>(s.model->context())));
    const auto tokens_PT = loader::collate_tokens(ids, s.tokenizer->pad_id());
    rows.push_back(unit_rows(s.model->encode_text(tokens_PT.to(s.device))).cpu());
  }
  return torch::cat(rows);
}

const Pairs& Session::pairs(const DataSet& data) {
  auto& known = impl_->pairs;
  if (const auto found = known.find(data.name); found != known.end()) return found->second;
  Pairs result;
  std::vector<std::int64_t> rows;
  const auto& indices = images(data).indices;
  for (std::size_t i = 0; i < indices.size(); ++i) {
    auto row = data.source->row(indices[i]);
    if (core::trim(row.caption).empty()) continue;
    rows.push_back(static_cast<std::int64_t>(i));
    result.captions.push_back(std::move(row.caption));
    result.keys.push_back(std::move(row.key));
  }
  if (rows.empty())
    throw Error("evaluate: data." + data.name +
                " has no captions; name a set of image-caption pairs, for example one of "
                "data.extra: {pairs: {type: csv, ...}}");
  result.rows_P = torch::tensor(rows, torch::kInt64);
  result.text_PD = embed_texts(result.captions);
  return known[data.name] = std::move(result);
}

double Session::logit_scale() const {
  return std::exp(impl_->model->logit_scale().detach().item<double>());
}

const torch::Tensor& Session::classifier(const std::vector<std::string>& classes,
                                         const std::vector<std::string>& prompts,
                                         bool fit_articles) {
  std::vector<std::string> key = classes;
  key.insert(key.end(), prompts.begin(), prompts.end());
  key.emplace_back(fit_articles ? "fit" : "literal");
  auto& known = impl_->classifiers;
  if (const auto found = known.find(key); found != known.end()) return found->second;
  std::vector<std::string> texts;
  for (const auto& name : classes)
    for (const auto& prompt : prompts)
      texts.push_back(fit_articles ? data::fill(prompt, name) : data::fill_literally(prompt, name));
  const auto all = embed_texts(texts).view(
      {static_cast<std::int64_t>(classes.size()), static_cast<std::int64_t>(prompts.size()), -1});
  return known[key] = unit_rows(all.mean(1));
}

core::Record Session::record(const DataSet& data, const std::string& metric) const {
  core::Record record;
  record.metric = metric;
  record.data = data.name;
  record.data_id = data.id;
  record.checkpoint = impl_->checkpoint;
  record.epoch = impl_->epoch;
  record.step = impl_->step;
  return record;
}

std::uint64_t Session::seed() const { return impl_->options.seed; }
torch::Device Session::device() const { return impl_->device; }

std::vector<core::Record> evaluate(const std::vector<config::Choice<MetricConfig>>& metrics,
                                   Session& session) {
  std::vector<core::Record> records;
  for (const auto& metric : metrics)
    for (auto& record : (*metric->build())(session)) records.push_back(std::move(record));
  return records;
}

void fill_rate(core::Record& record, const torch::Tensor& outcomes_N) {
  const auto bits = outcomes_N.to(torch::kUInt8).contiguous();
  const auto n = bits.numel();
  const auto* data = bits.data_ptr<std::uint8_t>();
  std::string packed(static_cast<std::size_t>((n + 7) / 8), '\0');
  std::int64_t successes = 0;
  for (std::int64_t i = 0; i < n; ++i) {
    if (!data[i]) continue;
    ++successes;
    packed[static_cast<std::size_t>(i / 8)] |= static_cast<char>(1 << (i % 8));
  }
  const auto interval = core::wilson(successes, n);
  record.n = n;
  record.value = n > 0 ? 100.0 * static_cast<double>(successes) / static_cast<double>(n) : 0;
  record.low = 100 * interval.low;
  record.high = 100 * interval.high;
  record.outcomes = core::to_base64(packed);
}

}  // namespace theriac::evaluate
