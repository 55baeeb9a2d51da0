#include <fmt/format.h>

#include <cstdio>
#include <nlohmann/json.hpp>

#include "cli/experiment_file.h"
#include "cli/verb.h"
#include "theriac/core/error.h"
#include "theriac/core/files.h"
#include "theriac/experiment/contact_sheet.h"
#include "theriac/experiment/workspace.h"

namespace theriac::cli {

namespace {

struct PoisonState : ExperimentFile {
  std::string out = "contact_sheet.png";
  int rows = 12;
  bool json = false;
};

int show(const PoisonState& s) {
  const auto config = s.load_first();
  experiment::DataCache cache;
  experiment::Workspace workspace(config, cache);
  const auto plan = workspace.plan();
  if (!plan)
    throw Error("poison show: " + s.file +
                " poisons nothing; add a poison section with count of at least 1");
  const auto trigger = config.poison->trigger->build();
  const auto source = workspace.source("train");
  const int size = static_cast<int>(config.model.resolved_image_size());
  const auto view = config.loader.views->build();
  const auto sheet = experiment::contact_sheet(*source, *plan, *trigger, *view, size, s.rows);
  const auto png = data::encode_png(sheet);
  core::write_file(s.out, {reinterpret_cast<const char*>(png.data()), png.size()});
  const auto survived = experiment::survival(*plan, *trigger, *view, size, config.pretrain_seed());
  const auto percent = [&](std::int64_t count) {
    return survived.samples > 0
               ? 100.0 * static_cast<double>(count) / static_cast<double>(survived.samples)
               : 0.0;
  };
  if (s.json) {
    nlohmann::json out = {{"plan", plan->id()},
                          {"target", plan->target},
                          {"poisoned", plan->samples.size()},
                          {"samples", source->size()},
                          {"trigger", nlohmann::json::parse(plan->trigger_json)},
                          {"contact_sheet", s.out}};
    if (survived.samples > 0)
      out["augmented_views"] = {{"views", survived.samples},
                                {"whole", percent(survived.whole)},
                                {"half", percent(survived.half)},
                                {"gone", percent(survived.gone)},
                                {"mean_visible", 100 * survived.mean}};
    fmt::print("{}\n", out.dump(1));
    return 0;
  }
  fmt::print("target '{}', trigger {}\n", plan->target, plan->trigger_json);
  fmt::print(
      "{} of {} samples poisoned ({:.3f} %), plan {}\n", plan->samples.size(), source->size(),
      100.0 * static_cast<double>(plan->samples.size()) / static_cast<double>(source->size()),
      plan->id());
  if (survived.samples > 0)
    fmt::print(
        "of {} augmented views, {:.1f} % show at least 90 % of the patch, {:.1f} % at least "
        "half, {:.1f} % less than a tenth\n",
        survived.samples, percent(survived.whole), percent(survived.half), percent(survived.gone));
  fmt::print("contact sheet: {}\n", s.out);
  return 0;
}

}  // namespace

Verb poison_verb() {
  auto s = std::make_shared<PoisonState>();
  Verb verb{"show",
            "counts, what survives augmentation, and a contact sheet of the poison plan",
            "theriac poison show configs/quickstart.yaml --out sheet.png",
            s->options(),
            [s] { return show(*s); },
            {},
            false,
            s};
  verb.options.push_back({"--out", "where the contact sheet goes (PNG)", &s->out, false, {}});
  verb.options.push_back({"--rows", "samples on the sheet", &s->rows, false, {}});
  verb.options.push_back({"--json", "for programs", &s->json, false, {}});
  return {"poison",
          "look at a poison plan",
          "theriac poison show configs/quickstart.yaml",
          {},
          {},
          {verb},
          false,
          nullptr};
}

}  // namespace theriac::cli
