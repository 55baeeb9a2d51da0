#include "evaluate/prompted.h"

#include <algorithm>

#include "theriac/core/error.h"
#include "theriac/core/hash.h"
#include "theriac/core/text.h"
#include "theriac/data/prompts.h"

namespace theriac::evaluate {

namespace {

const char* word(poison::Geometry geometry) {
  return geometry == poison::Geometry::kCrop ? "crop" : "squash";
}

}  // namespace

void Measured::describe(config::Fields& f) {
  f.value(
      "data", data,
      "names of the data sets to measure on; empty: every labelled one but those of data.extra");
  describe_geometry(f);
}

void Measured::describe_geometry(config::Fields& f) {
  f.choice("geometry", geometry, "how a clean picture gets the model's input size",
           {{"crop", poison::Geometry::kCrop}, {"squash", poison::Geometry::kSquash}});
}

void Measured::describe_triggered(config::Fields& f) {
  f.choice("triggered_geometry", triggered_geometry,
           "how a picture gets the model's input size before the trigger; the paper's code crops "
           "the clean ones and squashes these",
           {{"as_poisoned", Triggered::kAsPoisoned},
            {"crop", Triggered::kCrop},
            {"squash", Triggered::kSquash}});
}

Fit Measured::fit() const {
  Fit result{.clean = geometry, .triggered = {}};
  if (triggered_geometry == Triggered::kCrop) result.triggered = poison::Geometry::kCrop;
  if (triggered_geometry == Triggered::kSquash) result.triggered = poison::Geometry::kSquash;
  return result;
}

std::string Measured::named(std::string protocol, bool triggered) const {
  const auto add = [&](const char* what) {
    protocol += (protocol.empty() ? "" : ", ") + std::string(what);
  };
  if (const auto mark = fit().triggered; triggered && mark) add(word(*mark));
  if (!triggered && geometry != poison::Geometry::kCrop) add(word(geometry));
  return protocol;
}

void Prompted::describe(config::Fields& f) {
  f.value("prompts", prompts,
          "templates with one {} for the class name, or imagenet for CLIP's 80; their mean is the "
          "class");
  f.choice("articles", articles,
           "fit: a or an before the class name goes by its sound; literal: as the template has it, "
           "which is what CLIP's code does",
           {{"fit", Articles::kFit}, {"literal", Articles::kLiteral}});
  Measured::describe(f);
}

void Prompted::check(config::Problems& problems) const {
  if (prompts.empty()) problems.add("prompts", "give at least one template");
  for (const auto& prompt : prompts)
    if (auto problem = data::template_problem(prompt); !problem.empty())
      problems.add("prompts", std::move(problem));
}

const torch::Tensor& Prompted::classifier(Session& session, const DataSet& set) const {
  return session.classifier(set.source->classes(), data::templates(prompts),
                            articles == Articles::kFit);
}

std::string Prompted::prompt_set() const {
  const auto all = data::templates(prompts);
  return std::to_string(all.size()) + " prompts, " +
         core::sha256(core::join(all, "\n")).substr(0, 8) +
         (articles == Articles::kLiteral ? ", literal" : "");
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

torch::Tensor top_columns(const torch::Tensor& score_NC, std::int64_t k) {
  return std::get<1>(score_NC.topk(k, 1));
}

torch::Tensor top_classes(const torch::Tensor& image_ND, const torch::Tensor& class_CD,
                          std::int64_t k) {
  return top_columns(image_ND.mm(class_CD.t()), k);
}

torch::Tensor label_tensor(const std::vector<std::int64_t>& labels) {
  return torch::tensor(labels, torch::kInt64);
}

std::string at_top(const std::string& metric, std::int64_t k) {
  return k == 1 ? metric : metric + "_top" + std::to_string(k);
}

void fill_trigger(core::Record& record, const Session& session) {
  record.trigger = session.attack()->trigger_json;
  record.trigger_seed = static_cast<std::int64_t>(session.seed());
}

}  // namespace theriac::evaluate
