#pragma once

#include <string>
#include <vector>

namespace theriac::report {

// One table for every form: page, terminal, Markdown, CSV and LaTeX show the same digits.
struct Entry {
  std::string text, small;  // small: interval or remark beside it
  int chip = -1;            // colour of a chip before the text, or -1
  enum class Mood { kPlain, kGood, kBad, kQuiet } mood = Mood::kPlain;
};

struct Column {
  std::string title;
  bool number = false;
  int dispensable = 0;  // a narrow terminal leaves out the highest first; 0 never
};

struct Table {
  std::string file, title, note;  // file: stem of its .csv and .tex
  std::vector<Column> columns;
  std::vector<std::vector<Entry>> rows;
};

std::string to_html(const Table& table);
std::string to_latex(const Table& table);     // booktabs
std::string to_markdown(const Table& table);  // GitHub's; note below
// A column with remarks is followed by one for them, "<title>, remark".
std::string to_csv(const Table& table);
std::string to_text(const Table& table, int width = 0);  // 0: unlimited

// Columns that a text takes on a terminal.
int columns_of(const std::string& text);
std::string cut(const std::string& text, int columns);

}  // namespace theriac::report
