#pragma once

#include <filesystem>
#include <memory>
#include <string>
#include <string_view>

#include "theriac/data/export.h"

namespace theriac::data {

// A sample ready to be written.
struct OutSample {
  Row row;
  std::string image;
  std::string suffix;  // "jpg", "png", ...
  BadRow bad{};        // `reason` is "" for a good one
};

// One layout of files in a folder.
class SampleWriter {
 public:
  virtual ~SampleWriter() = default;
  virtual void add(const OutSample& sample) = 0;
  virtual void finish() = 0;
  // The settings that read it again, without the place: "type: csv, ...".
  virtual std::string settings() const = 0;
};

std::unique_ptr<SampleWriter> csv_writer(const std::filesystem::path& folder,
                                         const ExportOptions& options, bool labelled);
std::unique_ptr<SampleWriter> shard_writer(const std::filesystem::path& folder,
                                           const ExportOptions& options, bool labelled);

// A new file that is written from front to end, not synced. Throws Error with Exit::kCannotWrite.
class OutFile {
 public:
  explicit OutFile(const std::filesystem::path& path);
  ~OutFile();
  OutFile(const OutFile&) = delete;
  OutFile& operator=(const OutFile&) = delete;
  void write(std::string_view bytes);
  void close();

 private:
  void flush();

  std::filesystem::path path_;
  std::string buffer_;
  int descriptor_;
};

}  // namespace theriac::data
