#include "experiment/records.h"

#include <algorithm>
#include <nlohmann/json.hpp>
#include <string_view>

#include "theriac/core/files.h"
#include "theriac/core/log.h"
#include "theriac/core/run.h"

namespace theriac::experiment {

namespace {
// Nobody writes it meanwhile.
core::RecordFile existing(const std::filesystem::path& file) {
  if (!std::filesystem::exists(file)) return {};
  return core::read_records(file.string(), core::LastLine::kIsWhole);
}

// Rows of one checkpoint stand together: a damaged line belongs to one of its neighbours, or to a
// checkpoint of which nothing is left.
std::set<std::string> in_doubt(const core::RecordFile& file) {
  std::set<std::string> hashes;
  for (const auto& damage : file.damage) {
    if (damage.before > 0) hashes.insert(file.records[damage.before - 1].checkpoint);
    if (damage.before < file.records.size()) hashes.insert(file.records[damage.before].checkpoint);
  }
  return hashes;
}

std::string as_lines(const std::vector<core::Record>& rows) {
  std::string lines;
  for (const auto& row : rows) lines += nlohmann::json(row).dump() + "\n";
  return lines;
}
}  // namespace

Recorder::Recorder(std::filesystem::path file, const ExperimentConfig& config,
                   std::string protocol_id, evaluate::Session& session)
    : file_(std::move(file)),
      config_(config),
      protocol_id_(std::move(protocol_id)),
      session_(session) {
  auto found = existing(file_);
  doubtful_ = in_doubt(found);
  records_ = std::move(found.records);
  damage_ = std::move(found.damage);
}

bool Recorder::measured(const std::string& checkpoint_hash) const {
  if (doubtful_.contains(checkpoint_hash)) return false;
  for (const auto& record : records_)
    if (record.checkpoint == checkpoint_hash && record.protocol_id == protocol_id_) return true;
  return false;
}

bool Recorder::adopt(const std::filesystem::path& other, const std::string& checkpoint_hash) {
  std::vector<core::Record> rows;
  auto theirs = existing(other);
  if (in_doubt(theirs).contains(checkpoint_hash)) return false;
  for (auto& record : theirs.records)
    if (record.checkpoint == checkpoint_hash && record.protocol_id == protocol_id_ &&
        !record.metric.starts_with("removed_")) {  // that is of the other stage's data
      record.epoch = record.step = 0;
      rows.push_back(std::move(record));
    }
  append(rows);
  return !rows.empty();
}

Recorder::Newest Recorder::measure(std::shared_ptr<model::Clip> model,
                                   std::shared_ptr<const text::Tokenizer> tokenizer,
                                   const std::string& checkpoint_hash, std::int64_t epoch,
                                   std::int64_t step, std::vector<core::Record> more) {
  session_.set_model(std::move(model), std::move(tokenizer), checkpoint_hash, epoch, step);
  auto rows = evaluate::evaluate(config_.evaluate, session_);
  for (auto& row : more) {
    row.checkpoint = checkpoint_hash;
    row.epoch = epoch;
    row.step = step;
    rows.push_back(std::move(row));
  }
  for (auto& row : rows) row.protocol_id = protocol_id_;
  append(rows);
  return newest();
}

void Recorder::append(const std::vector<core::Record>& rows) {
  if (rows.empty()) return;
  // In the file the earlier rows stay until mend(): a crash in between loses nothing.
  if (doubtful_.erase(rows.front().checkpoint) > 0)
    std::erase_if(records_, [&](const core::Record& r) {
      return r.checkpoint == rows.front().checkpoint && r.protocol_id == protocol_id_;
    });
  records_.insert(records_.end(), rows.begin(), rows.end());
  const std::string lines = as_lines(rows);
  // One write for all rows of a checkpoint: a crash leaves all of them or none.
  core::LineFile file(file_);
  file.append(std::string_view(lines).substr(0, lines.size() - 1));
  file.sync();
}

void Recorder::mend() {
  if (damage_.empty()) return;
  std::stable_sort(records_.begin(), records_.end(),
                   [](const auto& a, const auto& b) { return a.epoch < b.epoch; });
  {
    core::LineFile aside(file_.parent_path() / "records.damaged.txt");
    for (const auto& damage : damage_) aside.append(damage.text);
    aside.sync();
  }
  core::write_file(file_, as_lines(records_));
  core::info("{}: {} damaged line(s) put aside, into records.damaged.txt", file_.string(),
             damage_.size());
  damage_.clear();
  doubtful_.clear();
}

std::string Recorder::selection_data() const {
  return config_.selection == Selection::kValidation && config_.data.validation ? "validation"
                                                                                : "test";
}

std::optional<std::int64_t> Recorder::best_epoch(double bound) const {
  struct Rates {
    double accuracy = -1, attack = 101;
  };
  std::map<std::int64_t, Rates> epochs;
  const std::string data = selection_data();
  for (const auto& record : records_) {
    if (record.data != data || record.protocol_id != protocol_id_ || record.epoch == 0) continue;
    if (record.metric == "zero_shot_top1") epochs[record.epoch].accuracy = record.value;
    if (record.metric == "attack_success") epochs[record.epoch].attack = record.value;
  }
  std::optional<std::int64_t> best;
  for (const auto& [epoch, rates] : epochs)
    if (rates.attack <= bound && (!best || rates.accuracy > epochs[*best].accuracy)) best = epoch;
  return best;
}

void Recorder::Newest::show_in(core::StageStatus& status) const {
  status.accuracy = accuracy;
  status.attack_success = attack_success;
  status.measured_on = data;
}

Recorder::Newest Recorder::newest() const {
  const std::string data = selection_data();
  Newest result;
  result.data = data;
  for (const auto& record : records_) {
    if (record.data != data || record.protocol_id != protocol_id_) continue;
    if (record.metric == "zero_shot_top1") result.accuracy = record.value;
    if (record.metric == "attack_success") result.attack_success = record.value;
  }
  return result;
}

bool is_finished(const std::filesystem::path& stage_folder, const std::string& evaluation) {
  return core::is_finished(stage_folder, evaluation) &&
         existing(stage_folder / "records.jsonl").damage.empty();
}

void warn_of_damage(const std::filesystem::path& stage_folder) {
  const auto file = existing(stage_folder / "records.jsonl");
  if (!file.damage.empty())
    core::warn(
        "{}; the epochs that it may belong to are measured again where their checkpoints are still "
        "there, the other lines are kept",
        file.damage_text());
}

}  // namespace theriac::experiment
