#include "report/joint.h"

#include <algorithm>

namespace theriac::report {

namespace {

void add_new(std::vector<std::string>& names, const std::vector<std::string>& more) {
  for (const auto& name : more)
    if (std::find(names.begin(), names.end(), name) == names.end()) names.push_back(name);
}

void add_axes(std::vector<core::PlanAxis>& axes, const std::vector<core::PlanAxis>& more) {
  for (const auto& axis : more) {
    const auto same = std::find_if(axes.begin(), axes.end(),
                                   [&](const auto& other) { return other.name == axis.name; });
    if (same == axes.end())
      axes.push_back(axis);
    else {
      add_new(same->values, axis.values);
      same->seeds &= axis.replicates();
    }
  }
}

// What has no axis is called like the experiment.
std::string led(const std::string& title, const std::string& name, bool nameless) {
  return nameless ? title : title + ": " + name;
}

void add(const Experiment& e, const std::string& title, Experiment& joint) {
  const std::size_t first = joint.groups.size();
  for (const auto& group : e.groups) {
    joint.groups.push_back(group);
    joint.groups.back().label = led(title, group.label, group.label == e.plan.name);
    joint.groups.back().setting = led(e.plan.name, group.setting, group.setting == e.plan.name);
    joint.groups.back().cells.clear();
  }
  for (std::size_t i = 0; i < e.cells.size(); ++i) {
    Cell& cell = joint.cells.emplace_back(e.cells[i]);
    cell.name = led(title, cell.name, e.plan.cells[i].values.empty());
    cell.model = led(title, cell.model, cell.model == e.plan.name);
    cell.group += first;
    core::PlanCell& planned = joint.plan.cells.emplace_back(e.plan.cells[i]);
    planned.values.insert(planned.values.begin(), {"experiment", title});
  }
  add_axes(joint.plan.axes, e.plan.axes);
  add_new(joint.cleanings, e.cleanings);
  add_new(joint.data_sets, e.data_sets);
  if (joint.trigger.empty()) joint.trigger = e.trigger;
  if (joint.cleaning_axes.find(e.cleaning_axes) == std::string::npos)
    joint.cleaning_axes += (joint.cleaning_axes.empty() ? "" : ", ") + e.cleaning_axes;
}

}  // namespace

void unite(const std::vector<const Experiment*>& all, Experiment& joint) {
  joint.plan.name = "joint";
  joint.plan.axes = {{"experiment", "", {}}};
  if (all.empty()) return;
  joint.plan.selection_data = all.front()->plan.selection_data;
  joint.plan.report_data = all.front()->plan.report_data;
  for (const Experiment* e : all) {
    const std::string title = title_of(*e, all);
    joint.plan.axes.front().values.push_back(title);
    add(*e, title, joint);
  }
  make_models(joint);
  for (const auto& cell : joint.cells) joint.groups[cell.group].cells.push_back(&cell);
}

}  // namespace theriac::report
