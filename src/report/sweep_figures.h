#pragma once

#include <functional>
#include <vector>

#include "report/files.h"
#include "report/pool.h"

namespace theriac::report {

// Figures of a sweep besides figures.h's, those for which there is data:
// pareto          the frontier of every pre-trained model and cleaning method
// dynamics        accuracy and ASR over the epochs of pre-training
// runs_GROUP      accuracy against ASR, a panel for each cleaning run of a model
// by_AXIS         bars over an axis, such as the size of the cleaning set, the number of poisons or
//                 the weight of a term: what the first rule chooses, and the lowest ASR near the
//                 start
std::vector<Figure> sweep_figures(const Experiment& experiment);
std::vector<Figure> overview_figures(const Experiment& experiment);  // without runs_GROUP

// All of an experiment: scatter (and scatter_DATA), trajectories, training, and those above.
std::vector<std::function<Figure()>> all_figures(const Experiment& experiment);

// The points that no other point beats in both ways, by rising ASR.
std::vector<Spot> frontier(std::vector<Spot> attack_accuracy);

}  // namespace theriac::report
