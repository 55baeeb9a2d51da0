#pragma once

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

// `path`: a checkpoint's folder, or a stage's folder (its newest checkpoint).
CheckpointModel load_model(const std::string& path);

}  // namespace theriac::cli
