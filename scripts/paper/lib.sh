# Shared by the scripts of the paper's tables and figures; sourced, not run. Each sets what it shows and calls `reproduce`:
#   experiments  names of files of configs/paper
#   shows        files of the report that are the paper's table or figure, below figures/ and tables/, without their ending;
#                with several experiments those below together/ are of all of them
#   published    the authors' result files that hold the same measurements (default: none)
#   toy_options  more options of `theriac run` with --smoke (default: none)
. "$(dirname "${BASH_SOURCE[0]}")/../lib.sh"
. "$(dirname "${BASH_SOURCE[0]}")/toy.sh"
published=() toy_options=()

# show_help: the comment at the script's top, and what all of them have in common
show_help() {
  usage
  cat <<'TEXT'

  --smoke          at the size of a toy, on pictures that Theriac draws itself: minutes on a CPU, numbers without meaning
  --runs DIR       where results go (default runs; with --smoke runs/smoke, which also keeps the data)
  --build DIR      the build whose theriac is used (default build/release)
TEXT
  if [ ${#published[@]} -gt 0 ]; then
    printf '  --published FILE...\n                   also the report of what the authors measured, %s\n' "${published[*]}"
  fi
  cat <<'TEXT'
  -- OPTION...     options of theriac run, such as --set data.train.path=FILE or --jobs 0

Data is expected as docs/data.md says; models that another script made are taken from there. Exit code 5: a number of the
paper was missed by more than its tolerance.
TEXT
}

# reproduce ARGUMENT...: runs the experiments, reports, and says where the paper's table or figure is
reproduce() {
  local smoke='' runs='' name files=() code=0 out
  theriac=$root/build/release/theriac
  while [ $# -gt 0 ]; do
    case $1 in
      --smoke) smoke=-smoke ;;
      --runs | --build)
        [ $# -gt 1 ] || fail "$1 needs a folder (see --help)"
        if [ "$1" = --runs ]; then runs=$2; else theriac=$2/theriac; fi
        shift
        ;;
      --published)
        while [ $# -gt 1 ] && [[ $2 != -* ]]; do files+=("$2"); shift; done
        [ ${#files[@]} -gt 0 ] || fail "--published needs files of the authors, cleaning_plot_data_*.json (see --help)"
        ;;
      -h | --help) show_help; exit 0 ;;
      --) shift; break ;;
      *) fail "unknown argument $1 (see --help); options of theriac run follow --" ;;
    esac
    shift
  done
  [ -x "$theriac" ] || fail "$theriac is missing; build it first, or name the folder it is in with --build"
  check_published "${files[@]}"
  if [ -z "$runs" ]; then runs=runs${smoke:+/smoke}; fi
  mkdir -p "$runs" 2>/dev/null && [ -w "$runs" ] || fail "cannot write to $runs; name another folder with --runs"
  out=$runs/paper/$(basename "$0" .sh)

  if [ -n "$smoke" ]; then toy=$runs/toy; toy_data; fi
  for name in "${experiments[@]}"; do run_experiment "$name" "$@"; done
  report_experiments || code=$?
  [ "$code" = 0 ] || [ "$code" = 5 ] || exit "$code"
  if [ ${#files[@]} -gt 0 ]; then "$theriac" report --paper "${files[@]}" --out "$out/published"; fi
  show
  exit "$code"
}

# check_published FILE...: they can belong to this script
check_published() {
  local file name
  [ $# -gt 0 ] || return 0
  [ ${#published[@]} -gt 0 ] || fail 'the authors published no measurements of this; leave out --published'
  for file; do
    [ -f "$file" ] || fail "--published: $file is missing; it is in results_plots/ of the authors' repository"
    for name in "${published[@]}"; do if [ "$(basename "$file")" = "$name" ]; then return 0; fi; done
  done
  fail "--published: expected ${published[*]}, received $(basename -a "$@" | paste -sd ' ')"
}

# What follows reads `smoke` (the end of a name, or nothing), `runs` and `out` of `reproduce`.

# run_experiment NAME OPTION...
run_experiment() {
  local file=$root/configs/paper/$1.yaml code=0
  say "== $1$smoke"
  shift
  if [ -n "$smoke" ]; then
    toy_settings "$file"
    arguments_of "${settings[@]}"
    quietly "$runs/$(basename "$file" .yaml).log" "$theriac" run "$file" --smoke --runs "$runs" "${arguments[@]}" "${toy_options[@]}" "$@"
    return
  fi
  "$theriac" run "$file" --runs "$runs" "$@" || code=$?
  [ "$code" != 2 ] || say "${0##*/}: settings or data are wrong; docs/data.md says where data is expected, -- --set data.train.path=FILE names another place"
  [ "$code" = 0 ] || { say "${0##*/}: theriac run $file ended with exit code $code; the same command goes on"; exit "$code"; }
}

# report_experiments: each one's report, that of all of them together where there are several, and the check against the paper
report_experiments() {
  local name folders=() together=()
  for name in "${experiments[@]}"; do folders+=("$runs/$name$smoke"); done
  [ ${#folders[@]} = 1 ] || together=(--out "$out/together")
  "$theriac" report "${folders[@]}" "${together[@]}" --check
}

# show: where the table or figure is; each of `shows` must be there
show() {
  local name what path
  for what in "${shows[@]}"; do
    for name in "${experiments[@]}"; do
      path=$runs/$name$smoke/report/$what
      if [[ $what = together/* ]]; then path=$out/$what; fi
      case $what in *figures/*) path+=.svg ;; *) path+=.md ;; esac
      [ -s "$path" ] || fail "the report has no $path; is the experiment finished?"
      echo "$path"
      [[ $what != together/* ]] || break
    done
  done
  if [ -d "$out/published" ]; then echo "$out/published/index.html"; fi
}
