#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <opencv2/core/mat.hpp>
#include <string>
#include <vector>

#include "theriac/config/fields.h"
#include "theriac/data/image.h"

namespace theriac::data {

// What is known of a sample without opening its picture.
struct Row {
  std::string key;  // path, member name, or scene; unique unless an index repeats it
  std::string caption;
  std::int64_t label = -1;  // index into Source::classes(), or -1
  std::uint64_t bytes = 0;  // size of the encoded picture when known from the index; for the id
};

// A sample with its picture: encoded bytes as on disk, or pixels when the source draws them.
struct Sample {
  Row row;
  std::vector<std::uint8_t> encoded;
  cv::Mat pixels;        // RGB, see image.h; empty when `encoded` is used
  Bad bad = Bad::kNone;  // missing or unreadable file; decoding may find more
  std::string detail;
};

// Where samples come from. Immutable after construction; get() and row() may be called from many
// threads at once. get() never throws for a bad sample: it says so in Sample::bad.
class Source {
 public:
  virtual ~Source() = default;
  virtual std::int64_t size() const = 0;
  virtual Row row(std::int64_t index) const = 0;
  virtual Sample get(std::int64_t index) const = 0;
  // Class names in label order; empty when samples carry no labels.
  virtual const std::vector<std::string>& classes() const = 0;
  // Where a row stands, for messages: "train.csv:17" or "scene 17".
  virtual std::string where(std::int64_t index) const = 0;
  // What the pictures depend on beyond the rows (size, noise, drawing revision); for the data id.
  virtual std::string identity() const { return {}; }
  // Stands for the files that the rows are read from and how they are read: the same stamp, the
  // same rows. Empty when nothing stands for them.
  virtual std::string stamp() const { return {}; }
  // The row's index in the source it was taken from (`subset`); itself for all others.
  virtual std::int64_t origin(std::int64_t index) const { return index; }
};

// The pixels of a sample (decoded when needed).
Decoded pixels(const Sample& sample, int minimum_side = 0);

class SourceConfig;

// What a source may need from its surroundings when it is built.
struct SourceContext {
  // Another data section by name (`subset.of`); throws Error for an unknown name or a cycle.
  std::function<std::shared_ptr<const Source>(const std::string& name)> other;
  // Samples of `other(name)` that the poison plan changes, sorted (for `exclude: poisoned`).
  std::function<std::vector<std::int64_t>(const std::string& name)> poisoned;
  std::string section;   // own section's name: "train", "cleaning", ...
  int image_size = 224;  // side of the model's input; what `emoji` draws when size is not set
};

class SourceConfig : public config::Section {
 public:
  virtual std::shared_ptr<const Source> build(const SourceContext& context) const = 0;
};

config::Table<SourceConfig>& table();  // csv, webdataset, image_folder, ..., emoji, subset

// Identity of the data: SHA-256 over identity(), the classes and (key, caption, label, bytes) of
// all rows, first 16 digits. That of a large source with a stamp is kept in the cache folder, by
// the stamp.
std::string data_id(const Source& source);

}  // namespace theriac::data
