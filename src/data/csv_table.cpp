#include "data/csv_table.h"

#include <fmt/format.h>

#include <cstring>

#include "theriac/core/error.h"

namespace theriac::data {

CsvTable::CsvTable(std::string_view text, std::string name, CsvFormat format)
    : text_(text), name_(std::move(name)), format_(format) {
  if (text_.starts_with("\xff\xfe") || text_.starts_with("\xfe\xff"))
    throw Error(fmt::format("{}: is UTF-16; convert it to UTF-8", name_));
  std::size_t offset = text_.starts_with("\xef\xbb\xbf") ? 3 : 0;
  std::int64_t line = 1;
  const auto is_blank = [&](std::size_t at) {
    return text_[at] == '\n' ||
           (text_[at] == '\r' && at + 1 < text_.size() && text_[at + 1] == '\n');
  };
  while (offset < text_.size() && size() < format_.limit) {
    const std::size_t start = offset;
    const std::int64_t start_line = line;
    if (is_blank(start)) {
      offset = text_.find('\n', start) + 1;
      ++line;
      continue;
    }
    if (header_.empty() && format_.delimiter == 0)
      format_.delimiter =
          text_.substr(start, text_.find('\n', start) - start).find('\t') != std::string_view::npos
              ? '\t'
              : ',';
    offset = end_of_record(start, line);
    if (header_.empty()) {
      parse(start, header_);
    } else {
      offsets_.push_back(start);
      lines_.push_back(static_cast<std::uint32_t>(start_line));
    }
  }
  if (header_.empty()) throw Error(fmt::format("{}: is empty; a header line is needed", name_));
  offsets_.shrink_to_fit();
  lines_.shrink_to_fit();
}

// The offset after the record's line end; counts the lines on the way.
std::size_t CsvTable::end_of_record(std::size_t offset, std::int64_t& line) const {
  const char* const text = text_.data();
  const std::size_t size = text_.size();
  const auto* end = static_cast<const char*>(std::memchr(text + offset, '\n', size - offset));
  const std::size_t plain = end ? static_cast<std::size_t>(end - text) : size;
  if (!format_.quoted || !std::memchr(text + offset, '"', plain - offset)) {
    ++line;
    return plain + (end ? 1 : 0);
  }
  bool at_start = true;  // of a field
  for (std::size_t i = offset; i < size; ++i) {
    if (at_start && text[i] == '"') {
      const std::int64_t opened = line;
      for (++i;; ++i) {  // to the closing quote
        if (i >= size)
          throw Error(fmt::format(
              "{}:{}: a quote is opened here and never closed (`quoted: false` if quotes are "
              "ordinary characters in this file)",
              name_, opened));
        if (text[i] == '\n') ++line;
        if (text[i] != '"') continue;
        if (i + 1 >= size || text[i + 1] != '"') break;
        ++i;
      }
      at_start = false;
    } else if (text[i] == '\n') {
      ++line;
      return i + 1;
    } else {
      at_start = text[i] == format_.delimiter;
    }
  }
  ++line;
  return size;
}

void CsvTable::parse(std::size_t offset, std::vector<std::string>& fields) const {
  std::size_t count = 0;
  const auto next = [&]() -> std::string& {
    if (count == fields.size()) fields.emplace_back();
    fields[count].clear();
    return fields[count++];
  };
  std::string* field = &next();
  bool at_start = true;
  for (std::size_t i = offset; i < text_.size(); ++i) {
    const char c = text_[i];
    if (at_start && c == '"' && format_.quoted) {
      for (++i; i < text_.size(); ++i) {
        if (text_[i] == '"') {
          if (i + 1 >= text_.size() || text_[i + 1] != '"') break;
          ++i;
        }
        field->push_back(text_[i]);
      }
      at_start = false;
    } else if (c == format_.delimiter) {
      field = &next();
      at_start = true;
    } else if (c == '\n') {
      break;
    } else if (c == '\r' && (i + 1 == text_.size() || text_[i + 1] == '\n')) {
      at_start = false;
    } else {
      field->push_back(c);
      at_start = false;
    }
  }
  fields.resize(count);
}

void CsvTable::read(std::int64_t row, std::vector<std::string>& fields) const {
  parse(offsets_[static_cast<std::size_t>(row)], fields);
}

}  // namespace theriac::data
