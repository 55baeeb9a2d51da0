#include <fmt/format.h>
#include <torch/types.h>

#include <cstdio>
#include <fstream>
#include <nlohmann/json.hpp>
#include <opencv2/core/version.hpp>
#include <thread>

#include "cli/verb.h"
#include "theriac/config/document.h"
#include "theriac/core/assets.h"
#include "theriac/core/build_info.h"
#include "theriac/core/error.h"
#include "theriac/core/files.h"
#include "theriac/data/source.h"
#include "theriac/text/augment.h"
#include "theriac/train/device.h"

namespace theriac::cli {

namespace {

namespace fs = std::filesystem;

struct DoctorState {
  std::string runs = ".";
  bool json = false;
};

enum class Health { kGood, kNote, kBad };

struct Finding {
  std::string name;
  Health health;
  std::string text, remedy;
};

std::string cpu_flags() {
  std::ifstream file("/proc/cpuinfo");
  for (std::string line; std::getline(file, line);)
    if (line.starts_with("flags")) return line + " ";
  return {};
}

Finding instruction_sets() {
  const std::string flags = cpu_flags();
  std::string found;
  for (const char* name : {"avx2", "avx512f", "avx512_bf16", "amx_bf16"})
    if (flags.find(std::string(" ") + name + " ") != std::string::npos)
      found += (found.empty() ? "" : " ") + std::string(name);
  const bool bf16 = found.find("bf16") != std::string::npos;
  return {"instruction sets", bf16 ? Health::kGood : Health::kNote, found.empty() ? "none" : found,
          bf16 ? ""
               : "without avx512_bf16 or amx_bf16, `precision: bf16` is slower than fp32 on this "
                 "CPU: use fp32"};
}

Finding cuda() {
  try {
    const auto device = train::resolve_device("cuda");
    return {"CUDA", Health::kGood, train::describe_device(device), ""};
  } catch (const Error& error) {
    return {"CUDA", Health::kNote, "not usable", error.what()};
  }
}

Finding emoji_font() {
  try {
    config::Choice<data::SourceConfig> choice(&data::table, "emoji");
    data::SourceContext context;
    context.section = "test";
    context.image_size = 32;
    config::read(config::Document::parse("{scenes: 64}", "doctor"), *choice.section());
    choice->build(context)->get(0);
    return {"emoji font", Health::kGood, "found", ""};
  } catch (const Error& error) {
    return {"emoji font", Health::kBad, "not usable", error.what()};
  }
}

Finding wordnet() {
  text::AugmentConfig config;
  config.synonyms = true;
  try {
    const text::Augmenter augmenter(config);
    return {"WordNet", Health::kGood, config.wordnet, ""};
  } catch (const Error& error) {
    return {"WordNet", Health::kNote, "not usable, needed for synonyms only", error.what()};
  }
}

Finding clip_assets() {
  std::string missing;
  for (const char* name :
       {"bpe_simple_vocab_16e6.txt.gz", "imagenet_classes.txt", "imagenet_prompts.txt"})
    if (!fs::is_regular_file(core::asset(name)))
      missing += (missing.empty() ? "no " : ", ") + std::string(name);
  const std::string folder = core::asset("").string();
  if (missing.empty()) return {"CLIP's assets", Health::kGood, folder, ""};
  return {"CLIP's assets", Health::kNote, missing + " in " + folder,
          "needed for tokenizer clip_bpe and ImageNet; run scripts/fetch_assets.sh"};
}

Finding disk(const std::string& folder) {
  const auto free = core::free_bytes(folder);
  const bool little = free < (std::uint64_t{2} << 30);
  return {"disk", little ? Health::kBad : Health::kGood, core::human_bytes(free) + " free for runs",
          little ? "a quickstart needs about 1 GiB; free some, or use --runs on another disk" : ""};
}

int doctor(const DoctorState& s) {
  const auto& build = core::build_info();
  std::vector<Finding> findings{
      {"theriac", Health::kGood,
       fmt::format("{} ({}{}), {}, {}", build.version,
                   build.commit.empty() ? "no commit" : build.commit,
                   build.dirty ? ", changed" : "", build.compiler, build.build_type),
       ""},
      {"libraries", Health::kGood, fmt::format("LibTorch {}, OpenCV {}", build.torch, CV_VERSION),
       ""},
      {"cores", Health::kGood, std::to_string(std::thread::hardware_concurrency()), ""},
      instruction_sets(),
      cuda(),
      emoji_font(),
      wordnet(),
      clip_assets(),
      disk(s.runs)};
  if (build.build_type == "Debug")
    findings[0] = {"theriac", Health::kNote, findings[0].text,
                   "a Debug build is slow; use the release preset"};
  const char* words[] = {"good", "note", "BAD"};
  bool bad = false;
  nlohmann::json out = nlohmann::json::array();
  for (const auto& finding : findings) {
    bad = bad || finding.health == Health::kBad;
    out.push_back({{"name", finding.name},
                   {"health", words[static_cast<int>(finding.health)]},
                   {"text", finding.text},
                   {"remedy", finding.remedy}});
    if (s.json) continue;
    fmt::print("{:<5} {:<17} {}\n", words[static_cast<int>(finding.health)], finding.name,
               finding.text);
    if (!finding.remedy.empty()) fmt::print("{:<24}{}\n", "", finding.remedy);
  }
  if (s.json) fmt::print("{}\n", out.dump(1));
  return bad ? static_cast<int>(Exit::kUser) : 0;
}

}  // namespace

Verb doctor_verb() {
  auto s = std::make_shared<DoctorState>();
  return {"doctor",
          "versions, devices, instruction sets, missing assets, each with what to do",
          "theriac doctor",
          {{"--runs", "folder where results would go", &s->runs, false, {}},
           {"--json", "for programs", &s->json, false, {}}},
          [s] { return doctor(*s); },
          {},
          false,
          s};
}

}  // namespace theriac::cli
