#include "experiment/slurm_script.h"

#include <fmt/format.h>

#include <algorithm>

#include "theriac/core/text.h"

namespace theriac::experiment {

namespace {

constexpr int kSecondsToSave = 300;  // before the end of a task's time

// A value of an #SBATCH line; sbatch reads double quotes and backslashes there.
std::string sbatch_quoted(const std::string& value) {
  if (value.find_first_of(" \t\"'\\#") == std::string::npos) return value;
  std::string quoted = "\"";
  for (const char c : value) {
    if (c == '"' || c == '\\') quoted += '\\';
    quoted += c;
  }
  return quoted + "\"";
}

std::string one_line(std::string text) {
  std::replace(text.begin(), text.end(), '\n', ' ');
  return text;
}

// In file names of logs, sbatch replaces %A and its like.
std::string without_patterns(std::string path) {
  for (std::size_t i = 0; (i = path.find('%', i)) != std::string::npos; i += 2)
    path.insert(i, 1, '%');
  return path;
}

std::string header(const SlurmScripts& all, const SlurmArray& array) {
  const auto& o = all.options;
  std::string text;
  const auto line = [&](const std::string& option, const std::string& value) {
    if (!value.empty()) text += fmt::format("#SBATCH --{}={}\n", option, sbatch_quoted(value));
  };
  const auto number = [](int value) { return value > 0 ? std::to_string(value) : ""; };
  line("job-name", all.plan.name);
  line("partition", o.partition);
  line("nodes", "1");
  line("ntasks", "1");
  line("cpus-per-task", number(o.cpus));
  line("gres", o.gpus > 0 ? "gpu:" + std::to_string(o.gpus) : "");
  line("mem", o.memory);
  line("time", o.time);
  line("account", o.account);
  line("qos", o.qos);
  line("constraint", o.constraint);
  line("array", fmt::format("0-{}{}", array.stages.size() - 1,
                            o.throttle > 0 ? fmt::format("%{}", o.throttle) : ""));
  line("chdir", all.directory);
  line("output", without_patterns(all.logs) + "/%A_%a.log");
  text += "#SBATCH --open-mode=append\n#SBATCH --requeue\n#SBATCH --kill-on-invalid-dep=yes\n";
  line("signal", fmt::format("B:USR1@{}", kSecondsToSave));
  for (const auto& raw : o.raw) text += "#SBATCH " + raw + "\n";
  return text;
}

// Inside double quotes of the shell, with variables alive.
std::string shell_expanded(const std::string& text) {
  std::string result;
  for (const char c : text) {
    if (c == '"' || c == '`' || c == '\\') result += '\\';
    result += c;
  }
  return "\"" + result + "\"";
}

// A copy is renewed when what it was made from has another size or time.
constexpr const char* kNear = R"sh(
near() { # KEY SOURCE REST FOLDER: SOURCE in this node's FOLDER, copied by the first task that needs it
  local key=$1 source=$2 rest=$3 folder=$4 stamp
  stamp=$(stat -L -c '%n %s %Y' "$source" "$source${rest:+/$rest}" 2>/dev/null)
  if mkdir -p "$folder" && (
    flock 9
    [ "$(cat "$folder/.complete" 2>/dev/null)" != "$stamp" ] || exit 0
    rm -f "$folder/.complete"
    echo "copying $source to $folder"
    if command -v rsync >/dev/null; then rsync -aL --delete "$source" "$folder/"; else cp -rLu --preserve=timestamps "$source" "$folder/"; fi &&
      printf '%s' "$stamp" >"$folder/.complete"
  ) 9>"$folder/.lock"; then
    arguments+=(--local "$key=$folder/${source##*/}${rest:+/$rest}")
  else
    echo "$source could not be copied to $folder; it is read from where it is" >&2
  fi
}
)sh";

constexpr const char* kTask = R"sh(
# SLURM sends USR1 before the time is up, and TERM when it takes the node away: theriac saves and ends with code 75.
code=75
if [ -z "$told" ]; then
  "${theriac[@]}" --stage "$stage" "${arguments[@]}" &
  child=$!
  [ -z "$told" ] || kill -TERM "$child"
  while true; do # a trapped signal ends `wait` before the program has ended
    trapped=
    wait "$child"
    code=$?
    [ -n "$trapped" ] || break
  done
  if [ -n "$told" ] && [ "$code" = 143 ]; then code=75; fi # it had not begun
fi
if [ "$code" = 75 ] && [ "$(squeue --noheader --format=%T --jobs="$job" 2>/dev/null)" = RUNNING ]; then
  echo "interrupted and saved; back into the queue"
  scontrol requeue "$job" && sleep 60 # ended by the requeue
fi
exit "$code"
)sh";

}  // namespace

std::string slurm_script(const SlurmScripts& all, const SlurmArray& array) {
  const auto& o = all.options;
  std::string text = "#!/bin/bash\n" + header(all, array);
  text += fmt::format("# {}: {} stage(s){}\n", all.plan.name, array.stages.size(),
                      array.parent.empty() ? "" : ", when " + array.parent + " is done");
  text += "stages=(\n";
  for (const auto& id : array.stages)
    text += fmt::format("  {} # {}\n", id, one_line(all.plan.find(id)->label));
  text +=
      ")\nstage=${stages[$SLURM_ARRAY_TASK_ID]}\njob=${SLURM_ARRAY_JOB_ID}_$SLURM_ARRAY_TASK_ID\n";
  text += "theriac=(" + core::shell_quoted(all.program) + " run " + core::shell_quoted(o.file);
  for (const auto& assignment : o.sets) text += " --set " + core::shell_quoted(assignment);
  if (o.smoke) text += " --smoke";
  text += " --runs " + core::shell_quoted(o.runs.string());
  if (o.cpus > 0) text += fmt::format(" --threads {}", o.cpus);
  text += ")\narguments=()\n";
  text += "told= child= trapped=\n";
  text +=
      "trap 'told=1 trapped=1; [ -z \"$child\" ] || kill -TERM \"$child\" 2>/dev/null' USR1 TERM\n";
  text += "echo \"== job $job: $stage on $(hostname), start $((${SLURM_RESTART_COUNT:-0} + 1))\"\n";
  if (!o.set_up.empty()) {
    text += "set_up() {\n";
    for (std::size_t i = 0; i < o.set_up.size(); ++i)
      text += "  " + o.set_up[i] + (i + 1 < o.set_up.size() ? " &&\n" : "\n");
    text += "}\nset_up || { echo 'the set-up command failed' >&2; exit 1; }\n";
  }
  if (!all.copies.empty()) text += kNear;
  for (const auto& copy : all.copies)
    text += fmt::format("near {} {} {} {}\n", core::shell_quoted(copy.key),
                        core::shell_quoted(copy.source), core::shell_quoted(copy.rest),
                        shell_expanded(copy.folder));
  return text + kTask;
}

}  // namespace theriac::experiment
