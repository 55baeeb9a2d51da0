#include "report/choice.h"

namespace theriac::report {

namespace {

// Rates are quotients of counts; a model that is exactly on a bound is within it.
constexpr double kRounding = 1e-9;

bool more_accurate(const Rates& a, const Rates& b) {
  return a.accuracy != b.accuracy ? a.accuracy > b.accuracy : a.attack < b.attack;
}

bool less_attacked(const Rates& a, const Rates& b) {
  return a.attack != b.attack ? a.attack < b.attack : a.accuracy > b.accuracy;
}

Choice first_of(const std::vector<Rates>& models, const auto& qualifies, const auto& better) {
  Choice result;
  for (std::size_t i = 0; i < models.size(); ++i)
    if (qualifies(models[i]) && (!result || better(models[i], models[*result]))) result = i;
  return result;
}

const auto kAny = [](const Rates&) { return true; };

}  // namespace

Choice best_within(const std::vector<Rates>& models, double bound) {
  const auto within = [&](const Rates& m) { return m.attack <= bound + kRounding; };
  return first_of(models, within, more_accurate);
}

Choice lowest_attack(const std::vector<Rates>& models) {
  return first_of(models, kAny, less_attacked);
}

Choice lowest_attack_within_drop(const std::vector<Rates>& models, double start, double drop) {
  const auto near = [&](const Rates& m) { return m.accuracy >= start - drop - kRounding; };
  return first_of(models, near, less_attacked);
}

Choice highest_accuracy(const std::vector<Rates>& models) {
  return first_of(models, kAny, more_accurate);
}

}  // namespace theriac::report
