#pragma once

#include <string>
#include <utility>
#include <vector>

namespace theriac::report {

// One table for every form: page, terminal, Markdown, CSV and LaTeX show the same digits.
struct Entry {
  std::string text, small;  // small: interval or remark beside it
  int chip = -1;            // colour of a chip before the text, or -1
  enum class Mood { kPlain, kGood, kBad, kQuiet } mood = Mood::kPlain;
  // What the CSV has instead, one for each of the column's; what is left out is empty. None: the
  // text. Made from the same numbers by entries.h.
  std::vector<std::string> fields = {};
};

struct Column {
  std::string title;
  bool number = false;
  int dispensable = 0;                // a narrow terminal leaves out the highest first; 0 never
  std::vector<std::string> csv = {};  // its columns in the CSV; none: one, named after the title
};

struct Table {
  std::string file, title, note;  // file: stem of its .csv and .tex
  std::vector<Column> columns;
  std::vector<std::vector<Entry>> rows;
  // Columns that only the CSV has, with the same text in all rows: the data that it is about.
  std::vector<std::pair<std::string, std::string>> about = {};
};

std::string to_html(const Table& table);
std::string to_latex(const Table& table);     // booktabs; note below
std::string to_markdown(const Table& table);  // GitHub's; note below
// One number or text in a column, named in lower case: "accuracy", "accuracy_low"; empty where
// there is none.
std::string to_csv(const Table& table);
std::string to_text(const Table& table, int width = 0);  // 0: unlimited

// Columns that a text takes on a terminal.
int columns_of(const std::string& text);
std::string cut(const std::string& text, int columns);

}  // namespace theriac::report
