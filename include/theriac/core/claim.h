#pragma once

#include <chrono>
#include <filesystem>
#include <map>
#include <optional>
#include <string>

namespace theriac::core {

namespace fs = std::filesystem;

// The right to work on something, held by one process of any number of machines that share a file
// system: a file that its holder creates exclusively and whose counter it raises as a heartbeat.
// It needs neither locks of the file system nor clocks that agree. Movable; released when
// destroyed.
class Claim {
 public:
  Claim(Claim&&) noexcept;
  Claim& operator=(Claim&&) noexcept;
  ~Claim();
  // Raises the counter, at most every few seconds; call it often. False when another process took
  // the claim over because this one had been silent for too long: its work must stop.
  bool beat();

 private:
  friend class Claims;
  Claim(fs::path path, int descriptor, std::string head);
  void write();
  fs::path path_;
  int descriptor_;
  std::string head_;  // what comes before the counter
  std::uint64_t count_ = 0;
  std::chrono::steady_clock::time_point last_;
  int missing_ = 0;
};

// Takes claims, and takes over those whose holder is gone: a process of this machine that is no
// more, or any whose counter stood still for `patience` of this process's own clock.
class Claims {
 public:
  explicit Claims(std::chrono::milliseconds patience = std::chrono::seconds(90));
  // Nothing: someone else holds it. Error (Exit::kCannotWrite) where the folder cannot be written.
  std::optional<Claim> try_take(const fs::path& path);
  static std::string holder(const fs::path& path);  // "host H, pid N"; "" when nobody has it

 private:
  struct Seen {
    std::string content;
    std::chrono::steady_clock::time_point since;
  };
  bool silent(const fs::path& path, const std::string& content);
  std::chrono::milliseconds patience_;
  std::map<fs::path, Seen> seen_;
};

}  // namespace theriac::core
