#include "report/paper_results.h"

#include <fmt/format.h>

#include <algorithm>
#include <nlohmann/json.hpp>
#include <regex>
#include <set>

#include "theriac/core/error.h"
#include "theriac/core/files.h"

namespace theriac::report {

namespace {

namespace fs = std::filesystem;
using nlohmann::ordered_json;

constexpr const char* kExpected =
    "expected {\"KEY\": [[ASR, ...], [accuracy, ...]], ...} as in the authors' "
    "cleaning_plot_data_*.json";

ordered_json parse(const fs::path& path) {
  std::set<std::string> seen;
  const auto key_once = [&](int depth, ordered_json::parse_event_t event, ordered_json& value) {
    if (event == ordered_json::parse_event_t::key && depth == 1 &&
        !seen.insert(value.get<std::string>()).second)
      throw Error(fmt::format("paper: {}: the key '{}' is there twice; keep one of them",
                              path.string(), value.get<std::string>()));
    return true;
  };
  try {
    return ordered_json::parse(core::read_file(path), key_once);
  } catch (const ordered_json::parse_error& error) {
    throw Error(
        fmt::format("paper: {}: not JSON (byte {}); {}", path.string(), error.byte, kExpected));
  }
}

class KeyReader {
 public:
  KeyReader(const fs::path& file, const std::string& key)
      : where_(fmt::format("paper: {}: key '{}': ", file.string(), key)) {}

  std::vector<Rates> read(const ordered_json& lists) const {
    if (lists.is_array() && lists.empty()) return {};  // a setting without runs
    if (!lists.is_array() || lists.size() != 2 || !lists[0].is_array() || !lists[1].is_array())
      throw Error(where_ + "received " +
                  (lists.is_array() ? fmt::format("an array of {}", lists.size())
                                    : std::string("a value of type ") + lists.type_name()) +
                  "; " + kExpected);
    if (lists[0].size() != lists[1].size())
      throw Error(fmt::format(
          "{}{} ASR values but {} accuracies; each measurement has one of both, so the file is "
          "damaged: fetch it again",
          where_, lists[0].size(), lists[1].size()));
    std::vector<Rates> points;
    for (std::size_t i = 0; i < lists[0].size(); ++i)
      points.push_back({number(lists[1][i], "accuracy", i), number(lists[0][i], "ASR", i)});
    return points;
  }

 private:
  double number(const ordered_json& value, const char* what, std::size_t i) const {
    if (!value.is_number())
      throw Error(fmt::format("{}{} {} is of type {}; {}", where_, what, i + 1, value.type_name(),
                              kExpected));
    const double fraction = value.get<double>();
    if (!(fraction >= 0 && fraction <= 1))
      throw Error(
          fmt::format("{}{} {} is {:g}; expected a fraction from 0 to 1 (percent are divided "
                      "by 100 first)",
                      where_, what, i + 1, fraction));
    return 100 * fraction;
  }

  std::string where_;
};

std::string objective(const std::string& word) {
  return word == "mmcl_ssl" ? "MMCL+SSL" : word == "ssl" ? "SSL" : "MMCL";
}

// cleaning_poisoned_[cc6m_]PRETRAINING_[3000poison_]clean_CLEANING_lr_[cleaningdata_poison_5]
void read_key(PaperSeries& series) {
  static const std::regex form(
      "cleaning_poisoned_(?:(cc3m|cc6m)[^_]*_)?(mmcl_ssl|mmcl)_(?:\\d+poison_)?"
      "clean_(mmcl_ssl|mmcl|ssl)_lr_(?:cleaningdata_poison_(\\d{1,6}))?");
  std::smatch match;
  if (!std::regex_match(series.key, match, form)) return;
  const auto in_name = [&](const char* text) {
    return series.file.find(text) != std::string::npos;
  };
  const bool six = match[1].matched ? match[1] == "cc6m" : in_name("CC6M");
  series.data = six ? "CC6M" : "CC3M";
  if (in_name("200k")) series.data += ", 200k pairs";
  series.pretraining = objective(match[2]);
  series.cleaning = match[3] == "mmcl_ssl" ? "CleanCLIP" : objective(match[3]);
  if (match[4].matched) series.left = std::stoi(match[4]);
}

bool before(const Rates& a, const Rates& b) {
  return a.accuracy != b.accuracy ? a.accuracy < b.accuracy : a.attack < b.attack;
}

bool contains(const PaperSeries& whole, const PaperSeries& part) {
  auto a = whole.points, b = part.points;
  std::sort(a.begin(), a.end(), before);
  std::sort(b.begin(), b.end(), before);
  return !b.empty() && b.size() < a.size() &&
         std::includes(a.begin(), a.end(), b.begin(), b.end(), before);
}

// The authors gathered runs by the beginning of their names, so that "..._poison_1" also took those
// of "..._poison_10".
void flag_contaminated(PaperResults& results) {
  for (const auto& whole : results.series)
    for (const auto& part : results.series)
      if (&whole != &part && whole.file == part.file && part.key.starts_with(whole.key) &&
          contains(whole, part))
        results.notes.push_back(fmt::format(
            "{}: the {} measurements of {} contain all {} of {}: runs were gathered by the "
            "beginning of their names. The list is used as published; do not read it as one "
            "setting.",
            whole.file, whole.points.size(), whole.key, part.points.size(), part.key));
}

std::vector<std::string> names(const std::vector<fs::path>& files) {
  std::vector<std::string> result;
  for (const auto& file : files) {
    const auto same = [&](const fs::path& other) { return other.filename() == file.filename(); };
    result.push_back(std::count_if(files.begin(), files.end(), same) > 1
                         ? file.string()
                         : file.filename().string());
  }
  return result;
}

}  // namespace

PaperResults read_paper_results(const std::vector<fs::path>& files) {
  if (files.empty())
    throw Error(
        "paper: no files; name the authors' results, for example "
        "results_plots/cleaning_plot_data_CC6M_pretrained_3000.json of their repository");
  PaperResults results;
  std::set<fs::path> seen;
  const auto shown = names(files);
  for (std::size_t i = 0; i < files.size(); ++i) {
    if (!seen.insert(fs::weakly_canonical(files[i])).second)
      throw Error("paper: " + files[i].string() + " is given twice; name each file once");
    const auto json = parse(files[i]);
    if (!json.is_object())
      throw Error(fmt::format("paper: {}: received a value of type {}; {}", files[i].string(),
                              json.type_name(), kExpected));
    if (json.empty()) throw Error("paper: " + files[i].string() + ": holds no keys; " + kExpected);
    for (const auto& [key, lists] : json.items()) {
      PaperSeries series;
      series.file = shown[i];
      series.key = key;
      series.points = KeyReader(files[i], key).read(lists);
      read_key(series);
      if (!series.known())
        results.notes.push_back(series.file + ": " + key +
                                " names no pre-training and cleaning objective as the authors' "
                                "keys do; it is in best_under_bound.csv only.");
      results.series.push_back(std::move(series));
    }
  }
  flag_contaminated(results);
  return results;
}

}  // namespace theriac::report
