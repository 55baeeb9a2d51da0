#include "report/stats.h"

#include <algorithm>
#include <bit>
#include <cmath>
#include <numeric>
#include <stdexcept>
#include <tuple>

#include "theriac/core/base64.h"
#include "theriac/core/error.h"

namespace theriac::report {

namespace {

constexpr double kNormal = 1.96;      // 97.5 % quantile of the normal distribution
constexpr std::uint64_t kStream = 1;  // of the bootstrap; its purpose names the counts

// Continued fraction of the incomplete beta function (Abramowitz and Stegun 26.5.8), by Lentz's
// method.
double beta_fraction(double a, double b, double x) {
  constexpr double kTiny = 1e-300;
  const auto safe = [](double v) { return std::abs(v) < kTiny ? kTiny : v; };
  double c = 1, d = 1 / safe(1 - (a + b) * x / (a + 1)), result = d;
  for (int m = 1; m <= 300; ++m) {
    const double k = m;
    for (const double term : {k * (b - k) * x / ((a + 2 * k - 1) * (a + 2 * k)),
                              -(a + k) * (a + b + k) * x / ((a + 2 * k) * (a + 2 * k + 1))}) {
      d = 1 / safe(1 + term * d);
      c = safe(1 + term / c);
      result *= c * d;
    }
    if (std::abs(c * d - 1) < 1e-15) break;
  }
  return result;
}

double incomplete_beta(double a, double b, double x) {
  if (x <= 0 || x >= 1) return x <= 0 ? 0 : 1;
  const double front = std::exp(std::lgamma(a + b) - std::lgamma(a) - std::lgamma(b) +
                                a * std::log(x) + b * std::log1p(-x));
  return x < (a + 1) / (a + b + 2) ? front * beta_fraction(a, b, x) / a
                                   : 1 - front * beta_fraction(b, a, 1 - x) / b;
}

double percentile(std::vector<double>& sorted, double share) {
  const double at = share * static_cast<double>(sorted.size() - 1);
  const auto below = static_cast<std::size_t>(at);
  const auto above = std::min(below + 1, sorted.size() - 1);
  return sorted[below] + (sorted[above] - sorted[below]) * (at - static_cast<double>(below));
}

}  // namespace

double t_quantile(std::size_t freedom) {
  if (freedom == 0) throw std::invalid_argument("t_quantile: no degrees of freedom");
  const double v = static_cast<double>(freedom);
  double low = 0, high = 20;
  for (int i = 0; i < 100; ++i) {
    const double t = (low + high) / 2;
    const double tail = incomplete_beta(v / 2, 0.5, v / (v + t * t)) / 2;
    (tail > 0.025 ? low : high) = t;
  }
  return (low + high) / 2;
}

Estimate mean_over_seeds(const std::vector<double>& values) {
  if (values.size() < 2) throw std::invalid_argument("mean_over_seeds: needs two values at least");
  const double n = static_cast<double>(values.size());
  const double mean = std::accumulate(values.begin(), values.end(), 0.0) / n;
  double squares = 0;
  for (const double v : values) squares += (v - mean) * (v - mean);
  const double half = t_quantile(values.size() - 1) * std::sqrt(squares / (n - 1) / n);
  return {mean, mean - half, mean + half};
}

Estimate rate_over_seeds(const std::vector<double>& percent) {
  const auto mean = mean_over_seeds(percent);
  return {mean.value, std::max(0.0, mean.low), std::min(100.0, mean.high)};
}

std::vector<double> independent(const std::vector<std::pair<std::string, double>>& values) {
  std::vector<double> all;
  std::vector<std::pair<std::string, std::vector<double>>> models;
  for (const auto& [model, value] : values) {
    all.push_back(value);
    if (auto same = std::find_if(models.begin(), models.end(),
                                 [&, &name = model](const auto& m) { return m.first == name; });
        same != models.end())
      same->second.push_back(value);
    else
      models.push_back({model, {value}});
  }
  if (models.size() < 2) return all;
  std::vector<double> means;
  for (const auto& [model, of_model] : models)
    means.push_back(std::accumulate(of_model.begin(), of_model.end(), 0.0) /
                    static_cast<double>(of_model.size()));
  return means;
}

Paired together(const std::vector<Paired>& of_one_model) {
  Paired sum;
  for (const auto& p : of_one_model) {
    sum.images += p.images;
    sum.only_first += p.only_first;
    sum.only_second += p.only_second;
  }
  return sum;
}

Paired paired(const std::string& first, const std::string& second, std::int64_t n) {
  const auto bytes = static_cast<std::size_t>((n + 7) / 8);
  std::string a, b;
  try {
    a = core::from_base64(first);
    b = core::from_base64(second);
  } catch (const Error&) {
    return {};
  }
  if (n <= 0 || a.size() < bytes || b.size() < bytes) return {};
  Paired result{n, 0, 0};
  for (std::size_t i = 0; i < bytes; ++i) {
    auto x = static_cast<unsigned char>(a[i]), y = static_cast<unsigned char>(b[i]);
    if (i + 1 == bytes && n % 8 != 0) {
      const auto mask = static_cast<unsigned char>((1U << (n % 8)) - 1);
      x &= mask;
      y &= mask;
    }
    result.only_first += std::popcount(static_cast<unsigned char>(x & ~y));
    result.only_second += std::popcount(static_cast<unsigned char>(y & ~x));
  }
  return result;
}

std::int64_t binomial(std::int64_t n, double p, core::Stream& random) {
  if (n <= 0 || p <= 0) return 0;
  if (p >= 1) return n;
  const double count = static_cast<double>(n), odds = p / (1 - p);
  const auto mode = std::min(n, static_cast<std::int64_t>((count + 1) * p));
  const double m = static_cast<double>(mode);
  const double peak =
      std::exp(std::lgamma(count + 1) - std::lgamma(m + 1) - std::lgamma(count - m + 1) +
               m * std::log(p) + (count - m) * std::log1p(-p));
  double left = random.uniform() - peak, up = peak, down = peak;
  if (left < 0) return mode;
  for (std::int64_t above = mode, below = mode; above < n || below > 0;) {
    if (above < n) {
      up *= static_cast<double>(n - above) / static_cast<double>(above + 1) * odds;
      ++above;
      if ((left -= up) < 0) return above;
    }
    if (below > 0) {
      down *= static_cast<double>(below) / static_cast<double>(n - below + 1) / odds;
      --below;
      if ((left -= down) < 0) return below;
    }
  }
  return mode;  // what rounding left over
}

Estimate expanded_bootstrap(const std::vector<double>& seeds, const ImageDraw& images,
                            core::Stream random, std::size_t draws) {
  if (seeds.empty() || draws < 2)
    throw std::invalid_argument("expanded_bootstrap: nothing to draw");
  const double n = static_cast<double>(seeds.size());
  const double mean = std::accumulate(seeds.begin(), seeds.end(), 0.0) / n;
  const double wider =
      seeds.size() > 1 ? std::sqrt(n / (n - 1)) * t_quantile(seeds.size() - 1) / kNormal : 0;
  std::vector<double> means(draws);
  for (double& drawn : means) {
    double of_seeds = 0, of_images = 0;
    for (std::size_t k = 0; k < seeds.size(); ++k) {
      const auto seed = random.below(seeds.size());
      of_seeds += seeds[seed] - mean;
      of_images += images(seed, random);
    }
    drawn = mean + (wider * of_seeds + of_images) / n;
  }
  std::sort(means.begin(), means.end());
  return {mean, percentile(means, 0.025), percentile(means, 0.975)};
}

// Drawing n images with replacement and counting those on which the methods differ is a multinomial
// draw: first how many differ, then which way.
Estimate paired_bootstrap(std::vector<Paired> seeds, std::size_t draws) {
  const auto counts = [](const Paired& s) {
    return std::tuple(s.images, s.only_first, s.only_second);
  };
  std::sort(seeds.begin(), seeds.end(),
            [&](const Paired& a, const Paired& b) { return counts(a) < counts(b); });
  std::vector<double> values;
  std::string content = "bootstrap";
  for (const auto& s : seeds) {
    values.push_back(100 * static_cast<double>(s.only_first - s.only_second) /
                     static_cast<double>(s.images));
    content += " " + std::to_string(s.images) + " " + std::to_string(s.only_first) + " " +
               std::to_string(s.only_second);
  }
  const auto images = [&](std::size_t seed, core::Stream& random) {
    const Paired& s = seeds[seed];
    const double n = static_cast<double>(s.images),
                 differ = static_cast<double>(s.only_first + s.only_second);
    const auto drawn = binomial(s.images, differ / n, random);
    const auto first =
        differ > 0 ? binomial(drawn, static_cast<double>(s.only_first) / differ, random) : 0;
    return 100 * static_cast<double>(2 * first - drawn) / n - values[seed];
  };
  const auto e = expanded_bootstrap(values, images, core::stream(kStream, content), draws);
  return {e.value, std::max(-100.0, e.low), std::min(100.0, e.high)};
}

}  // namespace theriac::report
