// `theriac` as people call it. It needs the C++ library only, so that it can say what to install
// where the program proper, beside it in libexec/, cannot be loaded.
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

namespace fs = std::filesystem;

namespace {

constexpr int kUserError = 2;  // core::Exit::kUser

fs::path program() {
  const auto folder = fs::read_symlink("/proc/self/exe").parent_path();
  for (const char* place : {"libexec/theriac/theriac", "../libexec/theriac/theriac"})
    if (fs::exists(folder / place)) return folder / place;
  std::fprintf(stderr,
               "error: %s is only the launcher, and libexec/theriac/theriac is not beside it; copy "
               "both, or use cmake --install\n",
               (folder / "theriac").c_str());
  std::exit(kUserError);
}

// What the dynamic loader says about the program's libraries; nothing of it is run.
std::string loader_report(const fs::path& program) {
  int ends[2];
  if (pipe(ends) != 0) return {};
  const pid_t child = fork();
  if (child == 0) {
    dup2(ends[1], STDOUT_FILENO);
    setenv("LD_TRACE_LOADED_OBJECTS", "1", 1);
    execl(program.c_str(), "theriac", nullptr);
    _exit(127);
  }
  close(ends[1]);
  std::string text;
  char buffer[4096];
  for (ssize_t n; (n = read(ends[0], buffer, sizeof buffer)) > 0;)
    text.append(buffer, static_cast<std::size_t>(n));
  close(ends[0]);
  waitpid(child, nullptr, 0);
  return text;
}

std::vector<std::string> missing_libraries(std::string_view report) {
  std::vector<std::string> names;
  while (!report.empty()) {
    const auto line = report.substr(0, report.find('\n'));
    report.remove_prefix(std::min(report.size(), line.size() + 1));
    const auto end = line.find(" => not found"), start = line.find_first_not_of(" \t");
    if (end != std::string_view::npos) names.emplace_back(line.substr(start, end - start));
  }
  return names;
}

bool of_torch(std::string_view library) {
  return library.starts_with("libtorch") || library.starts_with("libc10");
}

int explain(const std::vector<std::string>& missing) {
  std::string names;
  bool torch = false, others = false;
  for (const auto& name : missing) {
    names += (names.empty() ? "" : ", ") + name;
    (of_torch(name) ? torch : others) = true;
  }
  std::fprintf(stderr, "error: theriac cannot start: not found: %s\n", names.c_str());
  if (torch)
    std::fprintf(stderr,
                 "  LibTorch was in %s when this was built. Install it there with "
                 "`scripts/setup.sh --torch-only`, or name the folder that holds it in "
                 "LD_LIBRARY_PATH.\n",
                 THERIAC_TORCH_LIBRARIES);
  if (others)
    std::fprintf(stderr,
                 "  Debian's packages hold the others: install them with `scripts/setup.sh "
                 "--packages-only`.\n");
  return kUserError;
}

// How long LibTorch's idle threads spin before they sleep. Its own default, a hundred times longer,
// gains nothing when the machine is quiet, and beside other programs whoever has no core spins away
// theirs: two trainings with two threads each on two cores took 22 to 66 s, with this 9 s.
void let_idle_threads_sleep() {
  if (!std::getenv("OMP_WAIT_POLICY")) setenv("GOMP_SPINCOUNT", "2000", 0);
}

}  // namespace

int main(int, char** argv) {
  const auto path = program();
  const auto missing = missing_libraries(loader_report(path));
  if (!missing.empty()) return explain(missing);
  let_idle_threads_sleep();
  execv(path.c_str(), argv);
  std::fprintf(stderr, "error: cannot start %s: %s\n", path.c_str(), std::strerror(errno));
  return kUserError;
}
