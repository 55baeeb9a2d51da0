#pragma once

#include <string>

#include "report/files.h"
#include "report/load.h"
#include "report/table.h"

namespace theriac::report {

// index.html: one file that needs nothing else, not even a network. `written`: time, for people.
std::string page(const Experiment& experiment, const std::string& written);
std::string report_command(const Experiment& experiment);  // that writes this report anew

// Parts of a page. `data`: JSON for the script.
std::string document(const std::string& title, const std::string& body, const std::string& data);
std::string section(const std::string& id, const std::string& title, const std::string& body);
std::string table_section(const std::string& id, const Table& table, const std::string& file = "");
std::string download(const std::string& name,
                     const std::string& bytes);  // link that holds the file

std::string figure_section(const Figure& figure);
std::string both(const Drawing& wide, const Drawing& narrow);  // the one that fits is shown

extern const char* const kPageStyle;
extern const char* const kPageScript;
extern const char* const kPageScriptEnd;

}  // namespace theriac::report
