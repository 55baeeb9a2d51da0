#include <fmt/format.h>

#include <nlohmann/json.hpp>

#include "theriac/config/document.h"
#include "theriac/core/error.h"
#include "theriac/core/hash.h"
#include "theriac/core/text.h"
#include "theriac/poison/plan.h"

namespace theriac::poison {
namespace {

constexpr int kVersion = 1;

// Bytes that are not UTF-8 (keys may be file names) become U+FFFD; JSON cannot hold them.
std::string utf8(const std::string& text) {
  if (core::valid_utf8(text)) return text;
  using Json = nlohmann::json;
  return Json::parse(Json(text).dump(-1, ' ', false, Json::error_handler_t::replace));
}

// Everything but version and id; the id is the hash of this text.
nlohmann::json content(const Plan& plan) {
  auto samples = nlohmann::json::array();
  for (const auto& sample : plan.samples) {
    samples.push_back({{"index", sample.index},
                       {"key", utf8(sample.key)},
                       {"original_caption", utf8(sample.original_caption)},
                       {"caption", utf8(sample.caption)},
                       {"trigger_seed", sample.trigger_seed}});
  }
  return {{"target", utf8(plan.target)},
          {"seed", plan.seed},
          {"data_id", plan.data_id},
          {"trigger", nlohmann::json::parse(plan.trigger_json)},
          {"geometry", plan.geometry == Geometry::kCrop ? "crop" : "squash"},
          {"samples", std::move(samples)}};
}

std::string hash(const nlohmann::json& content) {
  return core::sha256(content.dump()).substr(0, 16);
}

[[noreturn]] void fail(const std::string& what) {
  throw Error("poison manifest: " + what +
              "; remove the poison stage's folder and run again to make a new plan");
}

Plan read(const nlohmann::json& json) {
  Plan plan{.target = json.at("target").get<std::string>(),
            .seed = json.at("seed").get<std::uint64_t>(),
            .data_id = json.at("data_id").get<std::string>(),
            .trigger_json = json.at("trigger").dump(),
            .geometry = Geometry::kCrop,
            .samples = {}};
  const auto geometry = json.at("geometry").get<std::string>();
  if (geometry != "crop" && geometry != "squash")
    fail(fmt::format("geometry is '{}', expected crop or squash", geometry));
  if (geometry == "squash") plan.geometry = Geometry::kSquash;
  for (const auto& item : json.at("samples")) {
    plan.samples.push_back({.index = item.at("index").get<std::int64_t>(),
                            .key = item.at("key").get<std::string>(),
                            .original_caption = item.at("original_caption").get<std::string>(),
                            .caption = item.at("caption").get<std::string>(),
                            .trigger_seed = item.at("trigger_seed").get<std::uint64_t>()});
    if (plan.samples.size() > 1 && plan.samples.rbegin()[1].index >= plan.samples.back().index)
      fail("samples are not sorted by index");
  }
  return plan;
}

}  // namespace

std::string Plan::id() const { return hash(content(*this)); }

nlohmann::json to_json(const Plan& plan) {
  auto json = content(plan);
  json["id"] = hash(json);
  json["version"] = kVersion;
  return json;
}

Plan plan_from_json(const nlohmann::json& json) {
  if (!json.is_object() || !json.contains("version"))
    fail("not a manifest (no version; expected an object with version, id, target, samples, ...)");
  if (json["version"] != kVersion)
    fail(fmt::format("version {} of another theriac, this one reads version {}",
                     json["version"].dump(), kVersion));
  Plan plan;
  try {
    plan = read(json);
    const auto id = json.at("id").get<std::string>();
    if (id != plan.id())
      fail(
          fmt::format("its content has the id {}, but it says {}: it was changed by hand or "
                      "damaged",
                      plan.id(), id));
  } catch (const nlohmann::json::exception& error) {
    fail(fmt::format("a field is missing or has another type ({})", error.what()));
  }
  return plan;
}

std::string trigger_json(const config::Choice<TriggerConfig>& trigger) {
  auto json = config::to_json(*trigger.section());
  json["type"] = trigger.type;
  if (const auto content = trigger->content(); !content.empty()) json["content"] = content;
  return json.dump();
}

std::unique_ptr<Trigger> trigger_from_json(const std::string& json) {
  auto document = config::Document::parse(json, "trigger of the poison manifest");
  const auto type = document.at("type").empty() ? "" : document.take("type").scalar();
  const auto* entry = table().find(type);
  if (!entry) throw Error(fmt::format("poison: this theriac knows no trigger '{}'", type));
  const auto config = entry->make();
  const auto expected = document.at("content").empty() ? "" : document.take("content").scalar();
  config::read(document, *config);
  if (const auto content = config->content(); content != expected) {
    throw Error(fmt::format(
        "poison: what the trigger '{}' is made of has changed since it was saved: its "
        "content was {}, it is {} now; put the file back that its settings name",
        type, expected.empty() ? "nothing" : expected, content.empty() ? "nothing" : content));
  }
  return config->build();
}

}  // namespace theriac::poison
