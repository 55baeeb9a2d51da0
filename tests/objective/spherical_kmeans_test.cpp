// Spherical k-means against the same iterations written out with loops, and on clusters that
// are known.
#include "objective/spherical_kmeans.h"

#include <gmock/gmock.h>

#include <cmath>
#include <numeric>
#include <set>

namespace theriac::objective {
namespace {

using Rows = std::vector<std::vector<double>>;

torch::Tensor unit_rows(std::int64_t rows, std::int64_t width, std::uint64_t seed) {
  torch::manual_seed(seed);
  const auto raw_ND = torch::randn({rows, width}, torch::kDouble);
  return raw_ND / raw_ND.norm(2, 1, true);
}

Rows rows_of(const torch::Tensor& e_ND) {
  Rows rows;
  for (std::int64_t i = 0; i < e_ND.size(0); ++i) {
    const double* row = e_ND[i].const_data_ptr<double>();
    rows.emplace_back(row, row + e_ND.size(1));
  }
  return rows;
}

double dot(const std::vector<double>& a, const std::vector<double>& b) {
  return std::inner_product(a.begin(), a.end(), b.begin(), 0.0);
}

std::size_t best(const std::vector<double>& row, const Rows& centroids) {
  std::size_t result = 0;
  for (std::size_t k = 1; k < centroids.size(); ++k)
    if (dot(row, centroids[k]) > dot(row, centroids[result])) result = k;
  return result;
}

Rows by_loops(const Rows& e, std::size_t clusters, int iterations, std::uint64_t seed) {
  Rows centroids;
  for (const auto i :
       initial_rows(static_cast<std::int64_t>(e.size()), static_cast<std::int64_t>(clusters), seed))
    centroids.push_back(e[static_cast<std::size_t>(i)]);
  for (int iteration = 0; iteration < iterations; ++iteration) {
    Rows sums(clusters, std::vector<double>(e[0].size()));
    std::vector<std::pair<double, std::size_t>> fit;
    for (std::size_t i = 0; i < e.size(); ++i) {
      const auto k = best(e[i], centroids);
      fit.emplace_back(dot(e[i], centroids[k]), i);
      for (std::size_t d = 0; d < e[i].size(); ++d) sums[k][d] += e[i][d];
    }
    std::sort(fit.begin(), fit.end());
    std::size_t worst = 0;
    for (std::size_t k = 0; k < clusters; ++k) {
      const double norm = std::sqrt(dot(sums[k], sums[k]));
      if (norm < 1e-6) {
        centroids[k] = e[fit[worst++].second];
        continue;
      }
      for (std::size_t d = 0; d < sums[k].size(); ++d) centroids[k][d] = sums[k][d] / norm;
    }
  }
  return centroids;
}

double largest_difference(const torch::Tensor& centroid_KD, const Rows& expected) {
  double worst = 0;
  const auto found = rows_of(centroid_KD);
  for (std::size_t k = 0; k < expected.size(); ++k)
    for (std::size_t d = 0; d < expected[k].size(); ++d)
      worst = std::max(worst, std::abs(found[k][d] - expected[k][d]));
  return worst;
}

TEST(SphericalKMeans, EqualsTheLoops) {
  for (const std::uint64_t seed : {1, 2, 3}) {
    const auto e_ND = unit_rows(300, 6, seed);
    EXPECT_LT(largest_difference(spherical_kmeans(e_ND, 12, 20, seed),
                                 by_loops(rows_of(e_ND), 12, 20, seed)),
              1e-9);
  }
}

// Half of the rows are one axis (exact inner products, so exact ties): several clusters start there
// and all but the first of them come out empty.
TEST(SphericalKMeans, EmptyClustersStartAnewAtTheWorstRows) {
  const auto e_ND = unit_rows(60, 5, 4);
  e_ND.slice(0, 0, 30).copy_(torch::eye(5, torch::kDouble).slice(0, 0, 1).expand({30, 5}));
  for (const std::uint64_t seed : {1, 2, 3}) {
    const auto centroid_KD = spherical_kmeans(e_ND, 16, 10, seed);
    EXPECT_LT(largest_difference(centroid_KD, by_loops(rows_of(e_ND), 16, 10, seed)), 1e-9);
    const auto label_N = nearest(e_ND, centroid_KD);
    const auto* label = label_N.const_data_ptr<std::int64_t>();
    EXPECT_GE(std::set(label, label + 60).size(), 14u);
  }
}

TEST(SphericalKMeans, FindsClustersThatLieApart) {
  // 40 rows around each of 4 axes; centroids are the normalised means of the groups.
  const auto axis_ND = torch::eye(4, torch::kDouble).repeat_interleave(40, 0);
  torch::manual_seed(5);
  const auto raw_ND = axis_ND + 0.05 * torch::randn({160, 4}, torch::kDouble);
  const auto e_ND = raw_ND / raw_ND.norm(2, 1, true);
  const auto mean_KD = e_ND.view({4, 40, 4}).sum(1);
  const auto expected_KD = mean_KD / mean_KD.norm(2, 1, true);
  // Seed 0 of this draw need not start in all four groups; k-means keeps what it starts with.
  for (std::uint64_t seed = 0;; ++seed) {
    ASSERT_LT(seed, 200u);
    std::set<std::int64_t> groups;
    for (const auto row : initial_rows(160, 4, seed)) groups.insert(row / 40);
    if (groups.size() < 4) continue;
    const auto centroid_KD = spherical_kmeans(e_ND, 4, 10, seed);
    const auto own_K = nearest(expected_KD, centroid_KD);
    EXPECT_LT((centroid_KD.index_select(0, own_K) - expected_KD).abs().max().item<double>(), 1e-12);
    return;
  }
}

TEST(SphericalKMeans, ChunksAndRepeatsChangeNothing) {
  const auto e_ND = unit_rows(20000, 4, 6).to(torch::kFloat32);
  const auto once = spherical_kmeans(e_ND, 20, 5, 1);
  EXPECT_TRUE(torch::equal(once, spherical_kmeans(e_ND, 20, 5, 1)));
  EXPECT_FALSE(torch::equal(once, spherical_kmeans(e_ND, 20, 5, 2)));
  EXPECT_LT((once.norm(2, 1) - 1).abs().max().item<float>(), 1e-6);
  EXPECT_TRUE(torch::equal(nearest(e_ND, once), e_ND.matmul(once.t()).argmax(1)));
}

TEST(SphericalKMeans, FewerRowsThanClustersIsABug) {
  EXPECT_THROW(spherical_kmeans(unit_rows(3, 4, 1), 4, 1, 1), std::invalid_argument);
}

}  // namespace
}  // namespace theriac::objective
