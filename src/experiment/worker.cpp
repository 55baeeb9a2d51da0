// Commands and answers are lines: a stage's id on the worker's stdin, its exit code on descriptor
// kAnswers. What a stage prints goes to console.txt in its folder.
#include "experiment/worker.h"

#include <fcntl.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <chrono>
#include <csignal>
#include <cstring>
#include <iostream>
#include <thread>
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

std::array<int, 2> make_pipe() {
  std::array<int, 2> ends{};
  if (::pipe2(ends.data(), O_CLOEXEC) != 0)
    throw Error(std::string("cannot start a process: ") + std::strerror(errno));
  return ends;
}

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
  const auto in = make_pipe(), out = make_pipe();
  const pid_t parent = ::getpid();
  pid_ = ::fork();
  if (pid_ == 0) {
    ::setpgid(0, 0);  // Ctrl-C reaches the parent only, which passes it on once
    ::prctl(PR_SET_PDEATHSIG, SIGTERM);
    if (::getppid() != parent) ::_exit(1);
    const int input = ::fcntl(in[0], F_DUPFD, 10), output = ::fcntl(out[1], F_DUPFD, 10);
    ::dup2(input, 0);
    ::dup2(output, kAnswers);
    ::close(input);
    ::close(output);
    ::execv("/proc/self/exe", argv.data());
    ::_exit(127);
  }
  ::close(in[0]);
  ::close(out[1]);
  commands_ = in[1];
  answers_ = out[0];
  ::fcntl(answers_, F_SETFL, O_NONBLOCK);
  if (pid_ < 0) throw Error(std::string("cannot start a process: ") + std::strerror(errno));
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
  [[maybe_unused]] const auto written = ::write(commands_, line.data(), line.size());
  busy_ = true;
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
  int status = 0;
  if (!ended_ && ::waitpid(pid_, &status, WNOHANG) == pid_) ended_ = true;
  auto code = read_answer();
  if (!code && ended_) code = code_of(status);
  if (code) busy_ = false;
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
