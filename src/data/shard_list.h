#pragma once

#include <string>
#include <vector>

namespace theriac::data {

// "a{0..2}.{x,y}" -> a0.x, a0.y, a1.x, ...; "{08..11}" keeps its zeros. Braces that hold neither a
// range nor a comma stay.
std::vector<std::string> expand_braces(const std::string& pattern);

// The tar files that `path` stands for: one file; a folder, of which all .tar by name; a pattern
// with {000..331}, {a,b}, *, ? or [..]; a .txt file with one of these a line, relative to its own
// folder. Throws Error: nothing found, a file that is not there, a compressed one.
std::vector<std::string> list_shards(const std::string& path);

}  // namespace theriac::data
