// Alignment: the mean over pairs of |image - text|^2, times a weight.
// Source: Wang and Isola, ICML 2020, equation 1 with alpha = 2. Rows are unit vectors, [B, D].

#include "components.h"

namespace {

using namespace theriac;

struct Config final : objective::TermConfig {
  double weight = 1;
  void describe(config::Fields& fields) override {
    fields.value("weight", weight, "factor of this term", {0, 1000});
  }
  std::unique_ptr<objective::Term> build() const override;
};

class Alignment final : public objective::Term {
 public:
  explicit Alignment(double weight) : weight_(weight) {}
  loader::Views views() const override { return {true, false}; }
  objective::Losses operator()(const objective::Embeddings& e) override {
    const auto loss = weight_ * (e.image_BD - e.text_BD).square().sum(1).mean();
    return {loss, {{"alignment", loss.detach()}}};
  }

 private:
  double weight_;
};

std::unique_ptr<objective::Term> Config::build() const {
  return std::make_unique<Alignment>(weight);
}

}  // namespace

config::Entry<objective::TermConfig> alignment() {
  return config::entry<objective::TermConfig, Config>(
      "alignment", "distance of image and text (Wang and Isola 2020)");
}
