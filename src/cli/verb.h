#pragma once

#include <functional>
#include <memory>
#include <string>
#include <variant>
#include <vector>

namespace theriac::cli {

// One argument of a verb. Names with dashes are options ("--jobs,-j"), others are positional
// ("FILE").
struct Option {
  std::string name;
  std::string doc;
  std::variant<bool*, int*, double*, std::string*, std::vector<std::string>*> value;
  bool required = false;
  std::vector<std::string> choices;  // empty: anything
};

// One verb, or a group of verbs ("data show"). The parser, --help and the shell completions are
// made from this one listing. `run` returns the exit code; errors are thrown.
struct Verb {
  std::string name;
  std::string doc;      // one line
  std::string example;  // shown by --help
  std::vector<Option> options;
  std::function<int()> run;
  std::vector<Verb> children;
  bool hidden = false;
  std::shared_ptr<void> state;  // keeps what the options point to
};

Verb run_verb();
Verb worker_verb();  // hidden: stages in this process, started by `run`
Verb plan_verb();
Verb submit_verb();
Verb cancel_verb();
Verb status_verb();
Verb report_verb();
Verb data_verb();
Verb data_view_verb();    // `data view`
Verb data_export_verb();  // `data export`
Verb poison_verb();
Verb evaluate_verb();
Verb embed_verb();
Verb analyse_verb();
Verb export_verb();
Verb import_verb();
Verb tokenize_verb();
Verb config_verb();
Verb list_verb();
Verb bench_verb();
Verb doctor_verb();
Verb completion_verb();

// All verbs, in the order of --help.
std::vector<Verb> verbs();

}  // namespace theriac::cli
