#pragma once

#include <torch/types.h>

#include <cstdint>
#include <functional>
#include <memory>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "theriac/config/fields.h"
#include "theriac/data/source.h"
#include "theriac/loader/batch.h"
#include "theriac/poison/plan.h"

namespace theriac::model {
class Clip;
}

namespace theriac::objective {

// What the trainer embeds once per step and hands to every term. Rows are L2-normalised fp32 (or
// fp64 in tests); D is the embedding's width. Undefined for views that no term asked for.
struct Embeddings {
  torch::Tensor image_BD, text_BD;
  torch::Tensor augmented_image_BD, augmented_text_BD;
  torch::Tensor logit_scale;               // s = exp(t), scalar, differentiable
  torch::Tensor augmented2_image_BD = {};  // Views::two_images
  torch::Tensor index_B = {};              // int64 on the CPU: rows of the data
  torch::Tensor raw_image_BD = {};         // Views::plain_image: image_BD before normalisation
  // The views' members, whether or not they are defined.
  static const std::vector<torch::Tensor Embeddings::*>& views();
};

// Named scalar losses, already weighted inside the term; `total` is what is differentiated.
struct Losses {
  torch::Tensor total;
  std::vector<std::pair<std::string, torch::Tensor>> parts;  // detached, for logs
};

// The run that a term is part of.
struct Setup {
  std::int64_t width = 0;                      // D
  std::uint64_t seed = 0;                      // the term's own
  std::shared_ptr<const data::Source> source;  // the data; null where there is none (a benchmark)
  std::shared_ptr<const poison::Plan> plan = nullptr;  // its poisoned pairs; null: none
};

enum class EmbedIn { kEval, kTrain };

// What a term gets before an epoch's first step.
struct Epoch {
  std::int64_t number = 0;  // from 0
  model::Clip& model;
  // Unit embeddings [N, D] of the plain pictures of all usable samples, in the data's order,
  // without gradient, `batch` at a time. kTrain: batch norm uses each batch's own statistics and
  // its running ones move; the last incomplete batch is left out.
  std::function<torch::Tensor(std::int64_t batch, EmbedIn mode)> embed_images;
  // Moments and step count of one of parameters() become those of a new one.
  std::function<void(const torch::Tensor& parameter)> forget;
};

using Named = std::vector<std::pair<std::string, torch::Tensor>>;

// One term of an objective: embeddings of a batch to a loss.
class Term {
 public:
  virtual ~Term() = default;
  virtual loader::Views views() const = 0;
  virtual Losses operator()(const Embeddings& embeddings) = 0;
  // Optional hooks. begin() is the first call of all; before_epoch() is not called for an epoch
  // that is resumed in its middle.
  virtual void begin(const Setup&) {}
  virtual void before_epoch(const Epoch&) {}
  // Pairs of a batch, bool [B] on the CPU, that all other terms are to leave out; undefined: none.
  virtual torch::Tensor claims(const torch::Tensor& /*index_B*/) const { return {}; }
  virtual void after_step(model::Clip&) {}
  // What the term learns (a head, a bias), and what else is to be saved with a run. They exist once
  // begin() was called, stay the same tensors, and are moved to the model's device. Names are
  // prefixed by the term's position.
  virtual Named parameters() { return {}; }
  virtual Named buffers() { return {}; }
  virtual bool decays() const { return true; }  // false: no weight decay of own parameters
};

class TermConfig : public config::Section {
 public:
  virtual std::unique_ptr<Term> build() const = 0;
  // Throws Error when this data lacks what the term needs, so that it is known before a run starts.
  virtual void check_data(const Setup&) const {}
  // Whether before_epoch() embeds all pictures, for prices.
  virtual bool embeds_each_epoch() const { return false; }
  // Keys that hold the path of a file and that path: a stage's identity has the file's hash there.
  virtual std::vector<std::pair<std::string, std::string>> files() const { return {}; }
};

config::Table<TermConfig>& table();  // mmcl, intra_modal, siglip, simclr, clustering, ...

// The weighted list of terms. Every term's config has a `weight` of its own.
class Objective {
 public:
  explicit Objective(const std::vector<config::Choice<TermConfig>>& terms);
  loader::Views views() const;
  void begin(const Setup& setup);  // each term's seed is derived from this one
  Losses operator()(const Embeddings& embeddings);
  void before_epoch(const Epoch& epoch);
  void after_step(model::Clip& model);  // also clamps t to [0, ln 100]
  Named parameters();
  Named buffers();
  std::set<std::string> without_decay();  // names of parameters()

 private:
  std::vector<std::unique_ptr<Term>> terms_;
};

}  // namespace theriac::objective
