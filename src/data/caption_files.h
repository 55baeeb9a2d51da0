#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace theriac::data {

struct CaptionedPicture {
  std::string path;                   // "filepath/filename", or "file_name"
  std::vector<std::string> captions;  // in the file's order, trimmed
};

// The pictures and captions of a JSON file, in the order of its `images`.
struct CaptionFile {
  std::vector<CaptionedPicture> pictures;      // those with captions
  std::map<std::string, std::int64_t> splits;  // pictures of each; empty when the file has none
  std::int64_t without_captions = 0;           // pictures left out
};

struct CaptionFileOptions {
  std::function<bool(std::string_view split)> wanted;  // of files with splits
  std::size_t captions_per_image = 5;                  // the first so many of each picture
};

// Reads
//   {"images": [{"filename", "filepath", "split", "sentences": [{"raw"}]}]}      (Karpathy)
//   {"images": [{"id", "file_name"}], "annotations": [{"image_id", "caption"}]}  (COCO)
// event by event: only names and captions are in memory. `name` is the file's, for messages. Throws
// Error: not JSON, with the place; another shape; an annotation of a picture that is not listed.
CaptionFile read_caption_file(std::string_view json, const std::string& name,
                              const CaptionFileOptions& options);

}  // namespace theriac::data
