#pragma once

#include <filesystem>
#include <string>
#include <vector>

namespace theriac::cli {

// One checkpoint's folder and the stage that it lies in; the stage may be unknown.
struct Place {
  std::filesystem::path folder, stage;
  std::string run;  // for people: the stage's label where an experiment says it, else its id
  std::string name() const;  // "pretrain-5bd0e1aa94c2/epoch-0002", for messages
};

// What a command line names: checkpoints, stages, which stand for every epoch that they kept, and
// at most one experiment file. Each checkpoint once, in the order given; never none. `verb` is for
// the Error, which says what a path is not.
struct Named {
  std::vector<Place> checkpoints;
  std::string file;
};
Named sorted_out(const std::vector<std::string>& paths, const std::string& verb);

}  // namespace theriac::cli
