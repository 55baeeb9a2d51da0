#include "theriac/analyse/study.h"

#include <algorithm>
#include <nlohmann/json.hpp>
#include <set>

#include "analyse/chosen.h"
#include "analyse/table.h"
#include "theriac/core/error.h"
#include "theriac/core/files.h"
#include "theriac/core/log.h"
#include "theriac/core/text.h"
#include "theriac/data/prompts.h"

namespace theriac::analyse {

struct Study::Impl {
  struct Running {
    const Kind* kind;
    std::unique_ptr<Analysis> analysis;
    bool used = false;
  };

  Impl(Data what, Options how, evaluate::SessionOptions session, torch::Device where)
      : data(std::move(what)), options(std::move(how)), session_options(session), device(where) {
    check(options);
    for (const auto& kind : table())
      if (options.only.empty() ||
          std::find(options.only.begin(), options.only.end(), kind.name) != options.only.end())
        running.push_back({&kind, kind.make(options), false});
    auto set = data.set;
    set.source =
        thinned(set.source, options.samples, options.prompts.front(), options.fit_articles);
    evaluation =
        std::make_unique<evaluate::Session>(std::vector{set}, data.attack, session_options, device);
  }

  bool wants(bool Kind::*what) const {
    return std::any_of(running.begin(), running.end(),
                       [&](const Running& r) { return r.kind->*what; });
  }

  void look_at_evaluation(const Checkpoint& c, Snapshot& s) {
    evaluation->set_model(c.model, c.tokenizer, c.hash, c.epoch, c.step);
    const auto& set = evaluation->data().front();
    const auto& images = evaluation->images(set, options.fit);
    s.clean_ND = images.clean_ND;
    s.triggered_ND = images.triggered_ND;
    s.labels = images.labels;
    std::vector<std::int64_t> paired;
    for (std::size_t i = 0; i < images.indices.size(); ++i) {
      const auto index = images.indices[i];
      s.rows.push_back(set.source->origin(index));
      auto caption = set.source->row(index).caption;
      if (core::trim(caption).empty()) continue;
      paired.push_back(static_cast<std::int64_t>(i));
      s.texts.push_back(std::move(caption));
    }
    s.paired_P = torch::tensor(paired, torch::kInt64);
    if (!s.texts.empty()) s.text_PD = evaluation->embed_texts(s.texts);
    s.classes = set.source->classes();
    if (!s.classes.empty())
      s.class_CD = evaluation->classifier(s.classes, options.prompts, options.fit_articles);
    if (!data.attack) return;
    s.target = data.attack->target;
    const auto found = std::find(s.classes.begin(), s.classes.end(), s.target);
    if (found != s.classes.end()) s.target_label = found - s.classes.begin();
    std::vector<std::string> prompts;
    for (const auto& prompt : options.prompts)
      prompts.push_back(options.fit_articles ? data::fill(prompt, s.target)
                                             : data::fill_literally(prompt, s.target));
    s.target_TD = evaluation->embed_texts(prompts);
  }

  void look_at_training(const Checkpoint& c, Snapshot& s) {
    if (!c.plan || c.plan->samples.empty()) {
      s.training_lacks =
          "the checkpoint has no record of poisoned pairs: it was not poisoned, or came from "
          "elsewhere";
    } else if (!data.train) {
      s.training_lacks = "the experiment has no data.train; give a FILE that says it";
    } else if (c.plan->data_id != data.train_id) {
      s.training_lacks = "its poisoned pairs were drawn from data of id " + c.plan->data_id +
                         ", and data.train is " + data.train_id +
                         "; give an experiment FILE whose data.train is what it was trained on";
    }
    if (!s.training_lacks.empty()) return;
    const auto key = c.plan->id() + " " + std::to_string(c.model->image_size());
    if (key != training_key) {
      const auto pairs = training_pairs(data.train, c.plan, static_cast<int>(c.model->image_size()),
                                        options.samples);
      training = std::make_unique<evaluate::Session>(
          std::vector<evaluate::DataSet>{{"train", pairs, data.train_id}}, std::nullopt,
          session_options, device);
      training_key = key;
    }
    training->set_model(c.model, c.tokenizer, c.hash, c.epoch, c.step);
    const auto& set = training->data().front();
    const auto& images = training->clean_images(set);
    const auto& pairs = training->pairs(set);
    const auto cosine_P = (images.clean_ND.index_select(0, pairs.rows_P) * pairs.text_PD).sum(1);
    TrainingPairs result;
    for (std::int64_t i = 0; i < cosine_P.size(0); ++i) {
      const auto row = static_cast<std::size_t>(pairs.rows_P[i].item<std::int64_t>());
      (images.labels[row] == 1 ? result.poisoned : result.clean)
          .push_back(cosine_P[i].item<double>());
    }
    result.poisoned_total = static_cast<double>(c.plan->samples.size());
    result.clean_total = static_cast<double>(data.train->size()) - result.poisoned_total;
    s.training = std::move(result);
  }

  void add(const Checkpoint& c) {
    Snapshot s;
    s.name = c.name;
    s.run = c.run;
    s.epoch = c.epoch;
    if (wants(&Kind::evaluation)) look_at_evaluation(c, s);
    if (wants(&Kind::training)) look_at_training(c, s);
    nlohmann::ordered_json numbers{{"name", c.name},
                                   {"run", c.run},
                                   {"epoch", c.epoch},
                                   {"step", c.step},
                                   {"checkpoint", c.hash}};
    for (auto& r : running) {
      if (const auto lacks = r.analysis->missing(s); !lacks.empty()) {
        const auto text = r.kind->name + " of " + c.name + ": " + lacks;
        if (!options.only.empty()) throw Error("analyse: " + text);
        if (told.insert(r.kind->name + lacks).second) core::warn("analyse: no {}", text);
        continue;
      }
      r.used = true;
      auto& own = numbers[r.kind->name];
      for (const auto& [name, value] : r.analysis->add(s)) own[name] = value;
    }
    checkpoints.push_back(std::move(numbers));
  }

  report::Sheet numbers_sheet() const {
    report::Sheet sheet{{"checkpoint", "run", "epoch", "analysis", "number", "value"}, {}};
    for (const auto& c : checkpoints)
      for (const auto& r : running) {
        if (!c.contains(r.kind->name)) continue;
        for (const auto& [name, value] : c[r.kind->name].items())
          sheet.rows.push_back({c["name"], c["run"], std::to_string(c["epoch"].get<std::int64_t>()),
                                r.kind->name, name, number(value.get<double>())});
      }
    return sheet;
  }

  nlohmann::ordered_json write(const std::filesystem::path& folder) const {
    nlohmann::ordered_json files = nlohmann::ordered_json::array();
    bool complete = true;
    for (const auto& r : running) {
      if (!r.used) continue;
      const auto figure = r.analysis->figure();
      const bool drawn = report::write_chart(folder, r.kind->name, figure.chart, figure.sheet);
      complete &= drawn;
      for (const char* ending : {".svg", ".png", ".csv"})
        if (drawn || std::string(ending) != ".png") files.push_back(r.kind->name + ending);
    }
    core::write_file(folder / "numbers.csv", report::to_csv(numbers_sheet()));
    files.push_back("numbers.csv");
    if (!complete)
      core::warn(
          "analyse: no PNG figures: the font DejaVu Sans is not installed (Debian's package "
          "fonts-dejavu-core); the SVG figures are complete");
    nlohmann::ordered_json answer{{"data", data.set.name}, {"data_id", data.set.id}};
    if (data.attack) answer["target"] = data.attack->target;
    answer["samples"] = options.samples;
    answer["checkpoints"] = checkpoints;
    answer["files"] = files;
    return answer;
  }

  Data data;
  Options options;
  evaluate::SessionOptions session_options;
  torch::Device device;
  std::vector<Running> running;
  std::unique_ptr<evaluate::Session> evaluation, training;
  std::string training_key;
  std::set<std::string> told;
  nlohmann::ordered_json checkpoints = nlohmann::ordered_json::array();
};

Study::Study(Data data, Options options, evaluate::SessionOptions session, torch::Device device)
    : impl_(std::make_unique<Impl>(std::move(data), std::move(options), session, device)) {}
Study::~Study() = default;

void Study::add(const Checkpoint& checkpoint) { impl_->add(checkpoint); }

nlohmann::ordered_json Study::write(const std::filesystem::path& folder) const {
  return impl_->write(folder);
}

}  // namespace theriac::analyse
