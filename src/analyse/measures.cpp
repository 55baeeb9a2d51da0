#include "theriac/analyse/measures.h"

#include <algorithm>
#include <cmath>
#include <numeric>

namespace theriac::analyse {

namespace {

constexpr std::int64_t kRowsAtOnce = 1024;

torch::Tensor doubles(const torch::Tensor& rows) { return rows.to(torch::kFloat64); }

}  // namespace

double modality_gap(const torch::Tensor& image_ND, const torch::Tensor& text_ND) {
  return (doubles(image_ND).mean(0) - doubles(text_ND).mean(0)).norm().item<double>();
}

double alignment(const torch::Tensor& image_ND, const torch::Tensor& text_ND, double alpha) {
  const auto distance_N = (doubles(image_ND) - doubles(text_ND)).norm(2, {1});
  return distance_N.pow(alpha).mean().item<double>();
}

double uniformity(const torch::Tensor& rows_ND, double t) {
  const auto wide_ND = doubles(rows_ND);
  const auto square_N = wide_ND.square().sum(1);
  const double n = static_cast<double>(wide_ND.size(0));
  double sum = 0;  // over ordered pairs, each row with itself included
  for (std::int64_t begin = 0; begin < wide_ND.size(0); begin += kRowsAtOnce) {
    const auto size = std::min(kRowsAtOnce, wide_ND.size(0) - begin);
    const auto block_BD = wide_ND.narrow(0, begin, size);
    const auto distance_BN = square_N.narrow(0, begin, size).unsqueeze(1) + square_N.unsqueeze(0) -
                             2 * block_BD.mm(wide_ND.t());
    sum += (distance_BN.clamp_min(0) * -t).exp().sum().item<double>();
  }
  return std::log((sum - n) / (n * (n - 1)));
}

std::vector<double> shares_below(const std::vector<double>& values, std::vector<double> among) {
  std::sort(among.begin(), among.end());
  std::vector<double> result;
  for (const double value : values) {
    const auto [first, last] = std::equal_range(among.begin(), among.end(), value);
    const auto below = first - among.begin(), equal = last - first;
    result.push_back((static_cast<double>(below) + 0.5 * static_cast<double>(equal)) /
                     static_cast<double>(among.size()));
  }
  return result;
}

double auroc(const std::vector<double>& positives, const std::vector<double>& negatives) {
  return mean(shares_below(positives, negatives));
}

double quantile(std::vector<double> values, double share) {
  std::sort(values.begin(), values.end());
  const double place = share * static_cast<double>(values.size() - 1);
  const auto low = static_cast<std::size_t>(place);
  const auto high = std::min(low + 1, values.size() - 1);
  return values[low] + (place - static_cast<double>(low)) * (values[high] - values[low]);
}

double mean(const std::vector<double>& values) {
  return std::accumulate(values.begin(), values.end(), 0.0) / static_cast<double>(values.size());
}

}  // namespace theriac::analyse
