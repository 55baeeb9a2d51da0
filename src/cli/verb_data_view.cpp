#include <fmt/format.h>

#include <cstdio>
#include <filesystem>
#include <map>
#include <nlohmann/json.hpp>

#include "cli/verb.h"
#include "theriac/core/error.h"
#include "theriac/core/files.h"
#include "theriac/core/log.h"
#include "theriac/data/image.h"
#include "theriac/loader/transform.h"
#include "theriac/loader/view.h"

namespace theriac::cli {

namespace {

namespace fs = std::filesystem;

struct ViewState {
  std::vector<std::string> images;
  std::string transform = "clip", out;
  int size = 224, seed = 1;
  bool json = false;
};

// Where each picture goes: named after it, never over another one.
std::vector<fs::path> targets(const ViewState& s) {
  std::map<fs::path, std::string> taken;
  std::vector<fs::path> result;
  for (const auto& image : s.images) {
    auto target = fs::path(s.out) / fs::path(image).stem();
    target += ".png";
    const auto [other, is_new] = taken.emplace(target, image);
    if (!is_new)
      throw Error(fmt::format("data view: {} and {} would both become {}; give them in two calls",
                              other->second, image, target.string()));
    result.push_back(target);
  }
  for (const auto& image : s.images)
    for (const auto& target : result) {
      std::error_code missing;
      if (fs::equivalent(image, target, missing))
        throw Error(fmt::format("data view: {} would be overwritten; choose another --out", image));
    }
  return result;
}

std::vector<loader::Step> steps_for(const ViewState& s, std::size_t index) {
  const auto* entry = loader::table().find(s.transform);
  if (!entry) return {};
  auto random = core::stream(static_cast<std::uint64_t>(s.seed), "data view", 0, index);
  return entry->make()->build()->draw({s.size, s.size}, random);
}

void print(const ViewState& s, const std::string& image, const fs::path& target,
           const std::vector<loader::Step>& steps) {
  if (s.json) {
    nlohmann::json row = {
        {"image", image}, {"out", target.string()}, {"steps", nlohmann::json::array()}};
    for (const auto& step : steps)
      row["steps"].push_back({{"name", step.operation->name}, {"values", step.values}});
    fmt::print("{}\n", row.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace));
    return;
  }
  fmt::print("{}", target.string());
  for (const auto& step : steps) {
    fmt::print("  {}", step.operation->name);
    for (const double value : step.values) fmt::print(" {:.4g}", value);
  }
  fmt::print("\n");
}

// False when the picture cannot be used.
bool write_view(const ViewState& s, std::size_t index, const fs::path& target) {
  const auto& image = s.images[index];
  std::string bytes;
  try {
    bytes = core::read_file(image);
  } catch (const Error& error) {
    core::warn("data view: {}", error.what());
    return false;
  }
  const auto decoded =
      data::decode({reinterpret_cast<const std::uint8_t*>(bytes.data()), bytes.size()});
  if (decoded.bad != data::Bad::kNone) {
    core::warn("data view: {}: {}{}", image, data::word(decoded.bad),
               decoded.detail.empty() ? "" : " (" + decoded.detail + ")");
    return false;
  }
  const auto geometry =
      s.transform == "squash" ? poison::Geometry::kSquash : poison::Geometry::kCrop;
  const auto steps = steps_for(s, index);
  const auto png =
      data::encode_png(loader::apply_steps(loader::fit(decoded.rgb, s.size, geometry), steps));
  core::write_file(target, {reinterpret_cast<const char*>(png.data()), png.size()});
  print(s, image, target, steps);
  return true;
}

int view(const ViewState& s) {
  if (s.size < 1 || s.size > 4096)
    throw Error(fmt::format("data view: --size is {}; expected 1 to 4096 pixels", s.size));
  const auto paths = targets(s);
  std::size_t bad = 0;
  for (std::size_t i = 0; i < paths.size(); ++i) bad += !write_view(s, i, paths[i]);
  if (bad == 0) return 0;
  core::warn("data view: {} of {} pictures cannot be used", bad, paths.size());
  return static_cast<int>(Exit::kUser);
}

}  // namespace

Verb data_view_verb() {
  auto s = std::make_shared<ViewState>();
  std::vector<std::string> transforms{"clip", "squash"};
  for (const auto& [name, doc] : loader::table().names()) transforms.push_back(name);
  return {"view",
          "what the model would see of pictures, one PNG each; exit 2 when one cannot be used",
          "theriac data view --transform autoaugment --size 224 --out views/ photo.jpg",
          {{"IMAGE", "JPEG, PNG, WebP or BMP files", &s->images, true, {}},
           {"--transform",
            "clip: shorter side to size, centre crop; squash: both sides; others: clip, then that "
            "second view",
            &s->transform, false, transforms},
           {"--size", "side of the model's input in pixels", &s->size, false, {}},
           {"--out", "folder for the PNGs", &s->out, true, {}},
           {"--seed", "of the random choices", &s->seed, false, {}},
           {"--json", "one line a picture: image, out, steps", &s->json, false, {}}},
          [s] { return view(*s); },
          {},
          false,
          s};
}

}  // namespace theriac::cli
