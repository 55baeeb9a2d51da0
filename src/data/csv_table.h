#pragma once

#include <cstdint>
#include <limits>
#include <string>
#include <string_view>
#include <vector>

namespace theriac::data {

struct CsvFormat {
  char delimiter = 0;  // 0: a tab when the header line has one, else a comma
  bool quoted = true;  // RFC 4180 quotes; false: a quote is an ordinary character
  std::int64_t limit = std::numeric_limits<std::int64_t>::max();  // rows
};

// The records of a comma- or tab-separated text, by their offsets: 12 bytes a row. A quoted field
// may hold delimiters, line ends and doubled quotes. A byte-order mark and blank lines are skipped;
// lines end with \n or \r\n. The text must outlive the table.
class CsvTable {
 public:
  // `name` starts the messages of Error: empty, UTF-16, a quote that is never closed.
  CsvTable(std::string_view text, std::string name, CsvFormat format);
  const std::vector<std::string>& header() const { return header_; }
  std::int64_t size() const { return static_cast<std::int64_t>(offsets_.size()); }
  // The line in the file where a row starts, from 1.
  std::int64_t line(std::int64_t row) const { return lines_[static_cast<std::size_t>(row)]; }
  // Replaces `fields` by those of a row.
  void read(std::int64_t row, std::vector<std::string>& fields) const;

 private:
  std::size_t end_of_record(std::size_t offset, std::int64_t& line) const;
  void parse(std::size_t offset, std::vector<std::string>& fields) const;

  std::string_view text_;
  std::string name_;
  CsvFormat format_;
  std::vector<std::string> header_;
  std::vector<std::uint64_t> offsets_;
  std::vector<std::uint32_t> lines_;
};

}  // namespace theriac::data
