#include "theriac/data/labels.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <vector>

#include "data/csv_table.h"
#include "theriac/core/error.h"
#include "theriac/core/files.h"
#include "theriac/core/text.h"

namespace theriac::data {
namespace {

constexpr std::int64_t kMostClasses = 1'000'000;

std::size_t column_of(const CsvTable& table, const char* name, const std::string& where) {
  const auto& header = table.header();
  const auto found = std::ranges::find(header, name);
  if (found == header.end())
    throw Error(
        fmt::format("{} has no column \"{}\" (found: {}); its first line must name the "
                    "columns key and label",
                    where, name, core::join(header, ", ")));
  return static_cast<std::size_t>(found - header.begin());
}

}  // namespace

std::unordered_map<std::string, std::int64_t> read_labels(std::string_view tag,
                                                          const std::string& path) {
  const std::string where = fmt::format("{}: {}", tag, path);
  const std::string text = core::read_file(path);
  const CsvTable table(text, where, {});
  const auto key = column_of(table, "key", where), label = column_of(table, "label", where);
  std::unordered_map<std::string, std::int64_t> result;
  std::vector<std::string> fields;
  for (std::int64_t row = 0; row < table.size(); ++row) {
    table.read(row, fields);
    const auto refuse = [&](const std::string& why) {
      throw Error(fmt::format("{}:{}: {}", where, table.line(row), why));
    };
    if (fields.size() != table.header().size())
      refuse(fmt::format("{} fields, the first line has {}", fields.size(), table.header().size()));
    std::int64_t number = -1;
    const auto word = core::trim(fields[label]);
    const auto [end, error] = std::from_chars(word.data(), word.data() + word.size(), number);
    if (error != std::errc() || end != word.data() + word.size() || number < 0 ||
        number >= kMostClasses)
      refuse(fmt::format("the label is \"{}\", expected a class id: 0, 1, 2, ... below {}", word,
                         kMostClasses));
    const auto [known, is_new] = result.emplace(fields[key], number);
    if (!is_new && known->second != number)
      refuse(fmt::format("key \"{}\" has label {} here and {} before; keep one of them",
                         fields[key], number, known->second));
  }
  if (result.empty()) throw Error(where + " has no rows; write one `key,label` line per sample");
  return result;
}

}  // namespace theriac::data
