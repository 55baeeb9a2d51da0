#pragma once

#include <filesystem>
#include <functional>
#include <string>
#include <vector>

#include "report/drawing.h"
#include "report/table.h"

namespace theriac::report {

// A figure with the numbers that it shows.
struct Figure {
  std::string name;  // stem of its files
  std::function<Drawing(Layout)> draw;
  std::string csv;
};

// Makes the folder where needed. What is derived needs no fsync. Error with Exit::kCannotWrite says
// path and reason.
void put_file(const std::filesystem::path& path, const std::string& bytes);
void put_file(const std::filesystem::path& path, const std::function<void(std::ostream&)>& write);

std::string file_stem(const std::string& text);  // letters, digits, '-' and '_'

// NAME.svg, NAME.png, NAME.pdf, NAME.csv of each figure, and README.md: what each shows and the
// command that draws them all. Warns once when PNG cannot be written for lack of a font.
void write_figures(const std::filesystem::path& folder, const std::vector<Figure>& figures,
                   const std::string& command);
// The same for figures that are made one after the other, since large ones take memory. They are
// made on several threads.
void write_figures(const std::filesystem::path& folder,
                   const std::vector<std::function<Figure()>>& figures, const std::string& command);

// TABLE.csv, TABLE.md and TABLE.tex, with the same digits; write_texts leaves out the CSV, for
// tables that have one with all digits.
void write_texts(const std::filesystem::path& folder, const Table& table);
void write_table(const std::filesystem::path& folder, const Table& table);

}  // namespace theriac::report
