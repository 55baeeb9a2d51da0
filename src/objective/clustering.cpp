// Deep clustering: a linear classifier of the image embedding learns which cluster it is in.
//   DC = weight * mean_i CE(W e_i + b, c_i),   W: [K, D] ~ N(0, 0.01^2), b = 0; ln K at the start
//   k-means: c_i = argmax_k e_i . m_k; before every epoch the m_k come from spherical k-means on
//   the
//            embeddings of all pictures, and W, b and their moments start anew
//   labels:  c_i from a file; W, b are made once and kept
// e: [B, D] unit rows, plain views. W and b do not decay.
// Source: paper.md 2.5, after Caron et al. (ECCV 2018). The reference embeds in train mode, which
// moves batch norm's running statistics (D16): `embed_in: train`, embed_batch 1024.
#include "objective/clustering.h"

#include <ATen/CPUGeneratorImpl.h>
#include <fmt/format.h>

#include <algorithm>
#include <tuple>

#include "objective/spherical_kmeans.h"
#include "theriac/core/error.h"
#include "theriac/core/random.h"
#include "theriac/data/labels.h"

namespace theriac::objective {

namespace {

// Class ids by row of the data, int64 [N], and the number of classes.
std::pair<torch::Tensor, std::int64_t> read(const ClusteringConfig& config, const Setup& setup) {
  if (!setup.source)
    throw Error(
        "clustering.labels: there is no data here whose samples could have labels; leave "
        "labels out");
  const auto labels = data::read_labels("clustering.labels", config.labels);
  std::vector<std::int64_t> ids(static_cast<std::size_t>(setup.source->size()), -1);
  std::int64_t missing = 0, first = -1, classes = 0;
  for (const auto& item : labels) classes = std::max(classes, item.second + 1);
  for (std::int64_t i = 0; i < setup.source->size(); ++i) {
    const auto found = labels.find(setup.source->row(i).key);
    if (found != labels.end()) {
      ids[static_cast<std::size_t>(i)] = found->second;
    } else if (missing++ == 0) {
      first = i;
    }
  }
  if (missing > 0)
    throw Error(
        fmt::format("clustering.labels: {} has no label for {} of {} samples, first for "
                    "key \"{}\" ({}); write one `key,label` line per sample",
                    config.labels, missing, setup.source->size(), setup.source->row(first).key,
                    setup.source->where(first)));
  return {torch::tensor(ids, torch::kLong), classes};
}

class Clustering final : public Term {
 public:
  explicit Clustering(const ClusteringConfig& config) : config_(config) {}

  loader::Views views() const override { return {.plain = false, .plain_image = true}; }

  void begin(const Setup& setup) override {
    seed_ = setup.seed;
    auto classes = config_.clusters;
    if (by_file()) std::tie(label_N_, classes) = read(config_, setup);
    weight_KD_ = torch::empty({classes, setup.width}, torch::kFloat32).requires_grad_();
    bias_K_ = torch::empty({classes}, torch::kFloat32).requires_grad_();
    if (!by_file()) centroid_KD_ = torch::zeros({classes, setup.width}, torch::kFloat32);
    reset_head(0);
  }

  void before_epoch(const Epoch& epoch) override {
    if (by_file()) return;
    const auto e_ND = epoch.embed_images(config_.embed_batch, config_.embed_in);
    if (e_ND.size(0) < config_.clusters)
      throw Error(
          fmt::format("clustering.clusters: {} clusters of {} usable pictures; ask for "
                      "fewer clusters or use more data",
                      config_.clusters, e_ND.size(0)));
    const auto seed = core::derive_seed(seed_, "epoch " + std::to_string(epoch.number));
    centroid_KD_.copy_(spherical_kmeans(e_ND, config_.clusters, config_.iterations, seed));
    reset_head(epoch.number);
    for (const auto& parameter : {weight_KD_, bias_K_}) epoch.forget(parameter);
  }

  Losses operator()(const Embeddings& e) override {
    const auto label_B = by_file() ? label_N_.index_select(0, e.index_B).to(e.image_BD.device())
                                   : nearest(e.image_BD.detach(), centroid_KD_);
    const auto logits_BK =
        at::linear(e.image_BD, weight_KD_.to(e.image_BD.dtype()), bias_K_.to(e.image_BD.dtype()));
    const auto loss = config_.weight * at::cross_entropy_loss(logits_BK, label_B);
    return {.total = loss, .parts = {{"clustering", loss.detach()}}};
  }

  Named parameters() override { return {{"weight", weight_KD_}, {"bias", bias_K_}}; }
  Named buffers() override { return by_file() ? Named() : Named{{"centroids", centroid_KD_}}; }
  bool decays() const override { return false; }

 private:
  bool by_file() const { return !config_.labels.empty(); }

  void reset_head(std::int64_t epoch) {
    const torch::NoGradGuard no_grad;
    auto generator = at::make_generator<at::CPUGeneratorImpl>(
        core::derive_seed(seed_, "head " + std::to_string(epoch)));
    weight_KD_.copy_(torch::empty(weight_KD_.sizes(), torch::kFloat32).normal_(0, 0.01, generator));
    bias_K_.zero_();
  }

  ClusteringConfig config_;
  std::uint64_t seed_ = 0;
  torch::Tensor weight_KD_, bias_K_, centroid_KD_;
  torch::Tensor label_N_;  // on the CPU, by row of the data
};

}  // namespace

void ClusteringConfig::describe(config::Fields& fields) {
  fields.value("weight", weight, "factor of this term", {0, 1e6});
  fields.value("clusters", clusters, "clusters of k-means", {2, 1e6});
  fields.value("iterations", iterations, "iterations of k-means before each epoch", {1, 10000});
  fields.choice("embed_in", embed_in,
                "mode of the model when k-means' embeddings are made; train: batch norm uses each "
                "batch's statistics and its running ones move (what the paper's code does)",
                {{"eval", EmbedIn::kEval}, {"train", EmbedIn::kTrain}});
  fields.value("embed_batch", embed_batch,
               "pictures of a batch when k-means' embeddings are made (the paper's code: 1024)",
               {2, 1e6});
  fields.path("labels", labels,
              "CSV file with the columns key and label: class ids that take the place of k-means'");
}

void ClusteringConfig::check(config::Problems& problems) const {
  if (labels.empty()) return;
  const ClusteringConfig defaults;
  const auto refuse = [&](const char* key) {
    problems.add(key, "has no effect with labels; leave one of them out");
  };
  if (clusters != defaults.clusters) refuse("clusters");
  if (iterations != defaults.iterations) refuse("iterations");
  if (embed_in != defaults.embed_in) refuse("embed_in");
  if (embed_batch != defaults.embed_batch) refuse("embed_batch");
}

void ClusteringConfig::check_data(const Setup& setup) const {
  if (!labels.empty()) read(*this, setup);
}

std::unique_ptr<Term> ClusteringConfig::build() const {
  return std::make_unique<Clustering>(*this);
}

std::vector<std::pair<std::string, std::string>> ClusteringConfig::files() const {
  if (labels.empty()) return {};
  return {{"labels", labels}};
}

}  // namespace theriac::objective
