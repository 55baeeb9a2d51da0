#pragma once

#include <string>
#include <vector>

#include "data/labelled_files.h"

namespace theriac::data {

inline constexpr std::int32_t kImageNetClasses = 1000;

// "n01440764": a letter n and eight digits.
bool is_wnid(std::string_view text);

// The 1,000 wnids in the order of the class numbers, which is the sorted one. `file` has one at the
// start of each line (LOC_synset_mapping.txt, synset_words.txt); when "", `seen` has to be all of
// them. Throws Error.
std::vector<std::string> imagenet_wnids(const std::string& file, std::vector<std::string> seen);

struct ImageNetFiles {
  std::string wnids;   // see above, or ""
  std::string devkit;  // the devkit's meta.mat, or ""
};

// The pictures of `root` that a file of labels speaks of. Its lines are
//   image,label        a table with a header, as labels.csv and LOC_val_solution.csv
//   image label        as Caffe's val.txt
//   label              for the pictures NAME_00000001.JPEG, NAME_00000002.JPEG, ... of `root`
// A label is a wnid, a class number from 0, or, with the devkit's meta.mat, a devkit number from 1.
std::vector<LabelledFile> read_imagenet_labels(const std::filesystem::path& root,
                                               const std::string& labels,
                                               const ImageNetFiles& more);

// The wnids of the devkit's numbers 1, 2, ..., 1000 from its meta.mat. Throws Error.
std::vector<std::string> read_devkit(const std::string& path);

}  // namespace theriac::data
