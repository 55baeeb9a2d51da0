#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <string>
#include <utility>
#include <vector>

#include "theriac/core/random.h"

namespace theriac::report {

struct Estimate {
  double value = 0, low = 0, high = 0;  // 95 % interval
};

// 97.5 % quantile of Student's t with `freedom` >= 1 degrees of freedom.
double t_quantile(std::size_t freedom);

// Mean with its 95 % t interval over independent seeds; needs two values at least.
Estimate mean_over_seeds(const std::vector<double>& values);
// Of rates in percent: the same, cut at 0 and 100, outside of which no mean can lie.
Estimate rate_over_seeds(const std::vector<double>& percent);

// What an interval is taken over: where models have several seeds of cleaning, these are averaged
// for each model, as they share it; with one model, the values themselves. By the model's seed.
std::vector<double> independent(const std::vector<std::pair<std::string, double>>& values);

// How often two methods differ on the same images: one seed.
struct Paired {
  std::int64_t images = 0, only_first = 0, only_second = 0;
};
// The counts of several, added up.
Paired together(const std::vector<Paired>& of_one_model);
// From bit sets as records keep them (base64); std::nullopt-like `images` = 0 when a set is missing
// or too short for `n` images.
Paired paired(const std::string& first, const std::string& second, std::int64_t n);

// Mean over seeds with a 95 % interval by a hierarchical bootstrap: `seeds` are drawn with
// replacement, and of each drawn one a new sample of images, which moves its value by `images`.
// Few seeds vary too little when drawn from themselves. What the drawn seeds differ from the mean
// is therefore widened by sqrt(n / (n - 1)) t(0.975, n - 1) / 1.96, the correction for small
// samples of the expanded percentile interval: Hesterberg, What Teachers Should Know About the
// Bootstrap, The American Statistician 69 (4), 2015. One seed: the images alone.
using ImageDraw = std::function<double(std::size_t seed, core::Stream& random)>;
Estimate expanded_bootstrap(const std::vector<double>& seeds, const ImageDraw& images,
                            core::Stream random, std::size_t draws = 10000);

// Difference of the two rates in percent, first minus second, by that bootstrap, cut at -100 and
// 100. The numbers depend on the counts alone, not on the order of the seeds.
Estimate paired_bootstrap(std::vector<Paired> seeds, std::size_t draws = 10000);

// A binomial number by inversion, walking outward from the mode: exact up to rounding, about
// sqrt(n p (1 - p)) steps.
std::int64_t binomial(std::int64_t n, double p, core::Stream& random);

}  // namespace theriac::report
