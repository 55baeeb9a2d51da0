// What is done when a stage fails, or somebody removes its folder.
#include <fmt/format.h>
#include <sys/stat.h>

#include <algorithm>
#include <csignal>

#include "experiment/scheduler.h"
#include "theriac/core/error.h"
#include "theriac/core/files.h"
#include "theriac/core/interrupt.h"
#include "theriac/core/log.h"

namespace theriac::experiment {

namespace fs = std::filesystem;
using core::StageState;

namespace {

constexpr auto kBeforeAnew = std::chrono::seconds(1);

// The last lines of a log, for the reason of a crash.
std::string last_lines(const fs::path& file, int count) {
  if (!fs::exists(file)) return {};
  std::string text = core::read_file(file);
  while (!text.empty() && text.back() == '\n') text.pop_back();
  std::size_t begin = text.size();
  while (count-- > 0 && begin != std::string::npos && begin > 0)
    begin = text.rfind('\n', begin - 1);
  if (begin != std::string::npos && begin > 0) text = text.substr(begin + 1);
  std::replace(text.begin(), text.end(), '\n', '|');  // it stands in a line of others
  return text;
}

std::string crash_reason(int code, const fs::path& folder) {
  std::string reason;
  if (code == 128 + SIGKILL)
    reason =
        "killed (signal 9): most often the machine ran out of memory; try fewer --jobs or a "
        "smaller batch_size";
  else if (code > 128)
    reason = "ended by signal " + std::to_string(code - 128);
  else
    reason = "ended with code " + std::to_string(code);
  const std::string lines = last_lines(folder / "log.txt", 3);
  return lines.empty() ? reason : reason + "; its log ends: " + lines;
}

// A crash may have to do with the moment; what the user has to fix will not go away.
bool worth_a_retry(int code) { return code > 128 || code == static_cast<int>(Exit::kBug); }

}  // namespace

std::string folder_identity(const fs::path& folder) {
  struct stat info {};
  if (::stat(folder.c_str(), &info) != 0) return {};
  return fmt::format("{} {}", info.st_dev, info.st_ino);
}

// Somebody may delete the folder while its stages run: whatever they write from then on is of no
// use.
void Scheduler::need_folder(int looks) {
  if (fs::exists(experiment_ / "plan.json") && folder_identity(stages_) == stages_id_)
    folder_missing_ = 0;
  else if (++folder_missing_ >= looks)
    throw Error("run: " + experiment_.string() + " or " + stages_.string() +
                    " was removed while the run was going; its stages were stopped, and the same "
                    "command begins anew what is gone",
                Exit::kCannotWrite);
}

// While a claim is held, its file is gone only when somebody removed the stage's folder.
bool Scheduler::was_removed(std::size_t i) const { return !fs::exists(folder(i) / "claim"); }

// What the stage wrote while its folder was being emptied is not enough to go on from.
void Scheduler::empty_folder(std::size_t i) {
  if (!fs::exists(folder(i))) return;
  const auto claim = claims_.try_take(folder(i) / "claim");
  if (!claim) return;  // another runner has begun it anew
  for (const auto& entry : fs::directory_iterator(folder(i)))
    if (!entry.path().filename().string().starts_with("claim")) fs::remove_all(entry.path());
}

void Scheduler::begin_anew(std::size_t i) {
  need_folder(1);
  auto& item = items_[i];
  item.claim.reset();
  empty_folder(i);
  item.bytes = 0;
  const auto& label = plan_.file.stages[i].label;
  if (item.attempts <= options_.retries) {
    core::warn("{}: {} was removed while the stage ran; it begins anew", label, folder(i).string());
    item.state = Progress::kWaiting;
    item.not_before = Clock::now() + kBeforeAnew;
    return;
  }
  item.reason = fmt::format("{} was removed while the stage ran, {} times; find out by what",
                            folder(i).string(), item.attempts);
  item.code = static_cast<int>(Exit::kCannotWrite);
  item.state = Progress::kFailed;
  board_.failed(i, item.reason);
}

void Scheduler::failed(std::size_t i, int code) {
  need_folder(1);
  auto& item = items_[i];
  auto status = core::read_status(folder(i));
  item.code = code == 128 + SIGKILL ? static_cast<int>(Exit::kUser) : code;
  item.reason = status && status->state == StageState::kFailed ? status->error
                                                               : crash_reason(code, folder(i));
  if (status && status->state != StageState::kFailed) {
    status->state = StageState::kFailed;
    status->error = item.reason;
    core::write_file(folder(i) / "status.json", nlohmann::json(*status).dump(1) + "\n");
  }
  if (worth_a_retry(code) && item.attempts <= options_.retries && !core::stop_requested()) {
    const auto pause = options_.retry_pause * (1 << (item.attempts - 1));
    core::warn("{}: attempt {} of {} failed, the next one in {:.0f} s: {}",
               plan_.file.stages[i].label, item.attempts, options_.retries + 1, pause.count(),
               item.reason);
    item.state = Progress::kWaiting;
    item.not_before = Clock::now() + std::chrono::duration_cast<Clock::duration>(pause);
    return;
  }
  item.state = Progress::kFailed;
  board_.failed(i, item.reason);
}

}  // namespace theriac::experiment
