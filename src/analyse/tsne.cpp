// t-SNE without approximation: points Y in the plane whose neighbourhoods resemble those of X.
//   p_j|i ~ exp(-b_i |x_i - x_j|^2), b_i such that their entropy is ln(perplexity);
//   P = (p_j|i + p_i|j) / 2N;  Q ~ 1 / (1 + |y_i - y_j|^2);  minimises KL(P || Q).
// Descent with momentum and gains as in van der Maaten and Hinton, "Visualizing Data using t-SNE",
// JMLR 2008; learning rate N / exaggeration (a quarter of it here, as the gradient has the
// formula's factor of 4; Belkina et al., Nature Communications 2019) and a start from the principal
// components (Kobak and Berens, ibid.), with a little noise that parts equal points. Exaggeration
// is capped where P is nearly uniform, as it would draw all points into one. O(N^2) time and
// memory: meant for a few thousand points.

#include <ATen/Parallel.h>
#include <fmt/format.h>

#include <cmath>

#include "theriac/analyse/projection.h"
#include "theriac/core/error.h"
#include "theriac/core/random.h"

namespace theriac::analyse {

namespace {

constexpr std::int64_t kLanes = 8;  // partial sums that a compiler can keep in vector registers
constexpr std::int64_t kGrain = 16;
constexpr double kExaggeration = 12;
constexpr std::int64_t kExaggerated = 250;  // iterations, at most a quarter of all
constexpr double kLeastSpread = 1e-3;       // ten times the start's

// What point i feels, and its part of the sums; `p` is its row of P.
template <class T>
struct Forces {
  T pull_x = 0, pull_y = 0, push_x = 0, push_y = 0, weight = 0;

  void add(const Forces& f) {
    pull_x += f.pull_x;
    pull_y += f.pull_y;
    push_x += f.push_x;
    push_y += f.push_y;
    weight += f.weight;
  }
  void add(T p, T dx, T dy) {
    const T near = 1 / (1 + dx * dx + dy * dy);
    weight += near;
    pull_x += p * near * dx;
    pull_y += p * near * dy;
    push_x += near * near * dx;
    push_y += near * near * dy;
  }
};

template <class T>
Forces<T> forces(const T* p, const T* x, const T* y, std::int64_t i, std::int64_t n) {
  T pull_x[kLanes] = {}, pull_y[kLanes] = {}, push_x[kLanes] = {}, push_y[kLanes] = {},
    weight[kLanes] = {};
  const T at_x = x[i], at_y = y[i];
  const std::int64_t whole = n / kLanes * kLanes;
  for (std::int64_t j = 0; j < whole; j += kLanes)
    for (std::int64_t l = 0; l < kLanes; ++l) {
      const T dx = at_x - x[j + l], dy = at_y - y[j + l], near = 1 / (1 + dx * dx + dy * dy);
      const T pull = p[j + l] * near, push = near * near;
      weight[l] += near;
      pull_x[l] += pull * dx;
      pull_y[l] += pull * dy;
      push_x[l] += push * dx;
      push_y[l] += push * dy;
    }
  Forces<T> sum;
  for (std::int64_t l = 0; l < kLanes; ++l)
    sum.add(Forces<T>{pull_x[l], pull_y[l], push_x[l], push_y[l], weight[l]});
  for (std::int64_t j = whole; j < n; ++j) sum.add(p[j], at_x - x[j], at_y - y[j]);
  sum.weight -= 1;  // the point itself
  return sum;
}

template <class T>
Divergence divergence(const torch::Tensor& joint_NN, const torch::Tensor& layout_N2, double factor,
                      bool with_value) {
  const auto n = layout_N2.size(0);
  const auto columns_2N = layout_N2.t().contiguous();
  const T* x = columns_2N.const_data_ptr<T>();
  const T* y = x + n;
  const T* p = joint_NN.const_data_ptr<T>();
  std::vector<Forces<T>> all(static_cast<std::size_t>(n));
  std::vector<double> values(with_value ? static_cast<std::size_t>(n) : 0);
  at::parallel_for(0, n, kGrain, [&](std::int64_t begin, std::int64_t end) {
    for (auto i = begin; i < end; ++i) {
      all[static_cast<std::size_t>(i)] = forces(p + i * n, x, y, i, n);
      if (!with_value) continue;
      double sum = 0;  // of p ln(p / near)
      for (std::int64_t j = 0; j < n; ++j) {
        const double mass = p[i * n + j], dx = x[i] - x[j], dy = y[i] - y[j];
        if (j != i && mass > 0) sum += mass * (std::log(mass) + std::log1p(dx * dx + dy * dy));
      }
      values[static_cast<std::size_t>(i)] = sum;
    }
  });
  double total = 0;
  for (const auto& f : all) total += static_cast<double>(f.weight);
  Divergence result{0, torch::empty_like(layout_N2, at::MemoryFormat::Contiguous)};
  T* gradient = result.gradient_N2.template mutable_data_ptr<T>();
  for (std::size_t i = 0; i < all.size(); ++i) {
    const T pull = static_cast<T>(4 * factor), push = static_cast<T>(4 / total);
    gradient[2 * i] = pull * all[i].pull_x - push * all[i].push_x;
    gradient[2 * i + 1] = pull * all[i].pull_y - push * all[i].push_y;
  }
  if (with_value) {
    for (const double value : values) result.value += value;
    result.value += std::log(total) * joint_NN.sum(torch::kFloat64).template item<double>();
  }
  return result;
}

// Row i of the conditional probabilities: `distance` holds squared distances, and becomes them.
void conditional(double* row, std::int64_t i, std::int64_t n, double perplexity) {
  double least = INFINITY;
  for (std::int64_t j = 0; j < n; ++j)
    if (j != i) least = std::min(least, row[j]);
  double beta = 1, low = 0, high = INFINITY;
  const auto weight = [&](std::int64_t j) { return std::exp(-beta * (row[j] - least)); };
  double sum = 0;
  for (int tries = 0; tries < 100; ++tries) {
    double mean = 0;
    sum = 0;
    for (std::int64_t j = 0; j < n; ++j) {
      if (j == i) continue;
      const double w = weight(j);
      sum += w;
      mean += w * (row[j] - least);
    }
    const double excess = std::log(sum) + beta * mean / sum - std::log(perplexity);
    if (std::abs(excess) < 1e-6) break;
    (excess > 0 ? low : high) = beta;
    beta = std::isinf(high) ? beta * 2 : (low + high) / 2;
    if (std::isinf(beta)) {  // more equal points than the perplexity: no width is small enough
      beta = low;
      break;
    }
  }
  for (std::int64_t j = 0; j < n; ++j) row[j] = j == i ? 0 : weight(j) / sum;
}

torch::Tensor start(const torch::Tensor& points_ND, std::uint64_t seed) {
  const auto scores_N2 = pca(points_ND, 2).scores_NK;
  const double spread = scores_N2.select(1, 0).std(false).item<double>();
  auto random = core::stream(seed, "t-SNE");
  auto noise_N2 = torch::empty_like(scores_N2);
  double* noise = noise_N2.mutable_data_ptr<double>();
  for (std::int64_t i = 0; i < noise_N2.numel(); ++i) noise[i] = random.normal();
  return (scores_N2 * (1e-4 / (spread > 0 ? spread : 1)) + noise_N2 * 1e-6).to(torch::kFloat32);
}

// A small layout along y shrinks under exaggeration f where f (1 - r) > 1, r = N y'Py / y'y: the
// largest f up to the usual one at which the start keeps its wider direction.
double exaggeration(const torch::Tensor& joint_NN, const torch::Tensor& start_N2) {
  const auto n = static_cast<double>(start_N2.size(0));
  const auto y_N2 = start_N2 - start_N2.mean(0, true);
  const auto square_2 = y_N2.square().sum(0).clamp_min(1e-30);
  const auto r_2 = (y_N2 * joint_NN.mm(y_N2)).sum(0) * n / square_2;
  const double r = r_2.max().item<double>();
  return r >= 1 - 1 / kExaggeration ? kExaggeration : std::max(1.0, 1 / (1 - r));
}

}  // namespace

torch::Tensor joint_probabilities(const torch::Tensor& points_ND, double perplexity) {
  const auto n = points_ND.size(0);
  if (static_cast<double>(n) < 3 * perplexity + 1)
    throw Error(fmt::format(
        "t-SNE: a perplexity of {:g} needs at least {:.0f} points, received {}; ask for more "
        "samples or for a perplexity of at most {:g}",
        perplexity, std::ceil(3 * perplexity + 1), n, std::floor(static_cast<double>(n - 1) / 3)));
  if (n > kMostTsnePoints)
    throw Error(fmt::format(
        "t-SNE: at most {} points, as memory grows with their square; received {}; ask for fewer "
        "samples",
        kMostTsnePoints, n));
  const auto wide_ND = points_ND.to(torch::kFloat64);
  const auto square_N1 = wide_ND.square().sum(1, true);
  auto row_NN = wide_ND.mm(wide_ND.t()).mul_(-2).add_(square_N1).add_(square_N1.t());
  row_NN.clamp_min_(0);
  double* rows = row_NN.mutable_data_ptr<double>();
  at::parallel_for(0, n, kGrain, [&](std::int64_t begin, std::int64_t end) {
    for (auto i = begin; i < end; ++i) conditional(rows + i * n, i, n, perplexity);
  });
  return (row_NN + row_NN.t()).div_(2.0 * static_cast<double>(n));
}

Divergence tsne_divergence(const torch::Tensor& joint_NN, const torch::Tensor& layout_N2,
                           double factor) {
  return layout_N2.scalar_type() == torch::kFloat64
             ? divergence<double>(joint_NN, layout_N2, factor, true)
             : divergence<float>(joint_NN, layout_N2, factor, true);
}

Tsne tsne(const torch::Tensor& points_ND, const TsneOptions& options) {
  const torch::NoGradGuard no_grad;
  const auto joint_NN = joint_probabilities(points_ND, options.perplexity).to(torch::kFloat32);
  const double n = static_cast<double>(points_ND.size(0));
  const std::int64_t exaggerated = std::min(kExaggerated, options.iterations / 4);
  auto layout_N2 = start(points_ND, options.seed);
  const double most = exaggeration(joint_NN, layout_N2);
  auto step_N2 = torch::zeros_like(layout_N2), gain_N2 = torch::ones_like(layout_N2);
  for (std::int64_t i = 0; i < options.iterations; ++i) {
    const bool early = i < exaggerated;
    const double factor = early ? most : 1, rate = n / factor / 4;
    const auto slope_N2 = divergence<float>(joint_NN, layout_N2, factor, false).gradient_N2;
    gain_N2 = torch::where(slope_N2 * step_N2 < 0, gain_N2 + 0.2, gain_N2 * 0.8).clamp_min(0.01);
    step_N2 = step_N2 * (early ? 0.5 : 0.8) - slope_N2 * gain_N2 * rate;
    layout_N2 = layout_N2 + step_N2;
  }
  layout_N2 = layout_N2 - layout_N2.mean(0, true);
  if (const double spread = layout_N2.std().item<double>(); !(spread >= kLeastSpread))
    throw Error(fmt::format(
        "t-SNE: all {:.0f} points stay at one place (spread {:.1g}, expected at least {:g}) after "
        "{} "
        "iterations at a perplexity of {:g}; ask for a smaller perplexity, more samples, more "
        "iterations, or for pca alone",
        n, spread, kLeastSpread, options.iterations, options.perplexity));
  return {layout_N2, tsne_divergence(joint_NN, layout_N2).value};
}

}  // namespace theriac::analyse
