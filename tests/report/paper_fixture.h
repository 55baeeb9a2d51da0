#pragma once

#include <filesystem>
#include <fstream>
#include <map>
#include <nlohmann/json.hpp>
#include <sstream>
#include <string>
#include <vector>

#include "core/temporary.h"
#include "theriac/core/files.h"
#include "theriac/core/text.h"

namespace theriac::report {

// The authors' result files as they published them, from paper_results.csv.
class PaperFiles {
 public:
  PaperFiles() {
    std::istringstream in(core::read_file(std::filesystem::path(THERIAC_SOURCE_DIR) /
                                          "tests/report/paper_results.csv"));
    std::map<std::string, nlohmann::ordered_json> files;
    for (std::string line; std::getline(in, line);) {
      if (line.starts_with("#")) continue;
      const auto fields = core::split(line, ',');
      auto list = nlohmann::ordered_json::array();
      std::istringstream numbers(fields.at(3));
      long count = 0;
      for (long step = 0; numbers >> step;)
        list.push_back(static_cast<double>(count += step) / (fields[2] == "asr" ? 49950 : 50000));
      files[fields[0]][fields[1]].push_back(list);
    }
    for (const auto& [name, json] : files) paths.push_back(put(name, json.dump()));
  }

  std::filesystem::path put(const std::string& name, const std::string& bytes) const {
    std::ofstream(folder_ / name, std::ios::binary) << bytes;
    return folder_ / name;
  }

  std::filesystem::path out() const { return folder_ / "out"; }
  std::string text(const std::string& path) const { return core::read_file(out() / path); }

  std::vector<std::filesystem::path> paths;  // CC3M, CC6M

 private:
  theriac::testing::TemporaryFolder folder_;
};

// Fields of a CSV's lines that hold no quotes; with a header.
inline std::vector<std::vector<std::string>> csv_rows(const std::string& csv) {
  std::vector<std::vector<std::string>> rows;
  std::istringstream in(csv);
  std::string line;
  std::getline(in, line);
  while (std::getline(in, line)) rows.push_back(core::split(line, ','));
  return rows;
}

}  // namespace theriac::report
