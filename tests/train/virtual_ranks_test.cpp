// Virtual ranks against the same mathematics written out: a forward pass a rank, one joint loss,
// rank 0's running statistics; `gather: local` as DDP's average of what each rank differentiates.
#include <gtest/gtest.h>

#include "theriac/core/error.h"
#include "train/fixture.h"
#include "train/inputs.h"
#include "train/training_step.h"

namespace theriac::testing {
namespace {

constexpr std::int64_t kBatch = 12, kRanks = 3;

train::Inputs random_pairs(std::int64_t side) {
  torch::manual_seed(6);
  auto tokens = torch::randint(3, 43, {1, kBatch, 9}, torch::kLong);
  tokens.select(2, 8).fill_(2);
  return {{.plain = true, .augmented = false},
          torch::randint(0, 256, {1, kBatch, side, side, 3}, torch::kByte),
          tokens};
}

std::shared_ptr<model::Clip> exact_model() {
  auto model = tiny_model("resnet");
  model->to(torch::kDouble);
  model->train();
  return model;
}

using Named = std::map<std::string, torch::Tensor>;

// Gradients of one step: learning rate 0 would skip them, so they are read off Adam's first moment.
Named gradients_of_step(const std::string& settings, Named* state = nullptr) {
  auto model = exact_model();
  const auto config = train_config("{batch_size: 12, " + settings + "}");
  train::TrainingStep step(model, config);
  step(random_pairs(model->image_size()), 1e-9,
       [](const auto&, const auto&) { FAIL() << "not finite"; });
  Named result;
  for (const auto& [name, tensor] : step.optimizer().state())
    if (name.ends_with(".exp_avg")) result[name.substr(0, name.size() - 8)] = tensor / 0.1;
  if (state) *state = copy_of(*model);
  return result;
}

struct ByHand {
  Named full, local, buffers;
};

ByHand by_hand() {
  auto model = exact_model();  // holds the logit scale
  const auto inputs = random_pairs(model->image_size());
  std::vector<std::shared_ptr<model::Clip>> ranks;  // the same parameters, statistics of their own
  std::vector<torch::Tensor> image, text;
  for (std::int64_t r = 0; r < kRanks; ++r) {
    ranks.push_back(exact_model());
    const auto rows = inputs.rows(r * kBatch / kRanks, (r + 1) * kBatch / kRanks);
    const auto e = train::embed(*ranks.back(), rows, train::Precision::kFp32);
    image.push_back(e.image_BD);
    text.push_back(e.text_BD);
  }
  ByHand result;
  for (const auto& item : ranks[0]->named_buffers()) result.buffers[item.key()] = item.value();

  const auto loss = [&](std::int64_t own) {  // own < 0: all rows carry gradients
    std::vector<torch::Tensor> i, t;
    for (std::int64_t r = 0; r < kRanks; ++r) {
      const auto at = static_cast<std::size_t>(r);
      const bool live = own < 0 || own == r;
      i.push_back(live ? image[at] : image[at].detach());
      t.push_back(live ? text[at] : text[at].detach());
    }
    const auto logits = model->logit_scale().exp() * torch::cat(i).matmul(torch::cat(t).t());
    const auto rows = torch::arange(kBatch);
    return (at::cross_entropy_loss(logits, rows) + at::cross_entropy_loss(logits.t(), rows)) / 2;
  };
  const auto collect = [&](Named& into) {
    ranks.push_back(model);
    for (const auto& item : model->named_parameters()) {
      auto& sum = into[item.key()] = torch::zeros_like(item.value());
      for (const auto& rank : ranks) {
        auto& gradient = rank->named_parameters()[item.key()].mutable_grad();
        if (gradient.defined()) sum = sum + gradient;
        gradient.reset();
      }
    }
    ranks.pop_back();
  };
  loss(-1).backward({}, /*retain_graph=*/true);
  collect(result.full);
  for (std::int64_t r = 0; r < kRanks; ++r) (loss(r) / kRanks).backward({}, /*retain_graph=*/true);
  collect(result.local);
  return result;
}

TEST(VirtualRanks, EqualOnePassPerRankAndAJointLoss) {
  const auto expected = by_hand();
  Named state;
  const auto full = gradients_of_step("virtual_ranks: 3", &state);
  EXPECT_LT(largest_difference(full, expected.full), 1e-10);
  for (const auto& [name, buffer] : expected.buffers)
    EXPECT_TRUE(torch::allclose(state.at(name), buffer, 1e-12, 1e-12)) << name;
  // One pass over the whole batch is something else: its batch statistics differ.
  EXPECT_GT(largest_difference(gradients_of_step("virtual_ranks: 1"), expected.full), 1e-4);
}

TEST(VirtualRanks, LocalGatherIsDistributedTrainingsAverage) {
  const auto expected = by_hand();
  const auto local = gradients_of_step("virtual_ranks: 3, gather: local");
  EXPECT_LT(largest_difference(local, expected.local), 1e-10);
  for (const auto& [name, gradient] : expected.local) {
    const double factor = name == "logit_scale" ? 1 : 1.0 / kRanks;
    EXPECT_TRUE(torch::allclose(gradient, factor * expected.full.at(name), 1e-9, 1e-12)) << name;
  }
}

TEST(VirtualRanks, AccumulationChangesNothing) {
  Named whole_state, parts_state;
  const auto whole = gradients_of_step("virtual_ranks: 6, gather: local", &whole_state);
  const auto parts =
      gradients_of_step("virtual_ranks: 6, gather: local, accumulation: 3", &parts_state);
  EXPECT_LT(largest_difference(whole, parts), 1e-10);
  EXPECT_LT(largest_difference(whole_state, parts_state), 1e-10);
}

TEST(VirtualRanks, BadSettingsSayWhy) {
  const auto message = [](const std::string& settings) -> std::string {
    try {
      train_config(settings);
    } catch (const Error& error) {
      return error.what();
    }
    return "";
  };
  EXPECT_NE(message("{batch_size: 12, virtual_ranks: 5}").find("does not divide batch_size 12"),
            std::string::npos);
  EXPECT_NE(message("{batch_size: 12, virtual_ranks: 12}").find("fewer than 2 pairs"),
            std::string::npos);
  EXPECT_NE(message("{batch_size: 12, gather: local}").find("no effect"), std::string::npos);
  EXPECT_NE(message("{batch_size: 12, virtual_ranks: 3, accumulation: 2}").find("virtual_ranks 3"),
            std::string::npos);
}

}  // namespace
}  // namespace theriac::testing
