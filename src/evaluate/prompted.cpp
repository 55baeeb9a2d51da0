#include "evaluate/prompted.h"

#include <algorithm>

#include "theriac/core/error.h"
#include "theriac/core/hash.h"
#include "theriac/core/text.h"
#include "theriac/data/prompts.h"

namespace theriac::evaluate {

void Prompted::describe(config::Fields& f) {
  f.value(
      "prompts", prompts,
      "templates with one {} for the class name, or imagenet: CLIP's 80; their mean is the class");
  f.value(
      "data", data,
      "names of the data sets to measure on; empty: every labelled one but those of data.extra");
}

void Prompted::check(config::Problems& problems) const {
  if (prompts.empty()) problems.add("prompts", "give at least one template");
  for (const auto& prompt : prompts)
    if (auto problem = data::template_problem(prompt); !problem.empty())
      problems.add("prompts", std::move(problem));
}

std::vector<DataSet> chosen(const Session& session, const std::vector<std::string>& wanted) {
  std::vector<DataSet> result;
  std::vector<std::string> names;
  for (const auto& set : session.data()) {
    names.push_back(set.name);
    const bool named = std::find(wanted.begin(), wanted.end(), set.name) != wanted.end();
    if (named && set.source->classes().empty())
      throw Error("evaluate: data." + set.name + " has no class labels");
    if (named || (wanted.empty() && !set.by_name && !set.source->classes().empty()))
      result.push_back(set);
  }
  for (const auto& name : wanted) find_set(session, name);
  if (result.empty())
    throw Error("evaluate: none of the data sets (" + core::join(names, ", ") +
                ") has class labels; use emoji, image_folder, or csv with label_key");
  return result;
}

const DataSet& find_set(const Session& session, const std::string& name) {
  std::vector<std::string> names;
  for (const auto& set : session.data()) {
    if (set.name == name) return set;
    names.push_back(set.name);
  }
  throw Error("evaluate.data: there is no data set '" + name +
              "'; there are: " + core::join(names, ", "));
}

std::string prompt_set(const std::vector<std::string>& prompts) {
  return std::to_string(data::fill_all(prompts, "").size()) + " prompts, " +
         core::sha256(core::join(prompts, "\n")).substr(0, 8);
}

torch::Tensor top_classes(const torch::Tensor& image_ND, const torch::Tensor& class_CD,
                          std::int64_t k) {
  return std::get<1>(image_ND.mm(class_CD.t()).topk(k, 1));
}

torch::Tensor label_tensor(const std::vector<std::int64_t>& labels) {
  return torch::tensor(labels, torch::kInt64);
}

}  // namespace theriac::evaluate
