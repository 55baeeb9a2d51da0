#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "report/measurement.h"
#include "report/table.h"

namespace theriac::report {

// Entries made from numbers: what the page, terminal, Markdown and LaTeX show and what the CSV has
// come from one rounding.

// "–", or another word for what is not there; empty in the CSV.
Entry missing(const std::string& text = "–");
// Percent with one decimal, with its interval beside it; the CSV has value, low and high.
Entry rate_entry(double value, double low, double high);
Entry rate_entry(const Measurement* record);
Entry rate_entry(double value);           // without an interval
std::string signed_points(double value);  // "+1.2", "-0.3"; "+0.0" for what rounds to zero
// With a sign, and with its interval; the CSV has no plus.
Entry difference_entry(double value, double low, double high);
// Two numbers in one entry, in two columns of the CSV.
Entry pair_entry(const std::string& first, const std::string& between, const std::string& second);
Entry count_entry(std::size_t count);

// Columns of the CSV of a rate and its interval: accuracy, accuracy_low, accuracy_high.
std::vector<std::string> with_interval(const std::string& name);

}  // namespace theriac::report
