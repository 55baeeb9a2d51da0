#pragma once

#include <filesystem>
#include <memory>
#include <string>

#include "theriac/checkpoint/checkpoint.h"
#include "theriac/model/clip.h"
#include "theriac/text/tokenizer.h"

namespace theriac::cli {

// A checkpoint ready for use, with nothing but its folder.
struct CheckpointModel {
  std::shared_ptr<model::Clip> model;
  std::shared_ptr<const text::Tokenizer> tokenizer;
  checkpoint::Loaded loaded;
};

// `path`: a checkpoint's folder, or a stage's folder (its newest checkpoint). Error says what it is
// not.
std::filesystem::path checkpoint_folder(const std::string& path);
CheckpointModel load_model(const std::string& path);

}  // namespace theriac::cli
