#pragma once

#include <cstdint>
#include <map>
#include <nlohmann/json_fwd.hpp>
#include <string>
#include <vector>

namespace theriac::core {

// One number that was measured, with all that is needed to compare it with another one. One row of
// records.jsonl. evaluate/ writes it, report/ reads it; nobody parses names.
struct Record {
  std::string metric;         // "zero_shot_top1", "attack_success", "target_rate_clean", ...
  double value = 0;           // in percent for rates
  double low = 0, high = 0;   // 95 % Wilson interval for rates; equal to value otherwise
  std::int64_t n = 0;         // images (or pairs) counted
  std::int64_t excluded = 0;  // images left out, for example those of the target class
  std::string data;           // "test", "validation", "held_out", ...
  std::string data_id;        // hash of the data's index
  std::string protocol;       // "exclude_target", "all", ""
  std::string protocol_id;    // hash of all settings of the evaluation
  std::string target;         // target class of the attack, or ""
  std::string trigger;        // trigger as compact JSON, or "" for clean images
  std::int64_t trigger_seed = 0;
  std::string prompts;     // name or hash of the prompt set
  std::string checkpoint;  // SHA-256 of the checkpoint's model.safetensors
  std::int64_t epoch = 0;  // 0 = before the stage's first step
  std::int64_t step = 0;
  std::string outcomes;  // per-image outcomes as base64 bit set, first image = bit 0; or ""
};

// Throws Error with the offending key when `json` is not a record.
void to_json(nlohmann::json& json, const Record& record);
void from_json(const nlohmann::json& json, Record& record);

// What a records.jsonl holds; a line that is no record stands in `damage`.
struct RecordFile {
  struct Damage {
    std::size_t line = 0;  // from 1
    std::string reason, text;
    std::size_t before = 0;  // index of the first record after it
  };
  std::string path;
  std::vector<Record> records;
  std::vector<Damage> damage;

  // "PATH:2: not JSON (and 3 more lines)"; "" when nothing is damaged.
  std::string damage_text() const;
};
// A last line without its end is ignored while somebody may be writing it, damage otherwise.
enum class LastLine { kMayBeWritten, kIsWhole };
RecordFile read_records(const std::string& path,
                        LastLine last = LastLine::kMayBeWritten);  // Error when it cannot be read

struct Interval {
  double low, high;
};
// 95 % Wilson score interval of successes / n, as fractions. n = 0 gives [0, 1].
Interval wilson(std::int64_t successes, std::int64_t n);

}  // namespace theriac::core
