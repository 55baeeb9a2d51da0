#pragma once

#include <string>
#include <vector>

#include "report/paper_results.h"
#include "report/table.h"

namespace theriac::report {

// file,key,points,bound,accuracy,asr for bounds of 1, 5, 10 and 20 percent, in percent; the last
// two are empty where no measurement is within the bound.
std::string paper_best_csv(const PaperResults& results);

// Highest accuracy under each bound, "accuracy @ ASR" with the change against the start.
Table paper_main_table(const PaperResults& results);
// The ends of the trade-off: lowest ASR, highest accuracy, lowest ASR within a point of the start.
Table paper_extremes_table(const PaperResults& results);
Table paper_rates_table(const PaperResults& results);          // by learning rate (inferred)
Table paper_poisoned_table(const PaperResults& results);       // by poisoned pairs left in cleaning
std::vector<Table> paper_tables(const PaperResults& results);  // those of the above with rows

}  // namespace theriac::report
