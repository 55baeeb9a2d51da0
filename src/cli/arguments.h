#pragma once

#include <string>
#include <vector>

#include "cli/verb.h"

namespace CLI {
class App;
class ParseError;
}  // namespace CLI

namespace theriac::cli {

// Adds `verb` with its options and children to the parser. What the options hold is checked while
// it is read; values come through as they were given, also those in brackets.
void add_verb(CLI::App& parent, Verb& verb);

// As App::parse() takes them: the last one first.
std::vector<std::string> arguments(int argc, char** argv);

// What is wrong with the arguments, in the words of every other message: where, what was received,
// the nearest name, and what to do.
std::string explain(const CLI::App& app, const CLI::ParseError& error);

}  // namespace theriac::cli
