#include <algorithm>

#include "report/escape.h"
#include "report/files.h"
#include "report/table.h"

namespace theriac::report {

namespace {

std::string markdown_cell(const std::string& text) {
  std::string out;
  for (const char c : text) {
    if (c == '|' || c == '\\' || c == '*' || c == '_' || c == '<' || c == '`') out += '\\';
    out += c == '\n' ? ' ' : c;
  }
  return out;
}

}  // namespace

std::string to_markdown(const Table& table) {
  std::string out = "**" + markdown_cell(table.title) + "**\n\n|", rule = "|";
  for (const auto& column : table.columns) {
    out += " " + markdown_cell(column.title) + " |";
    rule += column.number ? "---:|" : "---|";
  }
  out += "\n" + rule + "\n";
  for (const auto& row : table.rows) {
    out += "|";
    for (const auto& entry : row)
      out += " " + markdown_cell(entry.text) +
             (entry.small.empty() ? "" : " " + markdown_cell(entry.small)) + " |";
    out += "\n";
  }
  return table.note.empty() ? out : out + "\n" + markdown_cell(table.note) + "\n";
}

std::string to_csv(const Table& table) {
  std::vector<bool> remarks;
  for (std::size_t i = 0; i < table.columns.size(); ++i)
    remarks.push_back(std::any_of(table.rows.begin(), table.rows.end(),
                                  [&](const auto& row) { return !row[i].small.empty(); }));
  std::string out;
  const auto line = [&](const auto& cell, const auto& remark) {
    for (std::size_t i = 0; i < table.columns.size(); ++i) {
      out += (i ? "," : "") + csv_field(cell(i));
      if (remarks[i]) out += "," + csv_field(remark(i));
    }
    out += "\n";
  };
  line([&](std::size_t i) { return table.columns[i].title; },
       [&](std::size_t i) { return table.columns[i].title + ", remark"; });
  for (const auto& row : table.rows)
    line([&](std::size_t i) { return row[i].text; }, [&](std::size_t i) { return row[i].small; });
  return out;
}

void write_texts(const std::filesystem::path& folder, const Table& table) {
  put_file(folder / (table.file + ".md"), to_markdown(table));
  put_file(folder / (table.file + ".tex"), to_latex(table));
}

void write_table(const std::filesystem::path& folder, const Table& table) {
  put_file(folder / (table.file + ".csv"), to_csv(table));
  write_texts(folder, table);
}

}  // namespace theriac::report
