#include "report/escape.h"
#include "report/explorer.h"
#include "report/page.h"
#include "theriac/core/base64.h"

namespace theriac::report {

namespace {

constexpr std::size_t kLongTable = 60;  // rows; longer ones are folded

}  // namespace

std::string section(const std::string& id, const std::string& title, const std::string& body) {
  return "<section id=\"" + id + "\"><h2>" + markup(title) + "</h2>\n" + body + "</section>\n";
}

std::string table_section(const std::string& id, const Table& table, const std::string& file) {
  if (table.rows.empty()) return "";
  std::string note = prose(table.note);
  if (!file.empty()) note += " " + file;
  std::string rows = to_html(table);
  if (table.rows.size() > kLongTable)
    rows = "<details><summary>" + std::to_string(table.rows.size()) + " rows</summary>" + rows +
           "</details>\n";
  return section(id, table.title,
                 rows + (note.empty() ? "" : "<p class=\"caption\">" + note + "</p>\n"));
}

std::string download(const std::string& name, const std::string& bytes) {
  return "<a class=\"file\" download=\"" + name + "\" href=\"data:text/csv;charset=utf-8;base64," +
         core::to_base64(bytes) + "\">" + name + "</a>";
}

std::string figure_section(const Figure& figure) {
  const Drawing wide = figure.draw(Layout::kWide);
  return section(figure.name, wide.title,
                 "<div class=\"figure\">" + both(wide, figure.draw(Layout::kNarrow)) +
                     "<p class=\"caption\">" + prose(wide.description) + " " +
                     download(figure.name + ".csv", figure.csv) + "</p></div>\n");
}

std::string both(const Drawing& wide, const Drawing& narrow) {
  return "<div class=\"wide\">" + to_inline_svg(wide) + "</div><div class=\"narrow\">" +
         to_inline_svg(narrow) + "</div>\n";
}

std::string document(const std::string& title, const std::string& body, const std::string& data) {
  return "<!DOCTYPE html>\n<html lang=\"en\"><head><meta charset=\"utf-8\">\n"
         "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n"
         "<meta name=\"color-scheme\" content=\"light dark\">\n"
         "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src "
         "'unsafe-inline'; script-src 'unsafe-inline'; img-src data:\">\n"
         "<title>" +
         markup(title) +
         " · Theriac report</title>\n<link rel=\"icon\" "
         "href=\"data:,\">\n<style>" +
         kPageStyle + "</style></head>\n<body>\n" + body +
         "<div id=\"tip\" role=\"status\" aria-live=\"polite\" hidden></div>\n"
         "<script type=\"application/json\" id=\"data\">" +
         json_for_html(data) +
         "</script>\n"
         "<script>" +
         kPageScript + kExplorerScript + kPageScriptEnd + "</script>\n</body></html>\n";
}

}  // namespace theriac::report
