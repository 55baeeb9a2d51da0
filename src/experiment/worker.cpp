// Commands and answers are lines: a stage's id on the worker's stdin, its exit code on descriptor
// kAnswers. What a stage prints goes to console.txt in its folder.
#include "experiment/worker.h"

#include <fcntl.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <chrono>
#include <csignal>
#include <cstring>
#include <iostream>
#include <thread>
#include <utility>
#include <vector>

#include "experiment/stage_cache.h"
#include "theriac/core/error.h"
#include "theriac/core/interrupt.h"
#include "theriac/core/log.h"
#include "theriac/experiment/stage_run.h"

namespace theriac::experiment {

namespace fs = std::filesystem;

namespace {

constexpr int kAnswers = 3;
constexpr auto kTimeToEnd = std::chrono::seconds(10);

[[noreturn]] void cannot_start() {
  throw Error(std::string("cannot start a process: ") + std::strerror(errno));
}

// A pair of connected ends that closes what is still its own.
class Ends {
 public:
  // A socket: writing to one whose other end is gone is an error, not a signal.
  Ends() {
    if (::socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends_.data()) != 0) cannot_start();
  }
  ~Ends() {
    for (const int end : ends_)
      if (end >= 0) ::close(end);
  }
  Ends(const Ends&) = delete;
  Ends& operator=(const Ends&) = delete;
  int child() const { return ends_[1]; }
  int release() { return std::exchange(ends_[0], -1); }

 private:
  std::array<int, 2> ends_{-1, -1};
};

int code_of(int status) { return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status); }

void print_to(const fs::path& console) {
  const int file = ::open(console.c_str(), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0644);
  if (file < 0) return;
  ::dup2(file, 1);
  ::dup2(file, 2);
  ::close(file);
}

}  // namespace

Worker::Worker(const fs::path& stages, const std::string& device, int threads) {
  std::vector<std::string> arguments{"theriac", "_worker",   stages.string(),        "--device",
                                     device,    "--threads", std::to_string(threads)};
  std::vector<char*> argv;
  for (auto& argument : arguments) argv.push_back(argument.data());
  argv.push_back(nullptr);
  Ends commands, answers;
  const pid_t parent = ::getpid();
  pid_ = ::fork();
  if (pid_ < 0) cannot_start();
  if (pid_ == 0) {
    ::setpgid(0, 0);  // Ctrl-C reaches the parent only, which passes it on once
    ::prctl(PR_SET_PDEATHSIG, SIGTERM);
    if (::getppid() != parent) ::_exit(1);
    const int input = ::fcntl(commands.child(), F_DUPFD, 10),
              output = ::fcntl(answers.child(), F_DUPFD, 10);
    if (::dup2(input, 0) < 0 || ::dup2(output, kAnswers) < 0) ::_exit(1);
    ::close(input);
    ::close(output);
    ::execv("/proc/self/exe", argv.data());
    ::_exit(127);
  }
  commands_ = commands.release();
  answers_ = answers.release();
  ::fcntl(answers_, F_SETFL, O_NONBLOCK);
}

Worker::~Worker() {
  ::close(commands_);
  ::close(answers_);
  if (ended_ || pid_ < 0) return;
  const auto end = std::chrono::steady_clock::now() + kTimeToEnd;
  while (!busy_ && std::chrono::steady_clock::now() < end) {
    if (::waitpid(pid_, nullptr, WNOHANG) == pid_) return;
    std::this_thread::sleep_for(std::chrono::milliseconds(5));
  }
  ::kill(pid_, SIGKILL);
  ::waitpid(pid_, nullptr, 0);
}

void Worker::start(const std::string& stage) {
  const std::string line = stage + "\n";
  // To a process that has just died it fails, and poll() tells.
  [[maybe_unused]] const auto sent = ::send(commands_, line.data(), line.size(), MSG_NOSIGNAL);
  busy_ = true;
}

void Worker::reap() {
  if (!ended_ && ::waitpid(pid_, &status_, WNOHANG) == pid_) ended_ = true;
}

bool Worker::alive() {
  reap();
  return !ended_ && !leaving_;
}

std::optional<int> Worker::read_answer() {
  char buffer[64];
  for (ssize_t n; (n = ::read(answers_, buffer, sizeof buffer)) > 0;)
    answer_.append(buffer, static_cast<std::size_t>(n));
  const auto end = answer_.find('\n');
  if (end == std::string::npos) return std::nullopt;
  const int code = std::atoi(answer_.c_str());
  answer_.erase(0, end + 1);
  return code;
}

std::optional<int> Worker::poll() {
  reap();
  auto code = read_answer();
  if (!code && ended_) {
    code = code_of(status_);
    if (code == 0) code = static_cast<int>(Exit::kBug);
  }
  if (code) busy_ = false;
  if (code == static_cast<int>(Exit::kInterrupted)) leaving_ = true;  // asked to stop, it stops
  return code;
}

void Worker::signal(int number) {
  if (!ended_) ::kill(pid_, number);
}

void serve(const fs::path& stages, const StageOptions& options) {
  ::signal(SIGPIPE, SIG_IGN);  // the parent's death is told by SIGTERM
  ::fcntl(kAnswers, F_SETFD, FD_CLOEXEC);
  StageCache cache;
  for (std::string id; !core::stop_requested() && std::getline(std::cin, id);) {
    print_to(stages / id / "console.txt");
    int code = 0;
    try {
      run_stage(stages, id, options, cache);
    } catch (const Error& error) {
      core::log(core::Level::kError, error.what());
      code = static_cast<int>(error.code());
    }  // anything else ends this process: what it holds is not to be trusted any more
    const std::string answer = std::to_string(code) + "\n";
    if (::write(kAnswers, answer.data(), answer.size()) < 0) return;
  }
}

}  // namespace theriac::experiment
