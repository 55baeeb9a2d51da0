#pragma once

#include <filesystem>
#include <set>
#include <string>
#include <vector>

#include "theriac/core/record.h"
#include "theriac/core/run.h"
#include "theriac/evaluate/session.h"
#include "theriac/experiment/config.h"

namespace theriac::experiment {

// A stage's records.jsonl: measures checkpoints and appends what is not there yet. Records are
// keyed by checkpoint and protocol, so nothing is measured twice and a changed protocol measures
// anew.
//
// Damaged lines: the checkpoints whose rows stand beside one are in doubt and count as not
// measured; mend() puts the damaged lines aside once what is still there was measured again.
class Recorder {
 public:
  Recorder(std::filesystem::path file, const ExperimentConfig& config, std::string protocol_id,
           evaluate::Session& session);
  bool measured(const std::string& checkpoint_hash) const;
  // Rates for status and progress lines, percent; from the newest measurement.
  struct Newest {
    std::optional<double> accuracy, attack_success;
    std::string data;  // that they were measured on
    void show_in(core::StageStatus& status) const;
  };
  // `more`: further rows of this checkpoint, whose checkpoint, epoch and step are filled in.
  Newest measure(std::shared_ptr<model::Clip> model,
                 std::shared_ptr<const text::Tokenizer> tokenizer,
                 const std::string& checkpoint_hash, std::int64_t epoch, std::int64_t step,
                 std::vector<core::Record> more);
  // Takes over what another stage measured of the same checkpoint, as epoch 0 of this one; false
  // when it measured nothing of it by this protocol.
  bool adopt(const std::filesystem::path& other, const std::string& checkpoint_hash);
  Newest newest() const;
  // Writes the file anew without its damaged lines, which go to records.damaged.txt. Rows of what
  // was measured again are replaced, all others stay.
  void mend();
  // Of the data that choices are made on: the epoch with the highest accuracy at an attack success
  // of at most `bound` percent, the first of equal ones; nothing when there is none.
  std::optional<std::int64_t> best_epoch(double bound) const;

 private:
  void append(const std::vector<core::Record>& rows);
  std::string selection_data() const;

  std::filesystem::path file_;
  const ExperimentConfig& config_;
  std::string protocol_id_;
  evaluate::Session& session_;
  std::vector<core::Record> records_;
  std::vector<core::RecordFile::Damage> damage_;
  std::set<std::string> doubtful_;  // hashes of checkpoints
};

// Whether nothing is left to do: done by this evaluation, and records.jsonl is sound.
bool is_finished(const std::filesystem::path& stage_folder, const std::string& evaluation);

// Says which lines of the stage's records.jsonl are damaged, and what happens.
void warn_of_damage(const std::filesystem::path& stage_folder);

}  // namespace theriac::experiment
