#pragma once

#include <torch/types.h>

#include <vector>

// N pairs, D embedding width; rows are unit vectors.

namespace theriac::analyse {

// |mean of the images - mean of the texts| (Liang et al., NeurIPS 2022, "Mind the Gap", 2).
double modality_gap(const torch::Tensor& image_ND, const torch::Tensor& text_ND);

// Wang and Isola, ICML 2020, "Understanding Contrastive Representation Learning through Alignment
// and Uniformity", 4.2, with their alpha = 2 and t = 2; both are better when lower.
//   alignment   mean of |x_i - y_i|^alpha over pairs
//   uniformity  ln of the mean of exp(-t |x_i - x_j|^2) over i < j; N >= 2
double alignment(const torch::Tensor& image_ND, const torch::Tensor& text_ND, double alpha = 2);
double uniformity(const torch::Tensor& rows_ND, double t = 2);

// For each value, the share of `among` below it; equal ones count half.
std::vector<double> shares_below(const std::vector<double>& values, std::vector<double> among);

// The chance that a positive is above a negative, equal ones counting half; the area under the ROC
// curve.
double auroc(const std::vector<double>& positives, const std::vector<double>& negatives);

// Between order statistics, linearly (R's type 7); values need no order but at least one member.
double quantile(std::vector<double> values, double share);
double mean(const std::vector<double>& values);

}  // namespace theriac::analyse
