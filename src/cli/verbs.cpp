#include "cli/verb.h"

namespace theriac::cli {

std::vector<Verb> verbs() {
  std::vector<Verb> list;
  for (const auto make : {run_verb,     plan_verb,   submit_verb, cancel_verb,     status_verb,
                          report_verb,  data_verb,   poison_verb, evaluate_verb,   embed_verb,
                          analyse_verb, import_verb, export_verb, tokenize_verb,   config_verb,
                          list_verb,    bench_verb,  doctor_verb, completion_verb, worker_verb})
    list.push_back(make());
  return list;
}

}  // namespace theriac::cli
