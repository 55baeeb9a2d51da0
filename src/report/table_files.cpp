#include <cctype>
#include <vector>

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

// "Chosen on test" becomes chosen_on_test.
std::string column_name(const std::string& title) {
  std::string name;
  for (const char c : title) {
    if (std::isalnum(static_cast<unsigned char>(c)))
      name += static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
    else if (!name.empty() && name.back() != '_')
      name += '_';
  }
  while (name.ends_with('_')) name.pop_back();
  return name;
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
  std::vector<std::vector<std::string>> names;
  for (const auto& column : table.columns)
    names.push_back(column.csv.empty() ? std::vector{column_name(column.title)} : column.csv);
  std::string out, separator;
  const auto add = [&](const std::string& field) {
    out += separator + csv_field(field);
    separator = ",";
  };
  const auto end = [&] {
    out += "\n";
    separator.clear();
  };
  for (const auto& column : names)
    for (const auto& name : column) add(name);
  for (const auto& [name, value] : table.about) add(name);
  end();
  for (const auto& row : table.rows) {
    for (std::size_t i = 0; i < names.size(); ++i)
      for (std::size_t k = 0; k < names[i].size(); ++k) {
        const bool own = row[i].fields.empty() && k == 0 && names[i].size() == 1;
        add(own ? row[i].text : k < row[i].fields.size() ? row[i].fields[k] : "");
      }
    for (const auto& [name, value] : table.about) add(value);
    end();
  }
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
