#include <fmt/format.h>

#include <algorithm>
#include <cstdio>
#include <nlohmann/json.hpp>

#include "cli/verb.h"
#include "theriac/analyse/study.h"
#include "theriac/clean/cleaner.h"
#include "theriac/data/source.h"
#include "theriac/evaluate/metric.h"
#include "theriac/loader/view.h"
#include "theriac/model/clip.h"
#include "theriac/objective/term.h"
#include "theriac/poison/trigger.h"
#include "theriac/text/tokenizer.h"

namespace theriac::cli {

namespace {

struct ListState {
  std::string table;
  bool json = false;
};

using Rows = std::vector<std::pair<std::string, std::string>>;

std::vector<std::pair<std::string, Rows>> tables() {
  Rows presets;
  for (const auto& preset : model::presets()) presets.emplace_back(preset.name, preset.doc);
  return {{"sources", data::table().names()},
          {"tokenizers", text::table().names()},
          {"triggers", poison::table().names()},
          {"views", loader::table().names()},
          {"presets", presets},
          {"image_encoders", model::image_encoders().names()},
          {"objectives", objective::table().names()},
          {"cleaners", clean::table().names()},
          {"metrics", evaluate::table().names()},
          {"analyses", analyse::kinds()}};
}

int list(const ListState& s) {
  nlohmann::json out = nlohmann::json::object();
  std::size_t width = 0;
  const auto all = tables();
  for (const auto& [name, rows] : all)
    for (const auto& [type, doc] : rows) width = std::max(width, type.size());
  for (const auto& [name, rows] : all) {
    if (!s.table.empty() && name != s.table) continue;
    if (!s.json) fmt::print("{}\n", name);
    for (const auto& [type, doc] : rows) {
      out[name][type] = doc;
      if (!s.json) fmt::print("  {:<{}}  {}\n", type, width, doc);
    }
  }
  if (s.json) fmt::print("{}\n", out.dump(1));
  return 0;
}

}  // namespace

Verb list_verb() {
  auto s = std::make_shared<ListState>();
  std::vector<std::string> names;
  for (const auto& table : tables()) names.push_back(table.first);
  return {"list",
          "the components that exist, one line each",
          "theriac list triggers",
          {{"TABLE", "one table only", &s->table, false, names},
           {"--json", "for programs", &s->json, false, {}}},
          [s] { return list(*s); },
          {},
          false,
          s};
}

}  // namespace theriac::cli
