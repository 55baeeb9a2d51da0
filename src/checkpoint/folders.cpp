#include <fmt/core.h>

#include <algorithm>
#include <charconv>
#include <tuple>

#include "checkpoint/state_file.h"
#include "theriac/checkpoint/checkpoint.h"
#include "theriac/core/log.h"

namespace theriac::checkpoint {
namespace {

namespace fs = std::filesystem;

constexpr std::string_view kEpoch = "epoch-", kStep = "step-";

std::optional<std::int64_t> number_after(std::string_view prefix, const std::string& name) {
  if (!name.starts_with(prefix)) return std::nullopt;
  std::int64_t number = 0;
  const char* end = name.data() + name.size();
  const auto [stop, error] = std::from_chars(name.data() + prefix.size(), end, number);
  if (error != std::errc() || stop != end) return std::nullopt;
  return number;
}

void set_aside(const fs::path& folder, const std::string& why) {
  fs::path target = folder;
  target += ".bad";
  std::error_code error;
  fs::remove_all(target, error);
  fs::rename(folder, target, error);
  core::warn("{}; {}", why,
             error ? "skipped: cannot rename it to *.bad, " + error.message()
                   : "renamed to " + target.filename().string() + ", using the one before it");
}

void verify(const fs::path& folder, const StateFile& state) {
  for (const auto& [name, hash] : state.sha256) read_verified(folder, name.c_str(), state);
}

}  // namespace

fs::path epoch_folder(const fs::path& checkpoints, std::int64_t epoch) {
  return checkpoints / fmt::format("{}{:04}", kEpoch, epoch);
}

fs::path step_folder(const fs::path& checkpoints, std::int64_t step) {
  return checkpoints / fmt::format("{}{:08}", kStep, step);
}

std::vector<fs::path> epochs(const fs::path& checkpoints) {
  std::vector<std::pair<std::int64_t, fs::path>> found;
  std::error_code none;
  for (const auto& entry : fs::directory_iterator(checkpoints, none))
    if (const auto epoch = number_after(kEpoch, entry.path().filename().string()))
      found.emplace_back(*epoch, entry.path());
  std::sort(found.begin(), found.end());
  std::vector<fs::path> result;
  for (auto& item : found) result.push_back(std::move(item.second));
  return result;
}

std::optional<fs::path> newest(const fs::path& checkpoints) {
  struct Candidate {
    StateFile file;
    fs::path folder;
    auto order() const { return std::tie(file.state.epoch, file.state.step); }
  };
  std::vector<Candidate> candidates;
  std::vector<fs::path> folders;
  std::error_code none;
  for (const auto& entry : fs::directory_iterator(checkpoints, none)) {
    const auto name = entry.path().filename().string();
    if (number_after(kEpoch, name) || number_after(kStep, name)) folders.push_back(entry.path());
  }
  std::sort(folders.begin(), folders.end());
  for (const auto& folder : folders) {
    try {
      candidates.push_back({read_state(folder), folder});
    } catch (const OtherVersion&) {
      throw;
    } catch (const Error& error) {
      set_aside(folder, error.what());
    }
  }
  std::stable_sort(candidates.begin(), candidates.end(),
                   [](const auto& a, const auto& b) { return a.order() > b.order(); });
  for (const auto& [file, folder] : candidates) {
    try {
      verify(folder, file);
      return folder;
    } catch (const Error& error) {
      set_aside(folder, error.what());
    }
  }
  return std::nullopt;
}

}  // namespace theriac::checkpoint
