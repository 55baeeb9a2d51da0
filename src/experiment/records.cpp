#include "experiment/records.h"

#include <nlohmann/json.hpp>

#include "theriac/core/files.h"

namespace theriac::experiment {

namespace {
std::vector<core::Record> existing(const std::filesystem::path& file) {
  if (!std::filesystem::exists(file)) return {};
  return core::read_records(file.string());
}
}  // namespace

Recorder::Recorder(std::filesystem::path file, const ExperimentConfig& config,
                   std::string protocol_id, evaluate::Session& session)
    : file_(std::move(file)),
      config_(config),
      protocol_id_(std::move(protocol_id)),
      session_(session),
      records_(existing(file_)) {}

bool Recorder::measured(const std::string& checkpoint_hash) const {
  for (const auto& record : records_)
    if (record.checkpoint == checkpoint_hash && record.protocol_id == protocol_id_) return true;
  return false;
}

bool Recorder::adopt(const std::filesystem::path& other, const std::string& checkpoint_hash) {
  std::vector<core::Record> rows;
  for (auto& record : existing(other))
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
  std::string lines;
  for (const auto& row : rows) {
    lines += (lines.empty() ? "" : "\n") + nlohmann::json(row).dump();
    records_.push_back(row);
  }
  if (rows.empty()) return;
  // One write for all rows of a checkpoint: a crash leaves all of them or none.
  core::LineFile file(file_);
  file.append(lines);
  file.sync();
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

}  // namespace theriac::experiment
