#pragma once

#include <torch/types.h>

#include <cstdint>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "theriac/config/fields.h"
#include "theriac/loader/batch.h"

namespace theriac::model {
class Clip;
}

namespace theriac::objective {

// What the trainer embeds once per step and hands to every term. Rows are L2-normalised fp32 (or
// fp64 in tests); D is the embedding's width. Undefined for views that no term asked for.
struct Embeddings {
  torch::Tensor image_BD, text_BD;
  torch::Tensor augmented_image_BD, augmented_text_BD;
  torch::Tensor logit_scale;  // s = exp(t), scalar, differentiable
};

// Named scalar losses, already weighted inside the term; `total` is what is differentiated.
struct Losses {
  torch::Tensor total;
  std::vector<std::pair<std::string, torch::Tensor>> parts;  // detached, for logs
};

// One term of an objective: embeddings of a batch to a loss.
class Term {
 public:
  virtual ~Term() = default;
  virtual loader::Views views() const = 0;
  virtual Losses operator()(const Embeddings& embeddings) = 0;
  // Optional hooks and own parameters (a head, a bias); names are prefixed by the term's position.
  virtual void before_epoch(model::Clip&, std::int64_t /*epoch*/) {}
  virtual void after_step(model::Clip&) {}
  virtual std::vector<std::pair<std::string, torch::Tensor>> parameters() { return {}; }
};

class TermConfig : public config::Section {
 public:
  virtual std::unique_ptr<Term> build() const = 0;
};

config::Table<TermConfig>& table();  // mmcl, intra_modal, siglip

// The weighted list of terms. Every term's config has a `weight` of its own.
class Objective {
 public:
  explicit Objective(const std::vector<config::Choice<TermConfig>>& terms);
  loader::Views views() const;
  Losses operator()(const Embeddings& embeddings);
  void before_epoch(model::Clip& model, std::int64_t epoch);
  void after_step(model::Clip& model);  // also clamps t to [0, ln 100]
  std::vector<std::pair<std::string, torch::Tensor>> parameters();

 private:
  std::vector<std::unique_ptr<Term>> terms_;
};

}  // namespace theriac::objective
