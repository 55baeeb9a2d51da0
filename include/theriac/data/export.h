#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <string>
#include <vector>

#include "theriac/data/check.h"
#include "theriac/data/source.h"

namespace theriac::data {

enum class ExportFormat { kCsv, kWebDataset };

struct ExportOptions {
  ExportFormat format = ExportFormat::kCsv;
  std::int64_t shard_size = 10'000;  // samples in a tar, or pictures in a folder; at least 1
  int threads = 1;
};

struct ExportResult {
  std::int64_t written = 0;
  std::vector<BadRow> left_out;  // in row order
  std::string source;            // what to write in an experiment file to read it
};

// Writes a source into the new folder `target`, which appears whole or not at all. Encoded pictures
// keep their bytes, drawn ones become PNG; the same source gives the same files.
//   csv         pairs.csv (image, caption, label), images/00000/000000000.jpg, ...
//   webdataset  00000.tar, ... with KEY.jpg, KEY.txt, KEY.json, KEY.cls; sizes.json
// and classes.txt when the source has classes; a label is written as a number. Samples that are
// broken before decoding are left out. Throws Error: the target exists, cannot write, no good
// sample; Interrupted.
ExportResult export_source(const Source& source, const std::filesystem::path& target,
                           const ExportOptions& options,
                           const std::function<void(std::int64_t done)>& progress);

}  // namespace theriac::data
