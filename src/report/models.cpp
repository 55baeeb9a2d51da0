#include <map>
#include <set>

#include "report/load.h"

namespace theriac::report {

void make_models(Experiment& e) {
  std::map<std::string, std::set<std::string>> seeds;
  std::set<std::string> repeated;  // settings that have a seed twice
  for (const auto& group : e.groups)
    if (!seeds[group.setting].insert(group.seed).second) repeated.insert(group.setting);
  std::map<std::string, std::size_t> index;
  e.models.clear();
  for (std::size_t g = 0; g < e.groups.size(); ++g) {
    Group& group = e.groups[g];
    const bool alone = repeated.count(group.setting) > 0;
    const std::string key = alone ? "group " + std::to_string(g) : "setting " + group.setting;
    const auto [it, fresh] = index.emplace(key, e.models.size());
    if (fresh) e.models.push_back({group.label, {}});
    group.model = it->second;
    Model& model = e.models[group.model];
    model.groups.push_back(g);
    if (model.groups.size() == 2) model.name = group.setting;
  }
}

}  // namespace theriac::report
